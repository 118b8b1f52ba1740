import { err, ok, type Result } from "../util/result.ts";

/** A word of a line: its text without quotes, and where it stands as written. */
interface ShellWord {
  readonly text: string;
  /** Offsets in the line. */
  readonly start: number;
  readonly end: number;
}

/** The words of a line, and where a comment begins that was glued to a word (`pass=a#b` holds only `a`). */
export interface ShellWords {
  readonly words: readonly ShellWord[];
  readonly gluedComment: number | undefined;
}

/**
 * Splits a line into words as Python's `shlex.split(comments=True)` does, which Ansible uses for host lines: quotes of
 * both kinds, a backslash outside them and before `"` and `\` in double ones, and `#` begins a comment anywhere
 * outside of quotes, in the middle of a word too. Without `comments` a `#` is a character like others.
 */
export const splitShellWords = (
  line: string,
  comments = true,
): Result<ShellWords, { readonly message: string; readonly at: number }> => {
  const words: ShellWord[] = [];
  let at = 0;
  let gluedComment: number | undefined;
  while (at < line.length) {
    const char = line.charAt(at);
    if (comments && char === "#") break;
    if (isBlank(char)) {
      at++;
      continue;
    }
    const word = readWord(line, at, comments);
    if (!word.ok) return word;
    words.push(word.value);
    at = word.value.end;
    if (comments && line[at] === "#") gluedComment = at;
  }
  return ok({ words, gluedComment });
};

const isBlank = (char: string): boolean => char === " " || char === "\t" || char === "\r" || char === "\n";

/** Characters that stand for themselves. */
const plainRun = /[^ \t\r\n'"\\#]+/y;

const readWord = (
  line: string,
  start: number,
  comments: boolean,
): Result<ShellWord, { message: string; at: number }> => {
  let text = "";
  let at = start;
  while (at < line.length) {
    plainRun.lastIndex = at;
    const run = plainRun.exec(line)?.[0] ?? "";
    text += run;
    at += run.length;
    if (at >= line.length) break;
    const char = line.charAt(at);
    if ((comments && char === "#") || isBlank(char)) break;
    if (char === "'" || char === '"') {
      const quoted = readQuoted(line, at);
      if (quoted === undefined) return err({ message: `the ${char} has no closing ${char}`, at });
      text += quoted.text;
      at = quoted.end;
    } else if (char === "\\") {
      if (at + 1 >= line.length) return err({ message: "the backslash has nothing after it", at });
      text += line.charAt(at + 1);
      at += 2;
    } else {
      text += char;
      at++;
    }
  }
  return ok({ text, start, end: at });
};

const readQuoted = (line: string, start: number): { text: string; end: number } | undefined => {
  const quote = line.charAt(start);
  let text = "";
  for (let at = start + 1; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === quote) return { text, end: at + 1 };
    const next = line[at + 1];
    if (quote === '"' && char === "\\" && (next === '"' || next === "\\")) {
      text += next;
      at++;
    } else text += char;
  }
  return undefined;
};
