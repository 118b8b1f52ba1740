import type { MapNode, Node, ScalarNode } from "../source/node.ts";
import { Expression, Template, type Value, type ValueMap, Vaulted, WholeFloat } from "./value.ts";

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
      return (
        markedValue(node) ??
        (Object.fromEntries(node.entries.map((entry) => [String(entry.key.value), toValue(entry.value)])) as ValueMap)
      );
  }
};

/** What Ansible's own programs write as JSON: `{"__ansible_vault": …}` and `{"__ansible_unsafe": …}`. */
const markedValue = ({ entries: [entry, ...others] }: MapNode): Value | undefined => {
  if (entry === undefined || others.length > 0 || entry.value.kind !== "scalar") return undefined;
  const { value, span } = entry.value;
  if (typeof value !== "string") return undefined;
  if (entry.key.value === "__ansible_vault") return new Vaulted(value, span);
  return entry.key.value === "__ansible_unsafe" ? value : undefined;
};

const scalarValue = (node: ScalarNode): Value => {
  const { value } = node;
  if (node.tag === "!vault" && typeof value === "string") return new Vaulted(value, node.span);
  if (typeof value === "string" && node.tag !== "!unsafe" && hasMarkers(value)) return new Template(value, node.span);
  if (typeof value === "number" && Number.isInteger(value) && node.text.includes(".")) {
    return new WholeFloat(value, node.span);
  }
  return value;
};

/** Whether a scalar's value is known only once something is rendered or opened. */
export const isUnrendered = ({ value, tag }: ScalarNode): boolean =>
  tag === "!vault" || (typeof value === "string" && tag !== "!unsafe" && hasMarkers(value));

/** A bare expression of a trusted file (`when: x == 1`); nothing at all is the empty expression. */
export const toExpression = (node: ScalarNode): Expression => new Expression(String(node.value ?? ""), node.span);
