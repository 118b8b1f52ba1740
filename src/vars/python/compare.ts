import { Fault } from "../evaluate/fault.ts";
import {
  defined,
  isList,
  isMap,
  LazyEntries,
  type Live,
  numberOf,
  ownValue,
  Tuple,
  typeName,
} from "../evaluate/live.ts";
import { PythonDate, PythonDuration } from "./datetime.ts";
import { mapView } from "./map-view.ts";
import { text } from "./text.ts";

/** Python's `==`. @throws UndefinedFault */
export const equal = (left: Live, right: Live): boolean => {
  if (left === right && typeof left !== "object") return true;
  const a = numberOf(defined(left));
  const b = numberOf(defined(right));
  if (a !== undefined || b !== undefined) return a !== undefined && b !== undefined && a.n === b.n;
  if (isList(left) && isList(right)) {
    return (
      left instanceof Tuple === right instanceof Tuple &&
      left.length === right.length &&
      left.every((item, index) => equal(item, right[index] ?? null))
    );
  }
  if (left instanceof PythonDate && right instanceof PythonDate) return left.wallMs === right.wallMs;
  if (left instanceof PythonDuration && right instanceof PythonDuration) return left.ms === right.ms;
  const leftMap = mapView(left);
  const rightMap = mapView(right);
  if (leftMap !== undefined && rightMap !== undefined) return equalMaps(leftMap, rightMap);
  return left === right;
};

const equalMaps = (left: { readonly [key: string]: Live }, right: { readonly [key: string]: Live }): boolean => {
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => {
      const other = ownValue(right, key);
      return other !== undefined && equal(left[key] ?? null, other);
    })
  );
};

/**
 * Python's order of two values: negative, zero or positive.
 *
 * @throws Fault when Python would not compare them, with its message
 */
export const order = (left: Live, right: Live, operator = "<"): number => {
  const a = numberOf(defined(left));
  const b = numberOf(defined(right));
  if (a !== undefined && b !== undefined) return a.n - b.n;
  if (typeof left === "string" && typeof right === "string") return orderTexts(left, right);
  if (isList(left) && isList(right) && left instanceof Tuple === right instanceof Tuple) {
    const length = Math.min(left.length, right.length);
    for (let index = 0; index < length; index += 1) {
      const x = left[index] ?? null;
      const y = right[index] ?? null;
      if (!equal(x, y)) return order(x, y, operator);
    }
    return left.length - right.length;
  }
  if (left instanceof PythonDate && right instanceof PythonDate) return left.wallMs - right.wallMs;
  if (left instanceof PythonDuration && right instanceof PythonDuration) return left.ms - right.ms;
  throw new Fault(`'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`);
};

/** Texts are ordered by code points; UTF-16 units differ from those beyond the basic plane. */
const orderTexts = (left: string, right: string): number => {
  if (left === right) return 0;
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const a = left.codePointAt(index) ?? 0;
    const b = right.codePointAt(index) ?? 0;
    if (a !== b) return a - b;
  }
  return left.length - right.length;
};

/** Python's `in`. @throws Fault */
export const contains = (container: Live, item: Live): boolean => {
  defined(item);
  if (isList(defined(container))) return (container as readonly Live[]).some((other) => equal(other, item));
  if (typeof container === "string") {
    if (typeof item === "string") return container.includes(item);
    throw new Fault(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (container instanceof LazyEntries) return typeof item === "string" && container.get(item) !== undefined;
  if (isMap(container)) return Object.hasOwn(container, mapKey(item));
  throw new Fault(`argument of type '${typeName(container)}' is not iterable`);
};

/** A value as the key of a mapping: all keys are texts here, as they are in JSON. */
export const mapKey = (value: Live): string => {
  if (typeof value === "string") return value;
  if (isList(value) || isMap(value) || value instanceof LazyEntries) {
    throw new Fault(`unhashable type: '${typeName(value)}'`);
  }
  if (value === null) return "null";
  const number = numberOf(defined(value));
  if (number === undefined) throw new Fault(`a ${typeName(value)} cannot be the key of a mapping`);
  return typeof value === "boolean" ? text(value) : String(number.n);
};
