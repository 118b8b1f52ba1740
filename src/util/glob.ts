import { BoundedRegExp } from "./bounded-reg-exp.ts";

/** A shell wildcard pattern as a regular expression, as Python's `fnmatch` reads it: `*`, `?`, `[seq]`, `[!seq]`. */
export const globToRegExp = (glob: string): RegExp => {
  let source = "";
  for (let at = 0; at < glob.length; at++) {
    const char = glob.charAt(at);
    const close = char === "[" ? classEnd(glob, at) : -1;
    // Two stars are one, and would try each place twice.
    if (char === "*") source += source.endsWith(".*") ? "" : ".*";
    else if (char === "?") source += ".";
    else if (close !== -1) {
      source += characterClass(glob.slice(at + 1, close));
      at = close;
    } else source += char.replace(/[\\^$.*+?()[\]{}|/]/, String.raw`\$&`);
  }
  // A class with its ends the wrong way round (`[z-a]`) matches nothing in fnmatch, and is an error here.
  try {
    return new BoundedRegExp(`^${source}$`, "su");
  } catch {
    return /(?!)/;
  }
};

/** Where the class that begins here ends; a `]` right after the beginning belongs to the class. */
const classEnd = (glob: string, open: number): number => {
  const first = glob[open + 1] === "!" ? open + 2 : open + 1;
  return glob.indexOf("]", first + 1);
};

const characterClass = (inner: string): string => {
  const negated = inner.startsWith("!");
  const chars = (negated ? inner.slice(1) : inner).replaceAll(/[\\^[\]]/g, String.raw`\$&`);
  return `[${negated ? "^" : ""}${chars}]`;
};
