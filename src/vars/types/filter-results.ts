import {
  alternatives,
  any,
  bool,
  type Concrete,
  float,
  int,
  itemOfIterable,
  listOf,
  type MapType,
  mapWith,
  nothing,
  openMap,
  str,
  tupleOf,
  type Type,
  union,
} from "./type.ts";
import type { TypedArgument } from "./signature.ts";

/** A filter's call, as far as it is known. */
export interface FilterCall {
  readonly input: Type;
  readonly args: readonly TypedArgument[];
  /** The text of an argument that is written as one: by position, or by name. */
  readonly text: (argument: number | string) => string | undefined;
}

type Result = (call: FilterCall) => Type;

const argument = ({ args }: FilterCall, index: number, name: string): Type | undefined => {
  const positional = args.filter((one) => one.name === undefined);
  return (args.find((one) => one.name === name) ?? positional[index])?.type;
};

const item: Result = ({ input }) => itemOfIterable(input);
const list: Result = ({ input }) => listOf(itemOfIterable(input));

/** What is in one of both lists. */
const together: Result = (call) => {
  const other = argument(call, 0, "other");
  return other === undefined ? listOf(any) : listOf(union([itemOfIterable(call.input), itemOfIterable(other)]));
};

const fallback: Result = (call) => union([call.input, argument(call, 0, "default_value") ?? str]);

const each = (type: Type, make: (one: Concrete) => Type): Type => {
  const found = alternatives(type);
  return found === undefined ? any : union(found.map(make));
};

/** A number where the input can be read as one, else the default. */
const number =
  (made: Concrete): Result =>
  (call) =>
    union([made, argument(call, 0, "default") ?? made]);

const valuesOf = (map: MapType): Type => (map.isOpen ? any : union([...map.keys.values()]));

const pairs: Result = ({ input }) =>
  listOf(each(input, (one) => (one.kind === "map" ? tupleOf(str, valuesOf(one)) : any)));

const dict2items: Result = (call) => {
  const [key, value] = [call.text("key_name") ?? call.text(0), call.text("value_name") ?? call.text(1)];
  if (call.args.length > 0 && (key === undefined || value === undefined)) return listOf(any);
  return listOf(
    each(call.input, (one) =>
      one.kind === "map" ? mapWith({ [key ?? "key"]: str, [value ?? "value"]: valuesOf(one) }) : any,
    ),
  );
};

const combine: Result = ({ input, args }) => {
  const parts = [input, ...args.filter(({ name }) => name === undefined).map(({ type }) => type)];
  const keys = new Map<string, Type>();
  let isOpen = false;
  for (const part of parts) {
    const found = alternatives(part);
    const [only] = found ?? [];
    if (found?.length !== 1 || only?.kind !== "map") return openMap();
    isOpen ||= only.isOpen;
    // With `recursive` what is inside is merged as well, so only the keys are sure.
    for (const [key, type] of only.keys) keys.set(key, keys.has(key) ? any : type);
  }
  return { kind: "map", keys, isOpen, weak: true };
};

const results: Readonly<Record<string, Result>> = {
  bool: ({ input }) => each(input, (one) => (one.kind === "null" ? nothing : bool)),
  combine,
  d: fallback,
  default: fallback,
  dict2items,
  dictsort: pairs,
  difference: list,
  first: item,
  float: number(float),
  int: number(int),
  intersect: list,
  items: pairs,
  last: item,
  list,
  mandatory: ({ input }) => input,
  max: item,
  min: item,
  regex_search: ({ args }) =>
    args.filter(({ name }) => name === undefined).length > 1 ? union([listOf(any), nothing]) : union([str, nothing]),
  reject: list,
  rejectattr: list,
  reverse: ({ input }) => each(input, (one) => (one.kind === "str" ? str : listOf(itemOfIterable(one)))),
  select: list,
  selectattr: list,
  shuffle: list,
  sort: list,
  subelements: ({ input }) =>
    listOf(
      tupleOf(
        each(input, (one) => (one.kind === "list" ? one.item : any)),
        any,
      ),
    ),
  symmetric_difference: together,
  ternary: (call) =>
    union([
      argument(call, 0, "true_val") ?? any,
      argument(call, 1, "false_val") ?? any,
      argument(call, 2, "none_val") ?? argument(call, 0, "true_val") ?? any,
    ]),
  union: together,
  unique: list,
};

/** The type that a filter gives for this input, where it depends on that; `usual` is that of the signature. */
export const filterResult = (name: string, call: FilterCall, usual: Type): Type => {
  const short = name.replace(/^ansible\.(?:builtin|legacy)\./, "");
  return (Object.hasOwn(results, short) ? results[short]?.(call) : undefined) ?? usual;
};
