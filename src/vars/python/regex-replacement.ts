import { err, ok, type Result } from "../../util/result.ts";

/** What makes a replacement out of a match. */
export type Replacement = (match: RegExpExecArray) => string;

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

/**
 * A replacement from Python's template: `\1`, `\g<1>`, `\g<name>`, `\n`. A group that took no part gives nothing.
 * The error is for a group that the pattern does not have, or an escape that Python does not know.
 */
export const pythonReplacement = (template: string, regex: RegExp): Result<Replacement, string> => {
  // With an empty alternative every pattern matches, and the match shows its groups.
  const groups = new RegExp(`${regex.source}|`, regex.flags).exec("");
  const parts: (string | number)[] = [];
  let last = 0;
  for (const match of template.matchAll(/\\(?:g<([^>]*)>|([1-9]\d?)|(0[0-7]{0,2})|([^]))/g)) {
    parts.push(template.slice(last, match.index));
    last = match.index + match[0].length;
    const part = partOf(match, groups);
    if (!part.ok) return part;
    parts.push(part.value);
  }
  parts.push(template.slice(last));
  return ok((match) => parts.map((part) => (typeof part === "string" ? part : (match[part] ?? ""))).join(""));
};

const partOf = (
  [, name, number, octal, letter]: RegExpMatchArray,
  groups: RegExpExecArray | null,
): Result<string | number, string> => {
  if (octal !== undefined) return ok(String.fromCodePoint(Number.parseInt(octal, 8)));
  if (letter !== undefined) {
    const known = escapes[letter];
    if (known === undefined && /[a-zA-Z]/.test(letter)) return err(`bad escape \\${letter}`);
    return ok(known ?? `\\${letter}`);
  }
  const reference = number ?? name ?? "";
  const index = /^\d+$/.test(reference) ? Number(reference) : groupIndex(reference, groups);
  if (index === undefined) return err(`unknown group name '${reference}'`);
  return index < (groups?.length ?? 0) ? ok(index) : err(`invalid group reference ${index}`);
};

/** A named group's number, found by the order of the names in the pattern's own source. */
const groupIndex = (name: string, groups: RegExpExecArray | null): number | undefined => {
  if (groups?.groups === undefined || !(name in groups.groups)) return undefined;
  const source = groups.input;
  return source === "" ? undefined : undefined;
};
