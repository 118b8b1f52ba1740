import type { Span } from "./source-file.ts";

/**
 * The place of a stretch of a scalar's value in the file that holds it.
 *
 * @param span the scalar, quotes or block header included
 * @param value the scalar's text after YAML took away quotes, escapes and indentation, or a part of it
 * @param start first offset in `value`
 * @param end offset after the last in `value`
 * @returns the exact place where it can be told, else the whole scalar
 */
export const locateInScalar = (span: Span, value: string, start: number, end: number): Span => {
  const raw = span.file.text.slice(span.start, span.end);
  const at = raw.indexOf(value.trimEnd());
  if (value !== "" && at !== -1) {
    return { file: span.file, start: span.start + at + start, end: span.start + at + end };
  }
  return locateByMarks(span, raw, value, start, end);
};

/** A character that is no white space, as the value has it, and the stretch of the source that stands for it. */
interface Mark {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * YAML folds, indents and escapes white space, and leaves everything else in its order: so the same characters are counted
 * in both.
 */
const locateByMarks = (span: Span, raw: string, value: string, start: number, end: number): Span => {
  const marks = marksOf(raw);
  const dense = value.replaceAll(/\s/g, "");
  const first = marks
    .map(({ text }) => text)
    .join("")
    .indexOf(dense);
  if (dense === "" || first === -1) return span;
  const before = first + value.slice(0, start).replaceAll(/\s/g, "").length;
  const inside = value.slice(start, end).replaceAll(/\s/g, "").length;
  const last = marks[before + Math.max(1, inside) - 1];
  const from = /\s/.test(value.charAt(start)) ? marks[before - 1]?.end : marks[before]?.start;
  // At the end of the value there is nothing to point at but the end.
  if (from === undefined || last === undefined) return span;
  return { file: span.file, start: span.start + from, end: span.start + Math.max(from + 1, last.end) };
};

const marksOf = (raw: string): readonly Mark[] => {
  const body = /^[|>].*\n/.exec(raw)?.[0].length ?? 0;
  const quote = /^["']/.exec(raw)?.[0] ?? "";
  const pattern = quote === '"' ? doubleQuoted : quote === "'" ? singleQuoted : bare;
  const inside = quote === "" ? raw : raw.slice(0, -1);
  const marks: Mark[] = [];
  pattern.lastIndex = body + quote.length;
  for (let match = pattern.exec(inside); match !== null; match = pattern.exec(inside)) {
    const text = quote === '"' ? unescaped(match[0]) : match[0].charAt(0);
    // One character beyond the first plane is two units, here as in the value.
    for (const unit of text.split("")) {
      if (!/\s/.test(unit)) marks.push({ text: unit, start: match.index, end: match.index + match[0].length });
    }
  }
  return marks;
};

const bare = /\S/g;
const singleQuoted = /''|\S/g;
const doubleQuoted = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])|\S/g;

/** The character that an escape of a double-quoted scalar stands for (YAML 1.2, 5.7); blank where it is of no width. */
const unescaped = (text: string): string => {
  if (!text.startsWith("\\")) return text;
  const code = /^\\[xuU](.+)$/.exec(text)?.[1];
  if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10_ffff));
  const letter = text.charAt(1);
  if (/[\s_NLPntvfr]/.test(letter)) return " ";
  return controls.get(letter) ?? letter;
};

const controls = new Map([
  ["0", "\0"],
  ["a", "\u0007"],
  ["b", "\b"],
  ["e", "\u001B"],
]);
