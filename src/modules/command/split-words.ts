import { err, ok, type Result } from "../../util/result.ts";

/** Splits a text into words as a POSIX shell would without expanding anything (Python's `shlex.split`). */
export const splitWords = (text: string): Result<readonly string[], string> => {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === quote) quote = "";
    else if (char === "\\" && escapes(quote, text.charAt(at + 1))) {
      if (at + 1 === text.length) return err("No escaped character");
      word = (word ?? "") + text.charAt(++at);
    } else if (quote === "" && (char === '"' || char === "'")) {
      quote = char;
      word ??= "";
    } else if (quote === "" && /[ \t\r\n]/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
  }
  if (quote !== "") return err("No closing quotation");
  return ok(word === undefined ? words : [...words, word]);
};

/** A backslash escapes everything outside quotes, nothing in single ones, and in double ones only itself and the quote. */
const escapes = (quote: string, next: string): boolean =>
  quote === "" || (quote === '"' && (next === '"' || next === "\\"));

/** Joins words to a text that a shell would split into the same words (Python's `shlex.join`). */
export const quoteWords = (words: readonly string[]): string =>
  words.map((word) => (/^[A-Za-z0-9@%_\-+=:,./]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`)).join(" ");
