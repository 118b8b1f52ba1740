import { alternatives, type Concrete, describeType, isWeak, type Type } from "./type.ts";
import type { ComparisonOperator } from "../syntax/expression.ts";

/** What comparing two values of these types comes to, where that is sure. */
export interface ComparisonMistake {
  /** `fails`: the run would; `constant`: the answer is always the same. */
  readonly kind: "fails" | "constant";
  readonly message: string;
}

/** Kinds that Python compares with each other; booleans are numbers. */
const family = ({ kind }: Concrete): string =>
  kind === "int" || kind === "float" || kind === "bool" ? "number" : kind;

/** What is wrong with a comparison, or undefined where nothing is, or not for sure. */
export const comparisonMistake = (
  operator: ComparisonOperator,
  left: Type,
  right: Type,
): ComparisonMistake | undefined => {
  const a = alternatives(left);
  const b = alternatives(right);
  if (b === undefined) return undefined;
  if (operator === "in" || operator === "not in") return membershipMistake(operator, left, a, right, b);
  if (a === undefined) return undefined;
  // Asking whether something is null is always a fair question.
  if (operator === "==" || operator === "!=") {
    if ([...a, ...b].some(({ kind }) => kind === "null")) return undefined;
    if (a.some((one) => b.some((other) => family(one) === family(other)))) return undefined;
    return {
      kind: "constant",
      message: `${describeType(left)} is never equal to ${describeType(right)}: this is always ${operator === "!="}`,
    };
  }
  const isOrdered = (one: Concrete, other: Concrete): boolean =>
    family(one) === family(other) && one.kind !== "map" && one.kind !== "null";
  if (a.some((one) => b.some((other) => isOrdered(one, other)))) return undefined;
  return { kind: "fails", message: `"${operator}" cannot compare ${describeType(left)} with ${describeType(right)}` };
};

const membershipMistake = (
  operator: "in" | "not in",
  left: Type,
  items: readonly Concrete[] | undefined,
  right: Type,
  containers: readonly Concrete[],
): ComparisonMistake | undefined => {
  const looksIn = containers.filter(({ kind }) => kind === "str" || kind === "list" || kind === "map");
  if (looksIn.length === 0) {
    return {
      kind: "fails",
      message: `"${operator}" looks in a list, a mapping or a string, not in ${describeType(right)}`,
    };
  }
  if (items === undefined) return undefined;
  const isTextOnly = looksIn.every(({ kind }) => kind === "str");
  if (isTextOnly && items.every(({ kind }) => kind !== "str")) {
    return {
      kind: "fails",
      message: `a string cannot hold ${describeType(left)}: "${operator}" looks for a string in it`,
    };
  }
  if (items.some(({ kind }) => kind === "null")) return undefined;
  const neverHolds = looksIn.every((container) => {
    const found = container.kind === "list" ? alternatives(container.item) : undefined;
    return found !== undefined && found.every((one) => items.every((item) => family(one) !== family(item)));
  });
  if (!neverHolds) return undefined;
  return {
    kind: "constant",
    message: `${describeType(left)} is never among these: this is always ${operator === "not in"}`,
  };
};

/**
 * Whether the mismatch may be gone as soon as somebody gives the variable on the command line, where all values are
 * texts: `-e flag=true` for a boolean, `-e port=22` for a number.
 */
export const maySettleByText = (left: Type, right: Type, text: string | undefined): boolean => {
  const variable = isWeak(left) ? left : isWeak(right) ? right : undefined;
  if (variable === undefined || text === undefined) return false;
  const isBoolean = alternatives(variable)?.every(({ kind }) => kind === "bool") ?? true;
  return isBoolean && /^(?:y|yes|on|true|n|no|off|false|0|1)$/i.test(text);
};
