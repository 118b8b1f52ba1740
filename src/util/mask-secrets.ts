import { secretForms } from "./known-secrets.ts";

/** Whether a variable or option of this name holds a secret. */
export const isSecretName = (name: string): boolean =>
  /(?:pass|password|passwd|passphrase|secret|token|(?:api|access|secret)_?key)$/i.test(name) &&
  name !== "update_password";

/** `name=value` of a host line: a word, parts of it quoted. */
const word = /(?<![\w-])([\w-]+)(=)((?:"[^"]*"?|'[^']*'?|[^\s"'])+)/g;
/** `name: value` or `name = value`: up to the end of the line or of the entry. */
const entry = /(?<![\w-])([\w-]+)(\s+=\s*|["']?\s*:\s+|["']\s*:\s*)("[^"]*"?|'[^']*'?|[^,}]+)/g;

/** Covers secrets, and the values of what is named as one, in a line of a file with as many stars; a template shows nothing and stays. */
export const maskSecrets = (line: string): string => {
  const mask = (whole: string, name: string, between: string, value: string): string =>
    isSecretName(name) && !value.includes("{{") ? name + between + "*".repeat(value.length) : whole;
  const covered = secretForms.reduce(
    (text, { pattern }) =>
      text.replaceAll(new RegExp(pattern, `g${pattern.flags}`), (found) => "*".repeat(found.length)),
    line,
  );
  return covered.replaceAll(word, mask).replaceAll(entry, mask);
};
