import { suggest } from "../diagnostics/suggest.ts";
import type { Result } from "../util/result.ts";
import { cureOf, unknownName } from "./engine.ts";
import { globalNames, refusedGlobals } from "./evaluate/globals.ts";
import { methodNames } from "./evaluate/methods.ts";
import { filterNames, findFilter } from "./filters/registry.ts";
import { findLookup, lookupNames } from "./lookups.ts";
import { childrenOf, type Expr, type Literal } from "./syntax/expression.ts";
import { parsedExpression, parsedTemplate } from "./syntax/parsed.ts";
import type { SyntaxProblem } from "./syntax/problem.ts";
import { boundNames, type Statement } from "./syntax/statement.ts";
import { findTest, testNames } from "./tests.ts";
import { Expression, type Template } from "./value.ts";

/** Something wrong with a template that is seen without evaluating it. */
export interface TemplateProblem {
  readonly kind: "syntax" | "embedded" | "filter" | "test" | "lookup" | "method" | "function";
  readonly message: string;
  /** Where in the source of the template: the first offset and the one after the last. */
  readonly start: number;
  readonly end: number;
  /** What was probably meant instead of an unknown name. */
  readonly suggestion?: string;
  /** What to do instead of something that is Ansible's alone. */
  readonly cure?: string;
  /** What to write instead of a template inside of an expression. */
  readonly instead?: string;
}

/** What to add to a problem for people. */
export const hintOf = ({ suggestion, cure, instead }: TemplateProblem): { readonly hint?: string } => {
  if (cure !== undefined) return { hint: cure };
  if (instead !== undefined) return { hint: `write ${instead}` };
  return suggestion === undefined ? {} : { hint: `did you mean "${suggestion}"?` };
};

/** What is wrong with a template or expression: syntax, and names of filters, tests, lookups and methods. */
export const checkTemplate = (source: Template | Expression): readonly TemplateProblem[] => {
  const parsed = expressionsOf(source);
  if (!parsed.ok) {
    const { message, offset, length, cure } = parsed.error;
    return [{ kind: "syntax", message, start: offset, end: offset + length, ...(cure === undefined ? {} : { cure }) }];
  }
  return parsed.value.flatMap(({ expr, bound }) => [...problemsOf(expr, bound), ...embeddedIn(expr, source.source)]);
};

/** The names of the variables that a template or expression uses; none where it does not parse. */
export const freeVariables = (source: Template | Expression): ReadonlySet<string> => {
  const names = new Set<string>();
  const parsed = expressionsOf(source);
  if (!parsed.ok) return names;
  for (const { expr, bound } of parsed.value) collectNames(expr, bound, names);
  return names;
};

/** An expression of a template, with the names that the template itself binds around it. */
interface Found {
  readonly expr: Expr;
  readonly bound: ReadonlySet<string>;
}

const nothing: ReadonlySet<string> = new Set();

const expressionsOf = (source: Template | Expression): Result<readonly Found[], SyntaxProblem> => {
  if (source instanceof Expression) {
    const parsed = parsedExpression(source);
    return parsed.ok ? { ok: true, value: [{ expr: parsed.value, bound: nothing }] } : parsed;
  }
  const parsed = parsedTemplate(source);
  return parsed.ok ? { ok: true, value: inStatements(parsed.value, nothing) } : parsed;
};

const inStatements = (statements: readonly Statement[], outer: ReadonlySet<string>): Found[] => {
  // A name counts as bound from its `set` to the end of the statements around it.
  const bound = new Set(outer);
  return statements.flatMap((statement) => inStatement(statement, bound));
};

const inStatement = (statement: Statement, bound: Set<string>): Found[] => {
  const here = (expr: Expr): Found => ({ expr, bound: new Set(bound) });
  switch (statement.kind) {
    case "text":
      return [];
    case "output":
      return [here(statement.value)];
    case "include":
    case "extends":
      return [here(statement.file)];
    case "import":
      for (const { from, to } of statement.names) bound.add(to).add(from === undefined ? importMark(to) : to);
      return [here(statement.file)];
    case "block":
      return inStatements(statement.body, bound);
    case "if": {
      const branches = statement.branches.flatMap(({ test, body }) => [here(test), ...inBranch(body, bound)]);
      return [...branches, ...inBranch(statement.otherwise, bound)];
    }
    case "for": {
      const inside = new Set([...bound, ...boundNames(statement.target), "loop"]);
      const filter = statement.filter === undefined ? [] : [{ expr: statement.filter, bound: inside }];
      const body = inStatements(statement.body, inside);
      return [here(statement.items), ...filter, ...body, ...inStatements(statement.otherwise, bound)];
    }
    case "set": {
      const value = here(statement.value);
      for (const name of boundNames(statement.target)) bound.add(name);
      return [value];
    }
    case "capture": {
      const body = inStatements(statement.body, bound);
      bound.add(statement.name);
      return body;
    }
    case "macro": {
      bound.add(statement.name);
      const names = statement.parameters.map((parameter) => parameter.name);
      const fallbacks = statement.parameters.flatMap(({ fallback }) =>
        fallback === undefined ? [] : [here(fallback)],
      );
      return [...fallbacks, ...inStatements(statement.body, new Set([...bound, ...names, "varargs", "kwargs"]))];
    }
  }
};

/** An `if` has no scope of its own: what a branch sets is seen after it. */
const inBranch = (body: readonly Statement[], bound: Set<string>): Found[] =>
  body.flatMap((inner) => inStatement(inner, bound));

const collectNames = (expr: Expr, bound: ReadonlySet<string>, names: Set<string>): void => {
  if (expr.kind === "name" && !bound.has(expr.name) && !globalNames.includes(expr.name)) names.add(expr.name);
  for (const child of childrenOf(expr)) collectNames(child, bound, names);
};

/** Templates inside of an expression, which Ansible warns of; those inside of one are mended with it. */
const embeddedIn = (expr: Expr, source: string): TemplateProblem[] => {
  if (expr.kind !== "embedded") return childrenOf(expr).flatMap((child) => embeddedIn(child, source));
  const written = source.slice(expr.at, expr.end);
  const message =
    expr.of === "text"
      ? "a template stands in a text of an expression"
      : "braces stand inside of an expression, and fail where they give a text";
  const instead = expr.of === "text" ? joined(written) : bare(written);
  return [{ kind: "embedded", message, start: expr.at, end: expr.end, instead }];
};

/** `x` of `{{ x }}`; brackets keep together what is more than a name. */
const bare = (braces: string): string => {
  const inner = braces.slice(2, -2).trim();
  return /^[\w.]+$/.test(inner) ? inner : `(${inner})`;
};

/** `'a' ~ x` of `'a{{ x }}'`. */
const joined = (text: string): string => {
  const quote = text.charAt(0);
  const parts = text.slice(1, -1).split(/(\{\{(?:(?!\}\}).)*\}\})/s);
  const words = parts.filter((part) => part !== "");
  return words.map((part) => (part.startsWith("{{") ? bare(part) : quote + part + quote)).join(" ~ ");
};

const problemsOf = (expr: Expr, bound: ReadonlySet<string>): TemplateProblem[] => [
  ...childrenOf(expr).flatMap((child) => problemsOf(child, bound)),
  ...[ownProblem(expr, bound)].filter((problem) => problem !== undefined),
];

const ownProblem = (expr: Expr, bound: ReadonlySet<string>): TemplateProblem | undefined => {
  if (expr.kind === "filter") return filterProblem(expr);
  if (expr.kind === "test" && findTest(expr.name) === undefined) return unknown("test", expr.name, expr.at, testNames);
  return expr.kind === "call" ? callProblem(expr, bound) : undefined;
};

/** The filters whose first argument names a filter (`map`) or, after an attribute or not, a test. */
const namesIn = new Map<string, { readonly kind: "filter" | "test"; readonly index: number }>([
  ["map", { kind: "filter", index: 0 }],
  ["select", { kind: "test", index: 0 }],
  ["reject", { kind: "test", index: 0 }],
  ["selectattr", { kind: "test", index: 1 }],
  ["rejectattr", { kind: "test", index: 1 }],
]);

const filterProblem = (expr: Expr & { readonly kind: "filter" }): TemplateProblem | undefined => {
  if (findFilter(expr.name) === undefined) return unknown("filter", expr.name, expr.at, filterNames);
  const named = namesIn.get(expr.name);
  const argument = named === undefined ? undefined : expr.args[named.index];
  if (named === undefined || argument?.kind !== "positional") return undefined;
  const { value } = argument;
  if (value.kind !== "literal" || typeof value.value !== "string") return undefined;
  if (named.kind === "filter") {
    return findFilter(value.value) === undefined ? unknownText("filter", value.value, value, filterNames) : undefined;
  }
  return findTest(value.value) === undefined ? unknownText("test", value.value, value, testNames) : undefined;
};

const callProblem = (
  expr: Expr & { readonly kind: "call" },
  bound: ReadonlySet<string>,
): TemplateProblem | undefined => {
  const { callee } = expr;
  if (callee.kind === "member" && typeof callee.name === "string" && !isCallable(callee, bound)) {
    return {
      kind: "method",
      message: `the method '${callee.name}' is not supported in Latchkey`,
      ...placeAndSuggestion(callee.name, callee.at, methodNames),
    };
  }
  if (callee.kind === "name" && Object.hasOwn(refusedGlobals, callee.name) && !bound.has(callee.name)) {
    return {
      kind: "function",
      message: `the function '${callee.name}' is not supported in Latchkey`,
      start: callee.at,
      end: callee.at + callee.name.length,
      cure: refusedGlobals[callee.name] ?? "",
    };
  }
  if (callee.kind !== "name" || !["lookup", "query", "q"].includes(callee.name)) return undefined;
  const [first] = expr.args;
  if (first?.kind !== "positional" || first.value.kind !== "literal") return undefined;
  const { value: name } = first.value;
  if (typeof name !== "string" || findLookup(name) !== undefined) return undefined;
  return unknownText("lookup", name, first.value, lookupNames);
};

/** `loop.cycle()` and `loop.changed()` are functions of the loop, and an imported file's are its macros: no methods. */
const isCallable = ({ name, object }: Expr & { readonly kind: "member" }, bound: ReadonlySet<string>): boolean =>
  methodNames.includes(String(name)) ||
  (object.kind === "name" && (object.name === "loop" || bound.has(importMark(object.name))));

/** Stands among the bound names for a name that is a whole imported file; no template can write it. */
const importMark = (name: string): string => `import ${name}`;

const unknown = (
  kind: "filter" | "test" | "lookup",
  name: string,
  at: number,
  known: readonly string[],
): TemplateProblem => {
  const cure = cureOf(kind, name);
  const message = unknownName(kind, name);
  if (cure !== undefined) return { kind, message, start: at, end: at + name.length, cure };
  return { kind, message, ...placeAndSuggestion(name, at, known) };
};

/** The same for a name that is written as a text: the quotes are part of its place. */
const unknownText = (
  kind: "filter" | "test" | "lookup",
  name: string,
  { at, end }: Literal,
  known: readonly string[],
): TemplateProblem => ({ ...unknown(kind, name, at, known), end });

const placeAndSuggestion = (
  name: string,
  at: number,
  known: readonly string[],
): { readonly start: number; readonly end: number; readonly suggestion?: string } => {
  const suggestion = suggest(name, known);
  return { start: at, end: at + name.length, ...(suggestion === undefined ? {} : { suggestion }) };
};
