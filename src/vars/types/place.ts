import { childrenOf, type Expr } from "../syntax/expression.ts";

/** A stretch of a template's source: the first offset and the one after the last. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Where an expression stands, from its first name or literal to its last; brackets around it are not part of it. */
export const placeOf = (expr: Expr): Place | undefined => {
  let start = Infinity;
  let end = -1;
  const add = (from: number, to: number): void => {
    start = Math.min(start, from);
    end = Math.max(end, to);
  };
  if (expr.kind === "literal" || expr.kind === "embedded") add(expr.at, expr.end);
  if (expr.kind === "name" || expr.kind === "filter" || expr.kind === "test") add(expr.at, expr.at + expr.name.length);
  if (expr.kind === "member") add(expr.at, expr.at + String(expr.name).length);
  for (const child of childrenOf(expr)) {
    const inner = placeOf(child);
    if (inner !== undefined) add(inner.start, inner.end);
  }
  return end === -1 ? undefined : { start, end };
};
