import type { Omit } from "../omit.ts";
import type { PythonDate, PythonDuration } from "../python/datetime.ts";
import { LazyMap, Template } from "../value.ts";
import { Fault, UndefinedFault } from "./fault.ts";

/** A float whose value is whole: JavaScript's numbers cannot tell `5.0` from `5`, and Python prints them apart. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** The absence of a value, with what to say when it is used after all. */
export class Undefined {
  readonly message: string;
  /** The name of the missing variable; undefined when a key of something else is missing. */
  readonly variable: string | undefined;
  readonly at: number | undefined;

  constructor(message: string, variable?: string, at?: number) {
    this.message = message;
    this.variable = variable;
    this.at = at;
  }

  fault(): UndefinedFault {
    return new UndefinedFault(this.message, this.variable, this.at);
  }
}

/** What an inline `if` without `else` gives when its condition is false: it prints as nothing and counts as false. */
export class Nothing extends Undefined {
  constructor() {
    super("the inline if has no else, and its condition is false");
  }
}

/** A list that Python would call a tuple: it prints in round brackets and is a list once it leaves the template. */
export class Tuple extends Array<Live> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  static of2(first: Live, second: Live): Tuple {
    const pair = new Tuple();
    pair.push(first, second);
    return pair;
  }

  static fromItems(items: Iterable<Live>): Tuple {
    const result = new Tuple();
    for (const item of items) result.push(item);
    return result;
  }
}

/** What `groupby` gives: its parts are `grouper` and `list`, too. */
export class Group extends Tuple {
  static override of2(first: Live, second: Live): Group {
    const group = new Group();
    group.push(first, second);
    return group;
  }
}

/** What `range()` gives: it can be looped over and filtered, and is no final value. */
export class NumberRange extends Array<Live> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** A mapping whose entries are evaluated when they are asked for (`hostvars`). */
export class LazyEntries {
  readonly keys: () => Iterable<string>;
  readonly get: (key: string) => Live | undefined;

  constructor(keys: () => Iterable<string>, get: (key: string) => Live | undefined) {
    this.keys = keys;
    this.get = get;
  }
}

/** What `namespace()` gives: its attributes can be set from inside of a loop. */
export class Namespace {
  readonly kind = "Namespace";
  readonly attributes: Map<string, Live>;

  constructor(attributes: Iterable<readonly [string, Live]>) {
    this.attributes = new Map(attributes);
  }
}

/** The arguments of a call, evaluated. */
export interface CallArguments {
  readonly positional: readonly Live[];
  readonly named: ReadonlyMap<string, Live>;
}

/** A function of a template: a method, a global, a macro. */
export class Callable {
  readonly name: string;
  readonly call: (args: CallArguments) => Live;

  constructor(name: string, call: (args: CallArguments) => Live) {
    this.name = name;
    this.call = call;
  }
}

/**
 * A value during evaluation. `Template` and `LazyMap` occur only inside containers: `Evaluation.force` makes something
 * else of them when they are taken out.
 */
export type Live =
  | null
  | boolean
  | number
  | string
  | Float
  | Undefined
  | Omit
  | Callable
  | PythonDate
  | PythonDuration
  | LazyEntries
  | Namespace
  | LazyMap
  | Template
  | readonly Live[]
  | LiveMap;
/** A mapping of live values. */
export interface LiveMap {
  readonly [key: string]: Live;
}

/** Whether a value is a list (or a tuple, or a range). */
export const isList = (value: Live): value is readonly Live[] => Array.isArray(value);

/** Whether a value is a mapping whose entries are in hand (not LazyEntries). */
export const isMap = (value: Live): value is LiveMap => {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** A mapping from pairs; safe for keys such as `__proto__`. */
export const mapOf = (entries: Iterable<readonly [string, Live]>): LiveMap => Object.fromEntries(entries);

/** A key of a mapping, or undefined; never what JavaScript's objects inherit. */
export const ownValue = (map: LiveMap, key: string): Live | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined;

/** Python's name of a value's type, as its messages and `type_debug` use it. */
export const typeName = (value: Live): string => {
  if (value === null) return "NoneType";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  if (typeof value === "string" || value instanceof Template) return "str";
  if (value instanceof Float) return "float";
  if (value instanceof Tuple) return "tuple";
  if (value instanceof NumberRange) return "range";
  if (isList(value)) return "list";
  if (value instanceof Undefined) return "Undefined";
  if (value instanceof Callable) return "function";
  if (value instanceof LazyEntries || value instanceof LazyMap || isMap(value)) return "dict";
  return value.kind;
};

/** A number and whether Python would call it a float; booleans count as 1 and 0. Undefined for all else. */
export const numberOf = (value: Live): { readonly n: number; readonly float: boolean } | undefined => {
  if (typeof value === "number") return { n: value, float: !Number.isInteger(value) };
  if (typeof value === "boolean") return { n: value ? 1 : 0, float: false };
  if (value instanceof Float) return { n: value.value, float: true };
  return undefined;
};

/** A live number: whole floats keep their mark. */
export const liveNumber = (n: number, float: boolean): number | Float =>
  float && Number.isInteger(n) ? new Float(n) : n;

/** The value itself, unless it is undefined. @throws UndefinedFault */
export const defined = (value: Live): Live => {
  if (value instanceof Undefined) throw value.fault();
  return value;
};

/** Whether a value counts as true in Python. @throws UndefinedFault */
export const truthy = (value: Live): boolean => {
  if (value instanceof Nothing) return false;
  if (typeof value === "boolean") return value;
  if (value === null) return false;
  if (typeof value === "string") return value !== "";
  if (typeof value === "number") return value !== 0;
  if (value instanceof Float) return value.value !== 0;
  if (isList(value)) return value.length > 0;
  if (value instanceof Undefined) throw value.fault();
  if (value instanceof LazyEntries) return !isEmpty(value.keys());
  if (isMap(value)) return !isEmpty(Object.keys(value));
  return true;
};

const isEmpty = (values: Iterable<unknown>): boolean => {
  for (const value of values) return value === undefined;
  return true;
};

/** The whole number in a value. @throws Fault naming what wanted it */
export const integer = (value: Live, what: string): number => {
  const number = numberOf(defined(value));
  if (number === undefined || number.float) throw new Fault(`${what} must be an integer, not ${typeName(value)}`);
  return number.n;
};
