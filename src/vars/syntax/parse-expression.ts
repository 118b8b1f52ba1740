import { parse } from "@huggingface/jinja";
import { childrenOf, type Expr } from "./expression.ts";
import { fromLibrary } from "./from-library.ts";
import { type LexToken, lexExpression } from "./lex.ts";
import { type LibraryToken, type LibraryTokenType, toLibraryTokens } from "./library-tokens.ts";
import { SyntaxProblem } from "./problem.ts";

/**
 * Parses a bare expression (`when: x == 1`).
 *
 * @throws SyntaxProblem
 */
export const parseBareExpression = (source: string): Expr => {
  const { tokens } = lexExpression(source, 0);
  const nested = tokens.find((token) => token.kind === "string" && holdsTemplate(token.text));
  if (nested !== undefined) throw nestedTemplate(nested.start, nested.end - nested.start);
  return parseTokens(tokens, 0);
};

/**
 * Parses the tokens of one expression. The grammar is the library's; `library-tokens.ts` and `from-library.ts` hold
 * what differs from Jinja's.
 *
 * @throws SyntaxProblem
 */
export const parseTokens = (tokens: readonly LexToken[], at: number): Expr => {
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
  const expr = fromLibrary(node, literals, at);
  if (isTooDeep(expr)) throw new SyntaxProblem("the expression is nested too deeply", at);
  // Without braces in a text there is nothing to look for.
  if (tokens.some((token) => token.kind === "string" && token.text.includes("{"))) refuseInLookups(expr);
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

const nestedTemplate = (at: number, length: number): SyntaxProblem =>
  new SyntaxProblem(
    "template delimiters are not supported inside of an expression: name the variable without braces",
    at,
    length,
  );

const lookups = new Set(["lookup", "query", "q"]);

/**
 * A text in an expression is data. Ansible renders the texts of conditions and of lookups' arguments once more, which it
 * calls deprecated; here it is refused. Elsewhere `{{ '{{ x }}' }}` is how braces are printed.
 */
const refuseInLookups = (expr: Expr): void => {
  if (expr.kind === "call" && expr.callee.kind === "name" && lookups.has(expr.callee.name)) {
    for (const { value } of expr.args) {
      if (value.kind === "literal" && typeof value.value === "string" && holdsTemplate(value.value)) {
        throw nestedTemplate(expr.callee.at, expr.callee.name.length);
      }
    }
  }
  for (const child of childrenOf(expr)) refuseInLookups(child);
};
