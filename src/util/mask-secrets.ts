/** Whether a variable or option of this name holds a secret. */
export const isSecretName = (name: string): boolean =>
  /(?:pass|password|passwd|passphrase|secret|token)$/i.test(name) && name !== "update_password";

/** `name=value` of a host line: a word, parts of it quoted. */
const word = /(?<![\w-])([\w-]+)(=)((?:"[^"]*"?|'[^']*'?|[^\s"'])+)/g;
/** `name: value` or `name = value`: up to the end of the line or of the entry. */
const entry = /(?<![\w-])([\w-]+)(\s+=\s*|["']?\s*:\s+|["']\s*:\s*)("[^"]*"?|'[^']*'?|[^,}]+)/g;

/** Covers the values of secrets in a line of a file with as many stars; a template shows nothing and stays. */
export const maskSecrets = (line: string): string => {
  const mask = (whole: string, name: string, between: string, value: string): string =>
    isSecretName(name) && !value.includes("{{") ? name + between + "*".repeat(value.length) : whole;
  return line.replaceAll(word, mask).replaceAll(entry, mask);
};
