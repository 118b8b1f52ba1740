import { contains, equal, mapKey, order } from "../python/compare.ts";
import { mapView } from "../python/map-view.ts";
import { text } from "../python/text.ts";
import type { Argument, ComparisonOperator, Expr } from "../syntax/expression.ts";
import { arithmetic } from "./arithmetic.ts";
import type { Evaluation } from "./evaluation.ts";
import { Fault } from "./fault.ts";
import {
  Callable,
  type CallArguments,
  defined,
  isMap,
  type Live,
  liveNumber,
  mapOf,
  numberOf,
  truthy,
  Tuple,
  typeName,
  Nothing,
} from "./live.ts";
import type { Locals } from "./locals.ts";
import { itemOf, memberOf, sliceOf } from "./members.ts";

/** The value of an expression; Undefined where a name or key is missing. @throws Fault */
export const evaluate = (expr: Expr, evaluation: Evaluation, locals: Locals | undefined): Live => {
  const value = (inner: Expr): Live => evaluate(inner, evaluation, locals);
  switch (expr.kind) {
    case "literal":
      return typeof expr.value === "number" ? liveNumber(expr.value, expr.float === true) : expr.value;
    case "name":
      return named(expr.name, expr.at, evaluation, locals);
    case "list":
      return expr.items.map(value);
    case "tuple":
      return Tuple.fromItems(expr.items.map(value));
    case "dict":
      return mapOf(expr.entries.map(([key, item]) => [mapKey(value(key)), value(item)] as const));
    case "member":
      return at(expr.at, () => memberOf(value(expr.object), expr.name, evaluation, expr.at));
    case "item":
      return itemOf(value(expr.object), value(expr.index), evaluation);
    case "slice":
      return sliceOf(
        value(expr.object),
        expr.start === undefined ? null : value(expr.start),
        expr.stop === undefined ? null : value(expr.stop),
        expr.step === undefined ? null : value(expr.step),
      );
    case "call":
      return call(value(expr.callee), evaluateArguments(expr.args, evaluation, locals));
    case "filter":
      return at(expr.at, () =>
        evaluation.callFilter(expr.name, value(expr.input), evaluateArguments(expr.args, evaluation, locals)),
      );
    case "test":
      return at(
        expr.at,
        () =>
          evaluation.callTest(expr.name, value(expr.input), evaluateArguments(expr.args, evaluation, locals)) !==
          expr.negated,
      );
    case "embedded":
      return expr.of === "text" ? value(expr.value) : at(expr.at, () => embedded(value(expr.value), evaluation));
    case "unary":
      return unary(expr.operator, value(expr.operand));
    case "arithmetic":
      return arithmetic(expr.operator, operand(value(expr.left), evaluation), operand(value(expr.right), evaluation));
    case "concat":
      return expr.parts.map((part) => text(evaluation.settle(value(part)))).join("");
    case "logic": {
      const left = value(expr.left);
      return truthy(left) === (expr.operator === "or") ? left : value(expr.right);
    }
    case "compare":
      return compareChain(expr, evaluation, locals);
    case "conditional":
      return conditional(expr, evaluation, locals);
  }
};

const named = (name: string, offset: number, evaluation: Evaluation, locals: Locals | undefined): Live => {
  const local = locals?.get(name);
  return local === undefined ? evaluation.variable(name, offset) : local;
};

/** Gives a fault the place of the expression that raised it, unless it came from further inside. */
const at = (offset: number, run: () => Live): Live => {
  try {
    return run();
  } catch (error) {
    if (error instanceof Fault && error.span === undefined) error.at ??= offset;
    throw error;
  }
};

const operand = (value: Live, evaluation: Evaluation): Live => evaluation.settle(value);

/** Of a text Ansible makes a part of the expression: what stands in a variable would be code. */
const embedded = (value: Live, evaluation: Evaluation): Live => {
  const settled = evaluation.settle(value);
  if (typeof settled !== "string") return settled;
  throw new Fault("in braces this text would become part of the expression: write it without braces");
};

const conditional = (
  expr: Expr & { readonly kind: "conditional" },
  evaluation: Evaluation,
  locals: Locals | undefined,
): Live => {
  if (truthy(evaluate(expr.test, evaluation, locals))) return evaluate(expr.then, evaluation, locals);
  if (expr.otherwise !== undefined) return evaluate(expr.otherwise, evaluation, locals);
  return new Nothing();
};

const unary = (operator: "-" | "+" | "not", value: Live): Live => {
  if (operator === "not") return !truthy(value);
  const number = numberOf(defined(value));
  if (number === undefined) throw new Fault(`bad operand type for unary ${operator}: '${typeName(value)}'`);
  return liveNumber(operator === "-" ? -number.n : number.n, number.float);
};

const compareChain = (
  expr: Expr & { readonly kind: "compare" },
  evaluation: Evaluation,
  locals: Locals | undefined,
): boolean => {
  let left = operand(evaluate(expr.first, evaluation, locals), evaluation);
  return expr.rest.every((part) => {
    const right = operand(evaluate(part.operand, evaluation, locals), evaluation);
    const holds = compare(part.operator, left, right);
    left = right;
    return holds;
  });
};

/** One comparison as Python makes it. @throws Fault */
export const compare = (operator: ComparisonOperator, left: Live, right: Live): boolean => {
  switch (operator) {
    case "==":
      return equal(defined(left), defined(right));
    case "!=":
      return !equal(defined(left), defined(right));
    case "<":
      return order(left, right, operator) < 0;
    case "<=":
      return order(left, right, operator) <= 0;
    case ">":
      return order(left, right, operator) > 0;
    case ">=":
      return order(left, right, operator) >= 0;
    case "in":
      return contains(right, left);
    case "not in":
      return !contains(right, left);
  }
};

const call = (callee: Live, args: CallArguments): Live => {
  if (callee instanceof Callable) return callee.call(args);
  throw new Fault(`'${typeName(defined(callee))}' object is not callable`);
};

const noNames: ReadonlyMap<string, Live> = new Map();
const noArguments: CallArguments = { positional: [], named: noNames };

/** The arguments of a call, `*` and `**` spread. @throws Fault */
export const evaluateArguments = (
  args: readonly Argument[],
  evaluation: Evaluation,
  locals: Locals | undefined,
): CallArguments => {
  if (args.length === 0) return noArguments;
  const positional: Live[] = [];
  const named = new Map<string, Live>();
  for (const argument of args) {
    const value = evaluate(argument.value, evaluation, locals);
    if (argument.kind === "positional") positional.push(value);
    else if (argument.kind === "named") named.set(argument.name, value);
    else if (argument.kind === "spread") positional.push(...evaluation.items(value));
    else {
      const map = mapView(defined(value));
      if (map === undefined || !isMap(map))
        throw new Fault(`argument after ** must be a mapping, not ${typeName(value)}`);
      for (const [name, item] of Object.entries(map)) named.set(name, evaluation.force(item));
    }
  }
  return { positional, named };
};
