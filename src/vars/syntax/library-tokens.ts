import type { LexToken } from "./lex.ts";
import { SyntaxProblem } from "./problem.ts";

/** A token as `@huggingface/jinja`'s parser takes it, with the place that an error is reported at. */
export interface LibraryToken {
  readonly type: LibraryTokenType;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** The kinds of tokens of `@huggingface/jinja` that an expression can hold. */
export type LibraryTokenType =
  | "NumericLiteral"
  | "StringLiteral"
  | "Identifier"
  | "Equals"
  | "OpenParen"
  | "CloseParen"
  | "OpenExpression"
  | "CloseExpression"
  | "OpenSquareBracket"
  | "CloseSquareBracket"
  | "OpenCurlyBracket"
  | "CloseCurlyBracket"
  | "Comma"
  | "Dot"
  | "Colon"
  | "Pipe"
  | "AdditiveBinaryOperator"
  | "MultiplicativeBinaryOperator"
  | "ExponentiationBinaryOperator"
  | "ComparisonBinaryOperator";

const operatorTypes: Readonly<Record<string, LibraryTokenType>> = {
  "=": "Equals",
  "(": "OpenParen",
  ")": "CloseParen",
  "[": "OpenSquareBracket",
  "]": "CloseSquareBracket",
  "{": "OpenCurlyBracket",
  "{{": "OpenParen",
  "}}": "CloseParen",
  "}": "CloseCurlyBracket",
  ",": "Comma",
  ".": "Dot",
  ":": "Colon",
  "|": "Pipe",
  "+": "AdditiveBinaryOperator",
  "-": "AdditiveBinaryOperator",
  "~": "AdditiveBinaryOperator",
  "*": "MultiplicativeBinaryOperator",
  "/": "MultiplicativeBinaryOperator",
  "//": "MultiplicativeBinaryOperator",
  "%": "MultiplicativeBinaryOperator",
  "**": "ExponentiationBinaryOperator",
};

/** The words that are grammar where a name could stand. */
const keywords = new Set(["and", "or", "not", "in", "is", "if", "else"]);

/** Names made here and read back in `from-library.ts`; no name of a template can look like them. */
export const marks = {
  group: "(",
  tuple: ",",
  braces: "{",
  test: "is:",
  negatedTest: "is not:",
  endOfString: ";",
} as const;

/**
 * Carries a name through the library's parser together with its offset, since the library's nodes have no places.
 * A keyword is never marked, so a keyword in the place of a name is recognized afterwards.
 */
export const markName = (name: string, offset: number): string => `${name}@${offset}`;

/**
 * Rewrites our tokens into the language that the library's parser reads, which lacks some of Jinja's:
 *
 * - `x is t(a)` and `x is t a` become a filter (`x | «is:t»(a)`): filters and tests bind alike in Jinja;
 * - `(x)` becomes a call (`«(»(x)`), so that brackets are seen in the tree, and `(x,)` and `()` become tuples;
 * - `{{ x }}` inside of an expression becomes a call, whose name holds where it ends;
 * - dotted names of filters and tests become one name.
 *
 * @throws SyntaxProblem for what the library would let pass, such as a missing comma
 */
export const toLibraryTokens = (tokens: readonly LexToken[], literals: LexToken[]): LibraryToken[] => {
  const writer = new Writer(tokens, literals);
  writer.writeUntil(tokens.length);
  return writer.finish();
};

class Writer {
  readonly #tokens: readonly LexToken[];
  readonly #literals: LexToken[];
  readonly #out: LibraryToken[] = [];
  /** The open brackets: where in the output they stand, and whether a comma was seen directly inside. */
  readonly #open: { readonly at: number; readonly group: boolean; comma: boolean }[] = [];
  #topComma = false;
  #at = 0;

  constructor(tokens: readonly LexToken[], literals: LexToken[]) {
    this.#tokens = tokens;
    this.#literals = literals;
  }

  finish(): LibraryToken[] {
    const first = this.#tokens[0]?.start ?? 0;
    const last = this.#tokens.at(-1)?.end ?? first;
    const mark = (type: LibraryTokenType, value: string, at: number): LibraryToken => ({
      type,
      value,
      start: at,
      end: at,
    });
    const body = this.#topComma
      ? [
          mark("Identifier", markName(marks.tuple, first), first),
          mark("OpenParen", "(", first),
          ...this.#out,
          mark("CloseParen", ")", last),
        ]
      : this.#out;
    return [mark("OpenExpression", "{{", first), ...body, mark("CloseExpression", "}}", last)];
  }

  writeUntil(end: number): void {
    while (this.#at < end) this.#writeNext();
  }

  #writeNext(): void {
    const token = this.#tokens[this.#at];
    if (token === undefined) return;
    const previous = this.#tokens[this.#at - 1];
    this.#at += 1;
    if (token.kind === "operator") this.#writeOperator(token, previous);
    else if (token.kind === "name") this.#writeName(token, previous);
    else this.#writeLiteral(token);
  }

  #writeOperator(token: LexToken, previous: LexToken | undefined): void {
    if (opensBracket(token)) {
      const starts = !endsOperand(previous, this.#tokens[this.#at - 3]);
      if (token.text.startsWith("{") && !starts) throw unexpected(token);
      const group = token.text === "(" && starts;
      if (group || token.text === "{{") this.#push("Identifier", markName(marks.group, token.start), token);
      this.#open.push({ at: this.#out.length - 1, group, comma: false });
    }
    const within = this.#open.at(-1);
    if (token.text === ",") {
      if (within === undefined) this.#topComma = true;
      else within.comma = true;
    }
    if (closesBracket(token)) this.#close(token, previous);
    this.#push(operatorTypes[token.text] ?? "ComparisonBinaryOperator", token.text, token);
    if (token.text === "|") this.#writeDottedName("");
  }

  #close(token: LexToken, previous: LexToken | undefined): void {
    const opened = this.#open.pop();
    if (opened !== undefined && token.text === "}}") {
      const braces = this.#out[opened.at];
      if (braces !== undefined) {
        this.#out[opened.at] = { ...braces, value: markName(`${marks.braces}${token.end}`, braces.start) };
      }
      return;
    }
    if (opened === undefined || token.text !== ")" || !opened.group) return;
    const empty = previous?.text === "(" && previous.kind === "operator";
    const marker = this.#out[opened.at];
    if ((opened.comma || empty) && marker !== undefined) {
      this.#out[opened.at] = { ...marker, value: markName(marks.tuple, marker.start) };
    }
  }

  #writeName(token: LexToken, previous: LexToken | undefined): void {
    const afterDot = isOperator(previous, ".");
    if (!afterDot && token.text === "is") {
      this.#writeTest(token);
      return;
    }
    if (!afterDot && keywords.has(token.text)) {
      this.#push("Identifier", token.text, token);
      return;
    }
    if (!afterDot) this.#requireOperand(token);
    this.#push("Identifier", markName(token.text, token.start), token);
  }

  #writeLiteral(token: LexToken): void {
    const previous = this.#tokens[this.#at - 2];
    const joined = token.kind === "string" && previous?.kind === "string";
    if (!joined && !isOperator(previous, ".")) this.#requireOperand(token);
    this.#literals.push(token);
    const index = String(this.#literals.length - 1);
    if (token.kind !== "string") this.#push("NumericLiteral", index, token);
    // The library joins adjacent strings itself: the mark at the end tells their indexes apart.
    else this.#push("StringLiteral", `${index}${marks.endOfString}`, token);
  }

  /** Two operands side by side: the library would accept it inside brackets. */
  #requireOperand(token: LexToken): void {
    if (endsOperand(this.#tokens[this.#at - 2], this.#tokens[this.#at - 3])) throw unexpected(token);
  }

  #writeTest(is: LexToken): void {
    const negated = this.#tokens[this.#at]?.kind === "name" && this.#tokens[this.#at]?.text === "not";
    if (negated) this.#at += 1;
    this.#push("Pipe", "|", is);
    this.#writeDottedName(negated ? marks.negatedTest : marks.test);
    const next = this.#tokens[this.#at];
    if (next === undefined || !startsTestArgument(next)) return;
    if (isOperator(next, "(")) {
      // The brackets of the test's arguments are a call, not a group, whatever stands before them.
      this.#at += 1;
      this.#open.push({ at: this.#out.length - 1, group: false, comma: false });
      this.#push("OpenParen", "(", next);
      return;
    }
    if (next.kind === "name" && keywords.has(next.text)) throw unexpected(next);
    this.#push("OpenParen", "(", next);
    const end = this.#endOfOperand();
    const inner = new Writer(this.#tokens.slice(this.#at, end), this.#literals);
    inner.writeUntil(end - this.#at);
    this.#out.push(...inner.#out);
    this.#at = end;
    this.#push("CloseParen", ")", this.#tokens[end - 1] ?? next);
  }

  /** The index after a primary and what is attached to it: `.name`, `[…]`, `(…)`. */
  #endOfOperand(): number {
    let at = this.#at;
    const first = this.#tokens[at];
    at = first !== undefined && opensBracket(first) ? this.#afterBracket(at) : at + 1;
    if (first?.kind === "string") while (this.#tokens[at]?.kind === "string") at += 1;
    for (;;) {
      const token = this.#tokens[at];
      if (isOperator(token, ".")) at += 2;
      else if (isOperator(token, "[") || isOperator(token, "(")) at = this.#afterBracket(at);
      else return Math.min(at, this.#tokens.length);
    }
  }

  #afterBracket(start: number): number {
    let depth = 0;
    for (let at = start; at < this.#tokens.length; at += 1) {
      const token = this.#tokens[at];
      if (token !== undefined && opensBracket(token)) depth += 1;
      if (token !== undefined && closesBracket(token)) depth -= 1;
      if (depth === 0) return at + 1;
    }
    return this.#tokens.length;
  }

  /** The name of a filter or a test (`ansible.builtin.version`), as one identifier. */
  #writeDottedName(prefix: string): void {
    const first = this.#tokens[this.#at];
    if (first === undefined) return;
    if (first.kind !== "name") throw unexpected(first);
    let last = first;
    let name = first.text;
    this.#at += 1;
    while (isOperator(this.#tokens[this.#at], ".") && this.#tokens[this.#at + 1]?.kind === "name") {
      last = this.#tokens[this.#at + 1] ?? last;
      name += `.${last.text}`;
      this.#at += 2;
    }
    this.#out.push({
      type: "Identifier",
      value: markName(prefix + name, first.start),
      start: first.start,
      end: last.end,
    });
  }

  #push(type: LibraryTokenType, value: string, from: LexToken): void {
    this.#out.push({ type, value, start: from.start, end: from.end });
  }
}

const unexpected = (token: LexToken): SyntaxProblem =>
  new SyntaxProblem(
    `unexpected ${token.kind === "string" ? "string" : `"${token.text}"`}`,
    token.start,
    token.end - token.start,
  );

const isOperator = (token: LexToken | undefined, text: string): boolean =>
  token?.kind === "operator" && token.text === text;

const opensBracket = (token: LexToken): boolean =>
  token.kind === "operator" && ["(", "[", "{", "{{"].includes(token.text);

const closesBracket = (token: LexToken): boolean =>
  token.kind === "operator" && [")", "]", "}", "}}"].includes(token.text);

/** Whether an operand ends with this token, so that a bracket after it is a call or a subscript. */
const endsOperand = (token: LexToken | undefined, before: LexToken | undefined): boolean => {
  if (token === undefined) return false;
  if (token.kind === "operator") return closesBracket(token);
  return token.kind !== "name" || !keywords.has(token.text) || isOperator(before, ".");
};

const startsTestArgument = (token: LexToken): boolean => {
  if (token.kind === "operator") return opensBracket(token);
  return token.kind !== "name" || !["and", "or", "else"].includes(token.text);
};
