import { LazyMap, Template, type Value, WholeFloat } from "../value.ts";
import { any, lazy, type MapType, type Type, union } from "./type.ts";

/** A longer list says no more than its first items. */
const maxItems = 50;

/**
 * The type of a variable's value. An empty text, list or mapping, or null, stands for something that is still to be
 * given: it is `any`, or may hold anything.
 */
export const typeOfValue = (value: Value, typeOfTemplate: (template: Template) => Type): Type => {
  if (value instanceof WholeFloat) return { kind: "float", weak: true };
  if (value instanceof Template) return lazy(() => typeOfTemplate(value));
  if (value === null || value === "" || value instanceof LazyMap) return any;
  if (typeof value === "boolean") return { kind: "bool", weak: true };
  if (typeof value === "number") return { kind: Number.isInteger(value) ? "int" : "float", weak: true };
  if (typeof value === "string") return { kind: "str", weak: true };
  if (!Array.isArray(value)) return typeOfMap(Object.entries(value), typeOfTemplate);
  return { kind: "list", item: itemType(value, typeOfTemplate), weak: true };
};

const itemType = (items: readonly Value[], typeOfTemplate: (template: Template) => Type): Type => {
  if (items.length === 0 || items.length > maxItems) return any;
  return lazy(() => union(items.map((item) => typeOfValue(item, typeOfTemplate))));
};

const typeOfMap = (
  entries: readonly (readonly [string, Value])[],
  typeOfTemplate: (template: Template) => Type,
): MapType => ({
  kind: "map",
  keys: new Map(entries.map(([key, value]) => [key, lazy(() => typeOfValue(value, typeOfTemplate))])),
  isOpen: entries.length === 0,
  weak: true,
});
