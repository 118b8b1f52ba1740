import { didYouMean } from "../../diagnostics/suggest.ts";
import { shownPath } from "./guards.ts";
import { methodSignature } from "./method-signatures.ts";
import { alternatives, any, type Concrete, describeType, str, type Type, union } from "./type.ts";

/**
 * The type of `object.key` or `object[key]`; undefined where nothing that the object may be has it. A method counts as
 * something that is there, but not where an `attribute` is picked.
 */
export const typeOfKey = (object: Type, key: string | number, how: "any" | "attribute" = "any"): Type | undefined => {
  const found = alternatives(object);
  if (found === undefined) return any;
  const types = found.flatMap((one) => keyOf(one, key, how) ?? []);
  return types.length === 0 ? undefined : union(types);
};

const keyOf = (object: Concrete, key: string | number, how: "any" | "attribute"): Type | undefined => {
  switch (object.kind) {
    case "map": {
      const type = object.keys.get(String(key));
      if (type !== undefined) return type;
      if (object.lacks?.(String(key)) !== undefined) return undefined;
      return object.isOpen || (how === "any" && isMethod("map", key)) ? any : undefined;
    }
    case "list":
      if (typeof key === "number") return object.parts?.[key] ?? object.item;
      return how === "any" && isMethod("list", key) ? any : undefined;
    case "str":
      if (typeof key === "number") return str;
      return how === "any" && isMethod("str", key) ? any : undefined;
    case "null":
    case "bool":
    case "int":
    case "float":
      return undefined;
  }
};

/** Those that Python has and Latchkey refuses by name count as well. */
const isMethod = (kind: "str" | "list" | "map", key: string | number): boolean =>
  methodSignature(kind, String(key)) !== undefined || refused[kind].has(String(key));

const refused: Readonly<Record<"str" | "list" | "map", ReadonlySet<string>>> = {
  str: new Set(
    "casefold encode expandtabs format_map isascii isdecimal isidentifier isprintable istitle maketrans translate".split(
      " ",
    ),
  ),
  list: new Set("append clear copy extend insert pop remove reverse sort".split(" ")),
  map: new Set("clear copy fromkeys pop popitem setdefault update".split(" ")),
};

/** More keys than this are no help in a message. */
const maxKeys = 12;

/** How a key that nothing has is told of; `path` is that of the object, where it has one. */
export const missingKey = (
  object: Type,
  key: string | number,
  path: string | undefined,
): { readonly message: string; readonly hint: string | undefined; readonly kind: "key" | "result" | "host" } => {
  const shown = path === undefined ? undefined : shownPath(path);
  const found = alternatives(object) ?? [];
  const maps = found.flatMap((one) => (one.kind === "map" ? [one] : []));
  const name =
    maps.find((map) => map.name !== undefined)?.name ?? (shown === undefined ? describeType(object) : `"${shown}"`);
  if (maps.length > 0) {
    const keys = [...new Set(maps.flatMap((map) => [...map.keys.keys()]))];
    const lacking = maps.map((map) => map.lacks?.(String(key))).find((hint) => hint !== undefined);
    const absent = lacking ?? maps.find((map) => map.absent !== undefined)?.absent;
    const all = keys.length === 0 || keys.length > maxKeys ? undefined : `it has ${keys.toSorted().join(", ")}`;
    const kind = maps.some((map) => map.isResult === true) ? "result" : "key";
    const hint = lacking ?? didYouMean(String(key), keys) ?? absent ?? all;
    const namesOf = maps.find((map) => map.namesOf !== undefined)?.namesOf;
    if (namesOf !== undefined) return { kind: "host", message: `the inventory has no ${namesOf} "${key}"`, hint };
    return { kind, message: `${name} has no key "${key}"`, hint };
  }
  const isList = found.every(({ kind }) => kind === "list");
  const what = path === undefined ? describeType(object) : `${name} is ${describeType(object)} and`;
  const listHint = path === undefined ? undefined : `take it from each item: ${shown} | map(attribute='${key}')`;
  return { kind: "key", message: `${what} has no key "${key}"`, hint: isList ? listHint : undefined };
};
