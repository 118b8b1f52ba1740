import { SyntaxProblem } from "./problem.ts";

/** What Python's literals mean by a backslash and one character, in texts and in bytes alike. */
export const simpleEscapes: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const escape = /\\(x[\da-f]{0,2}|u[\da-f]{0,4}|U[\da-f]{0,8}|[0-7]{1,3}|N\{[^}]*\}|[^])/gi;

/**
 * The text of a string literal without its quotes, its escapes read as Python reads them: an unknown escape keeps
 * its backslash, so that `'\d+'` is a regular expression.
 *
 * @throws SyntaxProblem for an incomplete `\x`, `\u` or `\U`
 */
export const decodeString = (raw: string, offset: number): string => {
  if (!raw.includes("\\")) return raw;
  return raw.replace(escape, (whole: string, body: string, at: number) => decodeEscape(whole, body, offset + at));
};

const hexLengths: Readonly<Record<string, number>> = { x: 3, u: 5, U: 9 };

const decodeEscape = (whole: string, body: string, at: number): string => {
  const first = body.charAt(0);
  const known = body.length === 1 ? simpleEscapes[body] : undefined;
  if (known !== undefined) return known;
  if (/^[0-7]/.test(body)) return String.fromCodePoint(Number.parseInt(body, 8));
  const length = hexLengths[first];
  if (length === undefined) {
    if (first === "N" && body.length > 1) throw new SyntaxProblem("named characters (\\N{…}) are not supported", at, 2);
    // The pattern ignores case: `\X41` is no escape in Python.
    return whole;
  }
  const code = Number.parseInt(body.slice(1), 16);
  if (body.length !== length || code > 0x10ffff) throw new SyntaxProblem(`incomplete escape "${whole}"`, at, 2);
  return String.fromCodePoint(code);
};
