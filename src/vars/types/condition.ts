import { engine } from "../engine.ts";
import { Evaluation } from "../evaluate/evaluation.ts";
import { evaluate } from "../evaluate/expression.ts";
import { Fault } from "../evaluate/fault.ts";
import { childrenOf, type Expr } from "../syntax/expression.ts";
import { pathOf } from "./guards.ts";
import { placeOf } from "./place.ts";
import { alternatives, describeType, isWeak, type Type } from "./type.ts";
import type { TypeProblem } from "./type-problem.ts";

/** What is wrong with an expression that has to be a condition: it gives no boolean, or always the same one. */
export const conditionProblem = (expr: Expr, typeOf: (expr: Expr) => Type): TypeProblem | undefined => {
  // Switched on or off by hand: that is meant.
  if (expr.kind === "literal" && typeof expr.value === "boolean") return undefined;
  return noBoolean(expr, typeOf) ?? constantProblem(expr);
};

const noBoolean = (expr: Expr, typeOf: (expr: Expr) => Type): TypeProblem | undefined => {
  // What stands last is the result where it is reached; the first part may only decide that it is.
  if (expr.kind === "logic") return noBoolean(expr.right, typeOf) ?? wordInstead(expr);
  const type = typeOf(expr);
  const found = alternatives(type);
  if (found === undefined || found.some(({ kind }) => kind === "bool")) return undefined;
  const path = pathOf(expr);
  const hint = hintFor(expr, new Set(found.map(({ kind }) => kind)), path ?? "…");
  return {
    kind: "condition",
    severity: "error",
    message: `a condition has to be true or false, and this is ${describeType(type)}`,
    place: placeOf(expr),
    isWeak: isWeak(type),
    hint,
  };
};

/** A constant text alone on the left: `'a' or x`. */
const wordInstead = ({ left }: Expr & { readonly kind: "logic" }): TypeProblem | undefined =>
  left.kind === "literal" && typeof left.value !== "boolean"
    ? {
        kind: "condition",
        severity: "error",
        message: "a condition has to be true or false, and this is a constant",
        place: placeOf(left),
      }
    : undefined;

const hintFor = (expr: Expr, kinds: ReadonlySet<string>, written: string): string => {
  if (expr.kind === "literal") return "compare something with it: x == 'value', or x in ['one', 'two']";
  if (expr.kind === "filter" && expr.name === "regex_search") return "write x is search('pattern')";
  if (kinds.has("list") || kinds.has("map")) return `write ${written} | length > 0`;
  if (kinds.has("str")) return `compare it, or write ${written} | length > 0 or ${written} | bool`;
  return kinds.has("null") ? `write ${written} is not none` : `compare it: ${written} == 0, or ${written} > 0`;
};

const constantProblem = (expr: Expr): TypeProblem | undefined => {
  const value = constantOf(expr);
  if (value === undefined) return undefined;
  return {
    kind: "condition",
    severity: "warning",
    message: `this condition is always ${value}`,
    place: placeOf(expr),
    hint: `write ${value} where that is meant`,
  };
};

/** Whether the expression is true, or false, whatever the variables are; undefined where that depends on them. */
const constantOf = (expr: Expr): boolean | undefined => {
  if (expr.kind === "unary" && expr.operator === "not") {
    const inner = constantOf(expr.operand);
    return inner === undefined ? undefined : !inner;
  }
  if (expr.kind === "logic") {
    const decides = expr.operator === "or";
    const parts = partsOf(expr, expr.operator);
    const values = parts.map(constantOf);
    if (values.includes(decides)) return decides;
    if (excludesItself(parts, decides ? "!=" : "==")) return decides;
    return values.every((value) => value === !decides) ? !decides : undefined;
  }
  return isConstant(expr) ? valueOf(expr) : undefined;
};

/** The operands of a chain of `and`s, or of `or`s. */
const partsOf = (expr: Expr, operator: "and" | "or"): readonly Expr[] =>
  expr.kind === "logic" && expr.operator === operator
    ? [...partsOf(expr.left, operator), ...partsOf(expr.right, operator)]
    : [expr];

/** `x == 'a' and x == 'b'`, which nothing is; `x != 'a' or x != 'b'`, which everything is. */
const excludesItself = (parts: readonly Expr[], operator: "==" | "!="): boolean => {
  const values = new Map<string, unknown>();
  return parts.some((part) => {
    if (part.kind !== "compare" || part.rest.length !== 1) return false;
    const [only] = part.rest;
    const path = pathOf(part.first);
    if (only?.operator !== operator || only.operand.kind !== "literal" || path === undefined) return false;
    const { value } = only.operand;
    if (!values.has(path)) values.set(path, value);
    return typeof values.get(path) === typeof value && values.get(path) !== value;
  });
};

const steadyTests = new Set([
  "in",
  "match",
  "search",
  "regex",
  "version",
  "version_compare",
  "none",
  "string",
  "number",
]);

/** Whether it holds nothing but literals and what compares them. */
const isConstant = (expr: Expr): boolean => {
  if (["name", "call", "filter", "member", "item", "slice"].includes(expr.kind)) return false;
  if (expr.kind === "test" && !steadyTests.has(expr.name)) return false;
  return childrenOf(expr).every(isConstant);
};

const valueOf = (expr: Expr): boolean | undefined => {
  const lookups = {
    searchPaths: [],
    env: {},
    now: () => new Date(0),
    readFile: () => ({ ok: false, error: "" }) as const,
    fileKind: () => undefined,
    list: () => [],
    isLink: () => false,
    realPath: (path: string) => path,
    playbookFolder: "/",
    writeSecret: () => ({ ok: false, error: "" }) as const,
    runPipe: () => ({ ok: false, error: "" }) as const,
    fetchUrl: () => ({ ok: false, error: "" }) as const,
  };
  try {
    const value = evaluate(
      expr,
      new Evaluation({ variable: () => undefined, names: () => [], lookups }, engine),
      undefined,
    );
    return typeof value === "boolean" ? value : undefined;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
};
