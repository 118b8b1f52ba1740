const escapes: Readonly<Record<string, string>> = {
  "\\": "\\",
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const reference = /\\(?:g<([^>]*)>|([1-9]\d?)|(0[0-7]{0,2})|([^]))/g;

/**
 * The function that makes a replacement out of a match, from Python's template: `\1`, `\g<1>`, `\g<name>`, `\n`. A group
 * that took no part gives nothing.
 */
export const pythonReplacement = (template: string): ((match: RegExpMatchArray) => string) => {
  const parts: ((match: RegExpMatchArray) => string)[] = [];
  let last = 0;
  for (const found of template.matchAll(reference)) {
    const before = template.slice(last, found.index);
    last = found.index + found[0].length;
    const part = partOf(found);
    parts.push((match) => before + part(match));
  }
  const rest = template.slice(last);
  return (match) => parts.map((part) => part(match)).join("") + rest;
};

const partOf = ([, name, number, octal, letter]: RegExpMatchArray): ((match: RegExpMatchArray) => string) => {
  if (octal !== undefined) return () => String.fromCodePoint(Number.parseInt(octal, 8));
  if (letter !== undefined) return () => escapes[letter] ?? `\\${letter}`;
  const group = number ?? name ?? "";
  return (match) => (/^\d+$/.test(group) ? match[Number(group)] : match.groups?.[group]) ?? "";
};

/** What Python says of a template that refers to a group the pattern lacks, or has an escape it does not know. */
export const replacementProblem = (template: string, regex: RegExp): string | undefined => {
  // With an empty alternative every pattern matches, and the match shows its groups.
  const groups = new RegExp(`${regex.source}|`, regex.flags).exec("");
  for (const [, name, number, , letter] of template.matchAll(reference)) {
    if (letter !== undefined && escapes[letter] === undefined && /[a-zA-Z]/.test(letter))
      return `bad escape \\${letter}`;
    const group = number ?? name;
    if (group === undefined) continue;
    if (/^\d+$/.test(group)) {
      if (Number(group) >= (groups?.length ?? 0)) return `invalid group reference ${group}`;
    } else if (groups?.groups === undefined || !(group in groups.groups)) return `unknown group name '${group}'`;
  }
  return undefined;
};
