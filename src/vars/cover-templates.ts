import { attempt } from "./syntax/parsed.ts";
import { lexExpression } from "./syntax/lex.ts";

/** A text with its templates covered: of the same length, so that offsets mean the same in both. */
export interface Covered {
  readonly text: string;
  /** The stretches that an expression prints into. */
  readonly outputs: readonly { readonly start: number; readonly end: number }[];
}

/**
 * Covers each `{{ … }}` with letters and each comment with blanks. Undefined where statements stand in it, which may make up
 * any text, and where it does not parse.
 */
export const coverTemplates = (source: string): Covered | undefined => {
  const outputs: { start: number; end: number }[] = [];
  let text = "";
  let at = 0;
  for (;;) {
    const found = /\{[{%#]/.exec(source.slice(at));
    if (found === null) return { text: text + source.slice(at), outputs };
    const start = at + found.index;
    const end =
      found[0] === "{{" ? outputEnd(source, start) : found[0] === "{#" ? commentEnd(source, start) : undefined;
    if (end === undefined) return undefined;
    if (found[0] === "{{") outputs.push({ start, end });
    text += source.slice(at, start) + (found[0] === "{{" ? "x" : " ").repeat(end - start);
    at = end;
  }
};

const outputEnd = (source: string, start: number): number | undefined => {
  const from = source.charAt(start + 2) === "-" ? start + 3 : start + 2;
  const lexed = attempt(() => lexExpression(source, from, { close: ["-}}", "}}"], literalBackslashes: true }));
  if (!lexed.ok) return undefined;
  return lexed.value.end + (source.startsWith("-", lexed.value.end) ? 3 : 2);
};

const commentEnd = (source: string, start: number): number | undefined => {
  const end = source.indexOf("#}", start + 2);
  return end === -1 ? undefined : end + 2;
};
