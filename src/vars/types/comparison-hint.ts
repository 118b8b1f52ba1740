import type { Expr } from "../syntax/expression.ts";
import { pathOf } from "./guards.ts";
import { alternatives, type Type } from "./type.ts";

/** An expression with its type. */
export type TypedExpression = readonly [Expr, Type];

/** What to write instead of a comparison that cannot be meant. */
export const comparisonHint = (left: TypedExpression, right: TypedExpression): string | undefined => {
  const [[literal], [other, otherType]] = left[0].kind === "literal" ? [left, right] : [right, left];
  if (literal.kind !== "literal") return undefined;
  const kinds = new Set(alternatives(otherType)?.map(({ kind }) => kind));
  const path = pathOf(other);
  const { value } = literal;
  if (typeof value === "string" && (kinds.has("int") || kinds.has("float")) && /^-?\d+(?:\.\d+)?$/.test(value)) {
    return `write ${value} without quotes`;
  }
  if (kinds.has("bool") && typeof value === "string" && path !== undefined)
    return `it is true or false: write ${path}, or not ${path}`;
  if (typeof value === "number" && kinds.has("str")) {
    return path === undefined ? "make a number of the text with | int" : `make a number of the text: ${path} | int`;
  }
  if (kinds.has("list") && typeof value === "string" && path !== undefined)
    return `to look for an item write '${value}' in ${path}`;
  return undefined;
};
