import { isList, isMap, type Live, mapOf, Tuple } from "./live.ts";

/** A value whose lists and mappings are its own, however deep. */
export const copyOf = (value: Live): Live => {
  if (value instanceof Tuple) return Tuple.fromItems(value.map(copyOf));
  if (isList(value)) return value.map(copyOf);
  if (isMap(value)) return mapOf(Object.entries(value).map(([key, item]) => [key, copyOf(item)] as const));
  return value;
};
