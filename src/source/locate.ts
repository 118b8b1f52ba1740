import type { Span } from "./source-file.ts";

/**
 * The place of a stretch of a scalar's value in the file that holds it.
 *
 * @param span the scalar, quotes or block header included
 * @param value the scalar's text after YAML took away quotes, escapes and indentation
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
  return /^[|>]/.test(raw) ? locateInBlock(span, raw, value, start, end) : span;
};

/** A block scalar: the line of the value is looked for among the file's lines, whose indentation YAML took away. */
const locateInBlock = (span: Span, raw: string, value: string, start: number, end: number): Span => {
  const lineStart = value.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = value.indexOf("\n", start);
  const line = value.slice(lineStart, lineEnd === -1 ? value.length : lineEnd);
  const before = value.slice(0, lineStart).split("\n").length;
  let at = raw.indexOf("\n") + 1;
  for (let count = 1; count < before && at > 0; count++) at = raw.indexOf("\n", at) + 1;
  const found = raw.indexOf(line, at);
  if (line === "" || found === -1) return span;
  const from = span.start + found + (start - lineStart);
  return { file: span.file, start: from, end: from + Math.max(1, Math.min(end, lineStart + line.length) - start) };
};
