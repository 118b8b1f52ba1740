import type { ArithmeticOperator } from "../syntax/expression.ts";
import { alternatives, any, type Concrete, float, int, listOf, str, type Type, union } from "./type.ts";

/** The type of an arithmetic result; undefined where no values of these types can be combined so. */
export const arithmeticResult = (operator: ArithmeticOperator, left: Type, right: Type): Type | undefined => {
  const a = alternatives(left);
  const b = alternatives(right);
  if (a === undefined || b === undefined) return oneSided(operator, a, b);
  const results = a.flatMap((one) => b.flatMap((other) => combined(operator, one, other) ?? []));
  return results.length === 0 ? undefined : union(results);
};

/** One side may be anything, so that only the other can make it impossible. */
const oneSided = (
  operator: ArithmeticOperator,
  left: readonly Concrete[] | undefined,
  right: readonly Concrete[] | undefined,
): Type | undefined => {
  const known = left ?? right;
  if (known === undefined) return any;
  const isPossible = known.some((one) => {
    if (isNumber(one)) return true;
    if (operator === "%") return left === undefined || one.kind === "str";
    return (operator === "+" || operator === "*") && (one.kind === "str" || one.kind === "list");
  });
  return isPossible || known.some(({ kind }) => kind === "null") ? any : undefined;
};

const isNumber = ({ kind }: Concrete): boolean => kind === "int" || kind === "float" || kind === "bool";

const combined = (operator: ArithmeticOperator, left: Concrete, right: Concrete): Type | undefined => {
  if (operator === "%" && left.kind === "str") return str;
  if (isNumber(left) && isNumber(right)) {
    const isWhole = left.kind !== "float" && right.kind !== "float";
    if (operator === "/") return float;
    return !isWhole ? float : operator === "**" ? union([int, float]) : int;
  }
  if (operator === "+") {
    if (left.kind === "str" && right.kind === "str") return str;
    return left.kind === "list" && right.kind === "list" ? listOf(union([left.item, right.item])) : undefined;
  }
  if (operator !== "*") return undefined;
  const [repeated, times] = isNumber(left) ? [right, left] : [left, right];
  if (times.kind === "float" || !isNumber(times)) return undefined;
  if (repeated.kind === "str") return str;
  return repeated.kind === "list" ? listOf(repeated.item) : undefined;
};
