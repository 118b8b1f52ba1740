import { parse } from "@huggingface/jinja";
import { childrenOf, type Expr, type Literal } from "./expression.ts";
import { fromLibrary } from "./from-library.ts";
import { type LexToken, lexExpression } from "./lex.ts";
import { type LibraryToken, type LibraryTokenType, toLibraryTokens } from "./library-tokens.ts";
import { SyntaxProblem } from "./problem.ts";
import { scan, valueSyntax } from "./scan.ts";

/**
 * Parses a bare expression (`when: x == 1`).
 *
 * @throws SyntaxProblem
 */
export const parseBareExpression = (source: string): Expr =>
  parseTokens(lexExpression(source, 0, { braces: true }).tokens, 0, { isBare: true });

/**
 * Parses the tokens of one expression. The grammar is the library's; `library-tokens.ts` and `from-library.ts` hold
 * what differs from Jinja's.
 *
 * @throws SyntaxProblem
 */
export const parseTokens = (tokens: readonly LexToken[], at: number, { isBare = false } = {}): Expr => {
  if (tokens.length === 0) throw new SyntaxProblem("an expression is missing", at);
  const literals: LexToken[] = [];
  const watched = watch(toLibraryTokens(tokens, literals));
  let node: unknown;
  try {
    node = parse(watched.tokens).body[0];
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxProblem("the expression is nested too deeply", at);
    throw syntaxProblemAt(watched.furthest());
  }
  const expr = fromLibrary(node, literals, { at, isBare, embed: (text) => embed(text, isBare) });
  if (isTooDeep(expr)) throw new SyntaxProblem("the expression is nested too deeply", at);
  return expr;
};

/** Levels of an expression, each of which is a call within a call for whoever walks through it. */
const MAX_LEVELS = 1000;

/** `1 + 1 + 1 …` is parsed by a loop, and is as deep as it is long. */
const isTooDeep = (expr: Expr): boolean => {
  let level: readonly Expr[] = [expr];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_LEVELS) return true;
    level = level.flatMap(childrenOf);
  }
  return false;
};

/**
 * The library's errors have no place. The furthest token that it looked at is the one that does not fit, so the
 * tokens remember being looked at.
 */
const watch = (
  tokens: readonly LibraryToken[],
): { tokens: LibraryToken[]; furthest: () => LibraryToken | undefined } => {
  let furthest = 0;
  const watched = tokens.map((token, index) => ({
    value: token.value,
    start: token.start,
    end: token.end,
    get type(): LibraryTokenType {
      furthest = Math.max(furthest, index);
      return token.type;
    },
  }));
  return { tokens: watched, furthest: () => tokens[furthest] };
};

const syntaxProblemAt = (token: LibraryToken | undefined): SyntaxProblem => {
  if (token === undefined || token.type === "CloseExpression") {
    return new SyntaxProblem("the expression ends too early", Math.max((token?.start ?? 1) - 1, 0));
  }
  const text = token.value.replace(/@\d+$/, "");
  const shown = token.type === "StringLiteral" ? "string" : token.type === "NumericLiteral" ? "number" : `"${text}"`;
  return new SyntaxProblem(`unexpected ${shown}`, token.start, Math.max(token.end - token.start, 1));
};

const holdsTemplate = (text: string): boolean => /\{\{\s*[^\s}][^]*\}\}|\{%[^]*%\}/.test(text);

/**
 * Ansible renders the texts of conditions and of lookups' arguments once more. They stand in a trusted file, and what
 * comes out stays a text. Elsewhere `{{ '{{ x }}' }}` is how braces are printed.
 */
const embed = (text: Literal, isBare: boolean): Expr => {
  const { value, at, end } = text;
  if (typeof value !== "string" || !holdsTemplate(value)) return text;
  // Blanks before it, so that offsets are those of the expression's source.
  const before = at + 1;
  const parts = scan(" ".repeat(before) + value, valueSyntax).flatMap((segment, index): readonly Expr[] => {
    if (segment.kind === "output") return [parseTokens(segment.tokens, segment.at, { isBare })];
    if (segment.kind === "text") {
      const written = index === 0 ? segment.text.slice(before) : segment.text;
      return written === "" ? [] : [{ kind: "literal", value: written, at, end }];
    }
    throw new SyntaxProblem("a statement cannot stand in a text of an expression", segment.at, 2);
  });
  return { kind: "embedded", of: "text", value: { kind: "concat", parts }, at, end };
};
