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
  const places = visiblePlaces(raw, value);
  const first = places?.get(start);
  if (first === undefined) return span;
  const last = places?.get(Math.max(start, lastVisible(value, start, end)));
  return { file: span.file, start: span.start + first, end: span.start + (last ?? first) + 1 };
};

const isBlank = (character: string): boolean => /\s/.test(character);

/** The offset of the last character of a stretch that is no blank. */
const lastVisible = (value: string, start: number, end: number): number => {
  let at = Math.min(end, value.length) - 1;
  while (at > start && isBlank(value.charAt(at))) at -= 1;
  return at;
};

/**
 * Where in the source each character of the value stands that is no blank: indentation, folded lines and escapes change
 * the blanks between them and nothing else. Undefined where the two are not the same text.
 */
const visiblePlaces = (raw: string, value: string): ReadonlyMap<number, number> | undefined => {
  const places = new Map<number, number>();
  let at = 0;
  const next = (): number => {
    while (at < value.length && isBlank(value.charAt(at))) at += 1;
    return at;
  };
  for (const { text, offset } of charactersOf(raw)) {
    if (isBlank(text)) continue;
    if (next() >= value.length || value.charAt(at) !== text) return undefined;
    places.set(at, offset);
    at += 1;
  }
  return next() >= value.length ? places : undefined;
};

interface Character {
  readonly text: string;
  readonly offset: number;
}

/** The characters that a scalar's source stands for, one by one: without quotes, header and the marks of escapes. */
const charactersOf = (raw: string): readonly Character[] => {
  const quote = /^["']/.exec(raw)?.[0];
  const from = /^[|>]/.test(raw) ? raw.indexOf("\n") + 1 : quote === undefined ? 0 : 1;
  const to = quote === undefined ? raw.length : raw.length - 1;
  const found: Character[] = [];
  for (let offset = from; offset < to; offset++) {
    const text = raw.charAt(offset);
    const escape =
      quote === '"' && text === "\\" ? /^\\(?:x..|u.{4}|U.{8}|[^])/.exec(raw.slice(offset, to))?.[0] : undefined;
    if (escape !== undefined) {
      found.push({ text: unescaped(escape), offset });
      offset += escape.length - 1;
      continue;
    }
    found.push({ text, offset });
    if (quote === "'" && text === "'") offset += 1;
  }
  return found;
};

/** What the escapes of YAML's double quotes mean that stand for something visible; all others are blanks here. */
const unescaped = (escape: string): string => {
  const letter = escape.charAt(1);
  if (/[xuU]/.test(letter)) return String.fromCodePoint(Number.parseInt(escape.slice(2), 16) || 32);
  return /["\\/]/.test(letter) ? letter : " ";
};
