import { Omit, OMIT } from "../omit.ts";
import { PythonDate } from "../python/datetime.ts";
import { LazyMap, type Plain, Template, type Value } from "../value.ts";
import type { Evaluation } from "./evaluation.ts";
import { Fault } from "./fault.ts";
import {
  Float,
  isList,
  isMap,
  LazyEntries,
  type Live,
  Nothing,
  NumberRange,
  Tuple,
  typeName,
  Undefined,
} from "./live.ts";

/** Containers that were seen to hold plain data only; they leave as they are. */
const plain = new WeakSet<object>();

/**
 * A value as it leaves a template: every template in it rendered, omitted entries gone, only what JSON has.
 *
 * @throws Fault for what is undefined or cannot leave
 */
export const finalize = (value: Live | Value, evaluation: Evaluation): Plain | Omit => {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Float) return value.value;
  if (value instanceof Nothing) return "";
  if (value instanceof Undefined) throw value.fault();
  if (value instanceof Omit) return OMIT;
  if (value instanceof Template || value instanceof LazyMap) return finalize(evaluation.force(value), evaluation);
  if (value instanceof PythonDate) return value.toString();
  if (value instanceof LazyEntries) return finalizeMap(entriesOf(value), evaluation);
  if (value instanceof NumberRange) throw new Fault("a range is no final value: write range(…) | list");
  if (isList(value)) return finalizeList(value, evaluation);
  if (!isMap(value)) throw new Fault(`a value of type '${typeName(value)}' cannot leave a template`);
  // A map whose entries are plain is the map itself.
  if (plain.has(value)) return value as Plain;
  const entries = Object.entries(value);
  const result = finalizeMap(entries, evaluation);
  const unchanged =
    Object.keys(result).length === entries.length && entries.every(([key, item]) => result[key] === item);
  const kept = unchanged ? (value as { readonly [key: string]: Plain }) : result;
  plain.add(kept);
  return kept;
};

const entriesOf = (map: LazyEntries): readonly (readonly [string, Live])[] =>
  [...map.keys()].map((key) => [key, map.get(key) ?? null] as const);

const finalizeMap = (
  entries: readonly (readonly [string, Live])[],
  evaluation: Evaluation,
): { readonly [key: string]: Plain } => {
  const kept: [string, Plain][] = [];
  for (const [key, item] of entries) {
    const result = finalize(item instanceof Template ? evaluation.force(item, key) : item, evaluation);
    if (!(result instanceof Omit)) kept.push([key, result]);
  }
  return Object.fromEntries(kept);
};

const finalizeList = (list: readonly Live[], evaluation: Evaluation): readonly Plain[] => {
  if (plain.has(list)) return list as readonly Plain[];
  const result: Plain[] = [];
  for (const item of list) {
    const next = finalize(item, evaluation);
    if (!(next instanceof Omit)) result.push(next);
  }
  const unchanged =
    !(list instanceof Tuple) && result.length === list.length && list.every((item, index) => item === result[index]);
  const kept = unchanged ? (list as readonly Plain[]) : result;
  plain.add(kept);
  return kept;
};
