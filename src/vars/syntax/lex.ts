import { decodeString } from "./string-escapes.ts";
import { SyntaxProblem } from "./problem.ts";

/** A token of an expression, with its place in the template's source. */
export interface LexToken {
  readonly kind: "name" | "string" | "integer" | "float" | "operator";
  /** The name or operator as written; the decoded text of a string; the digits of a number. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The tokens of one expression and the offset at which its closing delimiter (or the source's end) stands. */
export interface Lexed {
  readonly tokens: readonly LexToken[];
  readonly end: number;
}

// The lexical grammar of Jinja 3.1 ("Template Designer Documentation", literals and operators).
const patterns = {
  float: /(?:[0-9]+_)*[0-9]+(?:(?:\.(?:[0-9]+_)*[0-9]+)?e[+-]?(?:[0-9]+_)*[0-9]+|\.(?:[0-9]+_)*[0-9]+)/iy,
  integer: /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy,
  name: /[\p{L}_][\p{L}\p{N}_]*/uy,
  string: /'[^'\\]*(?:\\[^][^'\\]*)*'|"[^"\\]*(?:\\[^][^"\\]*)*"/y,
  literalString: /'[^']*'|"[^"]*"/y,
  operator: /\*\*|\/\/|==|!=|<=|>=|[-+/*%~[\](){}<>=.:|,]/y,
  space: /\s+/y,
};

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "{{": "}}" };

/** How an expression is read. */
export interface Reading {
  /** The delimiters that end it; without them it goes to the end of the source. */
  readonly close?: readonly string[];
  /** A backslash in a string stands for itself, as Ansible has it between `{{` and `}}` of a playbook's values. */
  readonly literalBackslashes?: boolean;
  /** `{{` and `}}` are a kind of brackets, as people write them in conditions. */
  readonly braces?: boolean;
}

/**
 * Reads an expression from `start` up to a closing delimiter outside of brackets and strings (`"}}"`, `"%}"`), or to
 * the end of the source where no delimiters are given.
 *
 * @throws SyntaxProblem
 */
export const lexExpression = (source: string, start: number, reading: Reading = {}): Lexed => {
  const { close, literalBackslashes = false, braces = false } = reading;
  const tokens: LexToken[] = [];
  const open: LexToken[] = [];
  let at = start;
  while (at < source.length) {
    at += matchAt(patterns.space, source, at).length;
    if (at >= source.length) break;
    const closing = open.length === 0 ? close?.find((delimiter) => source.startsWith(delimiter, at)) : undefined;
    if (closing !== undefined) return { tokens, end: at };
    const token =
      (braces ? doubleBrace(source, at, open.at(-1)) : undefined) ??
      nextToken(source, at, { afterDot: endsInDot(tokens.at(-1), at), literalBackslashes });
    trackBrackets(open, token);
    tokens.push(token);
    at = token.end;
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw new SyntaxProblem(`"${unclosed.text}" is never closed`, unclosed.start);
  if (close !== undefined) {
    throw new SyntaxProblem(`the template ends before "${close.at(-1) ?? ""}"`, source.length, 0);
  }
  return { tokens, end: source.length };
};

/** `{{` opens nothing else in an expression, but `}}` may end two mappings. */
const doubleBrace = (source: string, at: number, opener: LexToken | undefined): LexToken | undefined => {
  if (source.startsWith("{%", at)) throw new SyntaxProblem("a statement cannot stand in an expression", at, 2);
  const text = source.slice(at, at + 2);
  if (text !== "{{" && (text !== "}}" || opener?.text !== "{{")) return undefined;
  return { kind: "operator", text, start: at, end: at + 2 };
};

const trackBrackets = (open: LexToken[], token: LexToken): void => {
  if (token.kind !== "operator") return;
  if (closers[token.text] !== undefined) open.push(token);
  if (!Object.values(closers).includes(token.text)) return;
  const opener = open.pop();
  if (opener === undefined) throw new SyntaxProblem(`unexpected "${token.text}"`, token.start);
  const expected = closers[opener.text] ?? "";
  if (expected !== token.text) {
    throw new SyntaxProblem(`unexpected "${token.text}": "${expected}" is missing`, token.start);
  }
};

/** After a dot a number is an index (`a.0.1`), never a float. */
const endsInDot = (previous: LexToken | undefined, at: number): boolean =>
  previous?.kind === "operator" && previous.text === "." && previous.end === at;

const nextToken = (
  source: string,
  at: number,
  { afterDot, literalBackslashes }: { readonly afterDot: boolean; readonly literalBackslashes: boolean },
): LexToken => {
  const make = (kind: LexToken["kind"], raw: string, text = raw): LexToken => ({
    kind,
    text,
    start: at,
    end: at + raw.length,
  });
  const float = afterDot ? "" : matchAt(patterns.float, source, at);
  if (float !== "") return make("float", float, float.replaceAll("_", ""));
  const integer = matchAt(patterns.integer, source, at);
  if (integer !== "") return make("integer", integer, integer.replaceAll("_", ""));
  const name = matchAt(patterns.name, source, at);
  if (name !== "") return make("name", name);
  const text = matchAt(literalBackslashes ? patterns.literalString : patterns.string, source, at);
  const content = text.slice(1, -1);
  if (text !== "") return make("string", text, literalBackslashes ? content : decodeString(content, at + 1));
  const operator = matchAt(patterns.operator, source, at);
  if (operator !== "") return make("operator", operator);
  const found = String.fromCodePoint(source.codePointAt(at) ?? 0);
  if (found === "'" || found === '"') throw new SyntaxProblem("a string is never closed", at);
  throw new SyntaxProblem(`unexpected character ${JSON.stringify(found)}`, at, found.length);
};

const matchAt = (pattern: RegExp, source: string, at: number): string => {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? "";
};
