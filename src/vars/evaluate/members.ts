import { mapKey } from "../python/compare.ts";
import { PythonDate, PythonDuration } from "../python/datetime.ts";
import { characters } from "../python/text.ts";
import type { Evaluation } from "./evaluation.ts";
import { Fault } from "./fault.ts";
import {
  Group,
  isList,
  isMap,
  LazyEntries,
  type Live,
  Namespace,
  numberOf,
  ownValue,
  Tuple,
  typeName,
  Undefined,
} from "./live.ts";
import { method } from "./methods.ts";

/** `object.name`: a method of Python's first, then a key. A member of what is undefined is undefined too. */
export const memberOf = (object: Live, name: string | number, evaluation: Evaluation, at?: number): Live => {
  if (typeof name === "number") return itemOf(object, name, evaluation);
  if (object instanceof Undefined) return object;
  if (object instanceof Namespace) return object.attributes.get(name) ?? missing(object, name, at);
  const called = name.startsWith("_") ? undefined : method(object, name, evaluation);
  if (called !== undefined) return called;
  const own = attribute(object, name);
  if (own !== undefined) return own;
  // A key may hold None, which is a value.
  const value = keyed(object, name, evaluation);
  return value === undefined ? missing(object, name, at) : value;
};

/** `object[index]`: a key or position first, then a method of Python's. */
export const itemOf = (object: Live, index: Live, evaluation: Evaluation): Live => {
  if (object instanceof Undefined) return object;
  if (index instanceof Undefined) throw index.fault();
  const number = numberOf(index);
  if ((isList(object) || typeof object === "string") && number !== undefined && !number.float) {
    const items = typeof object === "string" ? characters(object) : object;
    const item = items[number.n < 0 ? items.length + number.n : number.n];
    return item === undefined ? missing(object, number.n) : evaluation.force(item);
  }
  const key = mapKey(index);
  if (object instanceof Namespace) return object.attributes.get(key) ?? missing(object, key);
  const value = keyed(object, key, evaluation);
  return value === undefined ? (method(object, key, evaluation) ?? missing(object, key)) : value;
};

/** Python's `object[start:stop:step]`. @throws Fault */
export const sliceOf = (object: Live, start: Live, stop: Live, step: Live): Live => {
  if (object instanceof Undefined) throw object.fault();
  if (!isList(object) && typeof object !== "string") throw new Fault(`'${typeName(object)}' object cannot be sliced`);
  const units = typeof object === "string" ? characters(object) : undefined;
  const by = bound(step) ?? 1;
  if (by === 0) throw new Fault("slice step cannot be zero");
  const size = units?.length ?? object.length;
  const clamp = (value: number | undefined, fallback: number): number => {
    if (value === undefined) return fallback;
    const positive = value < 0 ? value + size : value;
    return by > 0 ? Math.min(Math.max(positive, 0), size) : Math.min(Math.max(positive, -1), size - 1);
  };
  const from = clamp(bound(start), by > 0 ? 0 : size - 1);
  const to = clamp(bound(stop), by > 0 ? size : -1);
  const indexes: number[] = [];
  for (let index = from; by > 0 ? index < to : index > to; index += by) indexes.push(index);
  if (units !== undefined || typeof object === "string") return indexes.map((index) => units?.[index] ?? "").join("");
  const picked = indexes.map((index) => object[index] ?? null);
  return object instanceof Tuple ? Tuple.fromItems(picked) : picked;
};

const bound = (value: Live): number | undefined => {
  if (value === null) return undefined;
  if (value instanceof Undefined) throw value.fault();
  const number = numberOf(value);
  if (number === undefined || number.float) throw new Fault("slice indices must be integers or None");
  return number.n;
};

const keyed = (object: Live, key: string, evaluation: Evaluation): Live | undefined => {
  if (object instanceof LazyEntries) return object.get(key);
  const value = isMap(object) ? ownValue(object, key) : undefined;
  return value === undefined ? undefined : evaluation.force(value, key);
};

const missing = (object: Live, name: string | number, at?: number): Undefined =>
  new Undefined(
    typeof name === "number"
      ? `object of type '${typeName(object)}' has no element ${name}`
      : `object of type '${typeName(object)}' has no attribute '${name}'`,
    undefined,
    at,
  );

const attribute = (object: Live, name: string): Live | undefined => {
  if (object instanceof PythonDate) {
    const clock = object.clock();
    switch (name) {
      case "year":
      case "month":
      case "day":
      case "hour":
      case "minute":
      case "second":
      case "microsecond":
        return clock[name];
      default:
        return undefined;
    }
  }
  if (object instanceof Group) {
    if (name === "grouper") return object[0];
    if (name === "list") return object[1];
  }
  if (object instanceof PythonDuration) {
    if (name === "days") return object.days();
    if (name === "seconds") return object.seconds();
    if (name === "microseconds") return object.microseconds();
  }
  return undefined;
};
