/**
 * What is known of a value before it is there. Whatever is not sure is `any`, which fits everywhere. `weak` marks what
 * comes from a variable that may be set to something else the next time (`-e`, another inventory).
 */
export type Type =
  | { readonly kind: "any" }
  | Concrete
  | { readonly kind: "union"; readonly of: readonly Type[] }
  /** Made when it is asked for: the value of a variable that is a template. */
  | { readonly kind: "lazy"; readonly force: () => Type };

/** A type that is neither open nor one of several. */
export type Concrete = ScalarType | ListType | MapType;

/** A value that holds no others. */
export interface ScalarType {
  readonly kind: "null" | "bool" | "int" | "float" | "str";
  readonly weak?: true;
}

/** A list; `parts` are the types of a tuple's items, one by one. */
export interface ListType {
  readonly kind: "list";
  readonly item: Type;
  readonly parts?: readonly Type[];
  readonly weak?: true;
}

/** A mapping: its keys, and whether there may be others. */
export interface MapType {
  readonly kind: "map";
  readonly keys: ReadonlyMap<string, Type>;
  readonly isOpen: boolean;
  /** What to do where an open one lacks a key for certain; undefined where it may be there. */
  readonly lacks?: (key: string) => string | undefined;
  /** What its keys are names of, where it is a part of the inventory. */
  readonly namesOf?: "group" | "host";
  /** What it is, for messages: `the result of "stat"`. */
  readonly name?: string;
  /** A task's result, or a part of one. */
  readonly isResult?: true;
  /** What to do where it has not the key that is asked for. */
  readonly absent?: string;
  readonly weak?: true;
}

export const any: Type = { kind: "any" };
export const nothing: Concrete = { kind: "null" };
export const bool: Concrete = { kind: "bool" };
export const int: Concrete = { kind: "int" };
export const float: Concrete = { kind: "float" };
export const str: Concrete = { kind: "str" };

/** A list of items of one type. */
export const listOf = (item: Type): ListType => ({ kind: "list", item });

/** A list of a fixed length: a tuple. */
export const tupleOf = (...parts: readonly Type[]): ListType => ({ kind: "list", item: union(parts), parts });

/** A mapping with exactly these keys. */
export const mapWith = (keys: Readonly<Record<string, Type>>): MapType => ({
  kind: "map",
  keys: new Map(Object.entries(keys)),
  isOpen: false,
});

/** A mapping with these keys and any others. */
export const openMap = (keys: Readonly<Record<string, Type>> = {}): MapType => ({ ...mapWith(keys), isOpen: true });

/** A type that is made when it is asked for, once. */
export const lazy = (make: () => Type): Type => {
  let made: Type | undefined;
  // One that needs itself for that is of any type.
  let isMaking = false;
  const force = (): Type => {
    if (isMaking) return any;
    if (made === undefined) {
      isMaking = true;
      made = make();
      isMaking = false;
    }
    return made;
  };
  return { kind: "lazy", force };
};

/** More types than this together are as good as any. */
const maxAlternatives = 12;

/** What the value can be, one by one; undefined where that is not known. */
export const alternatives = (type: Type): readonly Concrete[] | undefined => {
  const found = new Set<Concrete>();
  return addAlternatives(type, found, new Set()) && found.size <= maxAlternatives ? [...found] : undefined;
};

/** Variables that are made of each other are of any type. */
const addAlternatives = (type: Type, found: Set<Concrete>, forced: Set<Type>): boolean => {
  switch (type.kind) {
    case "any":
      return false;
    case "lazy": {
      if (forced.has(type)) return false;
      forced.add(type);
      const known = addAlternatives(type.force(), found, forced);
      forced.delete(type);
      return known;
    }
    case "union":
      return type.of.every((inner) => addAlternatives(inner, found, forced));
    case "null":
    case "bool":
    case "int":
    case "float":
    case "str":
    case "list":
    case "map":
      found.add(type);
      return true;
  }
};

/** One of several types. */
export const union = (types: readonly Type[]): Type => {
  const scalars = new Set<string>();
  const kept: Type[] = [];
  for (const type of types) {
    if (type.kind === "any") return any;
    if (type.kind === "lazy" || type.kind === "union" || type.kind === "list" || type.kind === "map") {
      if (!kept.includes(type)) kept.push(type);
      continue;
    }
    const key = `${type.kind}${type.weak === true ? "?" : ""}`;
    if (!scalars.has(key)) kept.push(type);
    scalars.add(key);
  }
  const [only] = kept;
  if (kept.length === 0 || only === undefined) return any;
  return kept.length === 1 ? only : { kind: "union", of: kept };
};

/** The same type as that of a variable: the next time it may be set to something else. */
export const weakened = (type: Type): Type =>
  lazy(() => {
    const found = alternatives(type);
    return found === undefined ? any : union(found.map((one): Concrete => ({ ...one, weak: true })));
  });

/** The type of a list's items when it is gone through: a mapping gives its keys, a text its characters. */
export const itemOfIterable = (type: Type): Type => {
  const found = alternatives(type);
  if (found === undefined) return any;
  return union(
    found.map((one) => {
      if (one.kind === "list") return one.item;
      return one.kind === "map" || one.kind === "str" ? str : any;
    }),
  );
};

const words: Readonly<Record<Concrete["kind"], string>> = {
  null: "null",
  bool: "a boolean",
  int: "a number",
  float: "a number",
  str: "a string",
  list: "a list",
  map: "a mapping",
};

/** The type in words: `a string or null`. */
export const describeType = (type: Type): string => {
  const found = alternatives(type);
  if (found === undefined) return "anything";
  return [...new Set(found.map(({ kind }) => words[kind]))].join(" or ");
};

/** Whether any of it comes from a variable that may be set to something else. */
export const isWeak = (...types: readonly Type[]): boolean =>
  types.some((type) => alternatives(type)?.some(({ weak }) => weak === true) ?? true);
