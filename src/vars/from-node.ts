import type { Node, ScalarNode } from "../source/node.ts";
import { Expression, Template, type Value, type ValueMap, WholeFloat } from "./value.ts";

/** Whether a text has to be rendered before it is used. */
export const hasMarkers = (text: string): boolean => /\{[{%#]/.test(text);

/** The data of a trusted file's node: texts with template markers become templates, unless tagged `!unsafe`. */
export const toValue = (node: Node): Value => {
  switch (node.kind) {
    case "scalar":
      return scalarValue(node);
    case "seq":
      return node.items.map(toValue);
    case "map":
      return Object.fromEntries(
        node.entries.map((entry) => [String(entry.key.value), toValue(entry.value)]),
      ) as ValueMap;
  }
};

const scalarValue = (node: ScalarNode): Value => {
  const { value } = node;
  if (typeof value === "string" && node.tag !== "!unsafe" && hasMarkers(value)) return new Template(value, node.span);
  if (typeof value === "number" && Number.isInteger(value) && node.text.includes(".")) {
    return new WholeFloat(value, node.span);
  }
  return value;
};

/** A bare expression of a trusted file (`when: x == 1`); nothing at all is the empty expression. */
export const toExpression = (node: ScalarNode): Expression => new Expression(String(node.value ?? ""), node.span);
