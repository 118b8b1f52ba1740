import { splitLines } from "../python/split-lines.ts";
import { textLength, characters } from "../python/text.ts";

/** How a text is wrapped. */
export interface Wrapping {
  readonly width: number;
  readonly breakLongWords: boolean;
  readonly breakOnHyphens: boolean;
  readonly separator: string;
}

/** Wraps each line of a text as Python's `textwrap` does, blanks at the ends of lines dropped. */
export const wrapText = (value: string, wrapping: Wrapping): string =>
  splitLines(value, false)
    .map((line) => wrapLine(line, wrapping).join(wrapping.separator))
    .join(wrapping.separator);

const wrapLine = (line: string, { width, breakLongWords, breakOnHyphens }: Wrapping): string[] => {
  const pattern = breakOnHyphens
    ? /\s+|[^\s-]*[\p{L}\d]-(?=[\p{L}])|\S+?(?=\s|$|(?<=[\p{L}]-)(?=\p{L}))/gu
    : /\s+|\S+/g;
  const lines: string[] = [];
  let current = "";
  let length = 0;
  for (const chunk of line.match(pattern) ?? []) {
    let rest = chunk;
    if (length + textLength(rest) > width) {
      if (current.trim() !== "") {
        lines.push(current.trimEnd());
        current = "";
        length = 0;
      }
      if (rest.trim() === "") continue;
      if (breakLongWords && textLength(rest) > width) {
        const units = characters(rest);
        let at = 0;
        for (; units.length - at > width; at += width) lines.push(units.slice(at, at + width).join(""));
        rest = units.slice(at).join("");
      }
    }
    current += rest;
    length += textLength(rest);
  }
  if (current.trim() !== "") lines.push(current.trimEnd());
  return lines;
};
