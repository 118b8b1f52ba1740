import {
  any,
  bool,
  type Concrete,
  describeType,
  float,
  int,
  listOf,
  nothing,
  openMap,
  str,
  type Type,
  union,
} from "./type.ts";
import { alternatives } from "./type.ts";

/** What a filter, test, method or function takes and gives. */
export interface Signature {
  /** What it is applied to. */
  readonly input: Wanted;
  readonly parameters: readonly Parameter[];
  readonly result: Type;
}

/** A parameter; `*name` takes all further arguments, `**name` all further named ones. */
export interface Parameter {
  readonly name: string;
  readonly isOptional: boolean;
  readonly wanted: Wanted;
}

/** The kinds of values that are taken; undefined where all are. */
export type Wanted = { readonly kinds: ReadonlySet<Concrete["kind"]>; readonly words: string } | undefined;

const wanted: Readonly<Record<string, Wanted>> = {
  any: undefined,
  str: { kinds: new Set(["str"]), words: "a string" },
  "str?": { kinds: new Set(["str", "null"]), words: "a string" },
  int: { kinds: new Set(["int", "bool", "null"]), words: "a whole number" },
  num: { kinds: new Set(["int", "float", "bool"]), words: "a number" },
  list: { kinds: new Set(["list"]), words: "a list" },
  map: { kinds: new Set(["map"]), words: "a mapping" },
  seq: { kinds: new Set(["list", "map", "str"]), words: "a list, a mapping or a string" },
  "seq?": { kinds: new Set(["list", "map", "str", "null"]), words: "a list, a mapping or a string" },
};

const results: Readonly<Record<string, Type>> = {
  any,
  bool,
  int,
  float,
  str,
  null: nothing,
  num: union([int, float]),
  "str?": union([str, nothing]),
  list: listOf(any),
  "list<str>": listOf(str),
  "list<list>": listOf(listOf(any)),
  map: openMap(),
};

/** Reads a signature such as `any (old, new, count?: int) -> str`: `?` marks what may be left out. */
export const signature = (written: string): Signature => {
  const [, input = "", parameters = "", result = ""] = /^(\S+) \((.*)\) -> (\S+)$/.exec(written) ?? [];
  return {
    input: wantedOf(input),
    parameters: parameters === "" ? [] : parameters.split(", ").map(parameter),
    result: results[result] ?? unknownWord(result),
  };
};

const parameter = (written: string): Parameter => {
  const [, name = "", mark, type = "any"] = /^(\*{0,2}\w+)(\?)?(?:: (\S+))?$/.exec(written) ?? [];
  return { name, isOptional: mark !== undefined || name.startsWith("*"), wanted: wantedOf(type) };
};

const wantedOf = (word: string): Wanted => (Object.hasOwn(wanted, word) ? wanted[word] : unknownWord(word));

const unknownWord = (word: string): never => {
  throw new Error(`Internal error: a signature says "${word}"`);
};

/** Whether a value of the type may be one of those that are wanted. */
export const fits = (type: Type, kinds: Wanted): boolean =>
  kinds === undefined || (alternatives(type)?.some(({ kind }) => kinds.kinds.has(kind)) ?? true);

/** The parameters as they are told: `(old, new, [count])`. */
export const describeParameters = (parameters: readonly Parameter[]): string => {
  if (parameters.length === 0) return "no arguments";
  const names = parameters.map(({ name, isOptional }) => {
    if (name.startsWith("**")) return `[${name.slice(2)}=…]`;
    if (name.startsWith("*")) return `[${name.slice(1)}, …]`;
    return isOptional ? `[${name}]` : name;
  });
  return `(${names.join(", ")})`;
};

/** An argument of a call, as far as it is known. */
export interface TypedArgument {
  readonly name: string | undefined;
  readonly type: Type;
}

/** What is wrong with the arguments of a call; `argument` is the index of the one to point at. */
export interface ArgumentMistake {
  readonly message: string;
  readonly argument?: number;
  /** A name that there is no parameter of. */
  readonly unknown?: string;
}

/** The first thing that is wrong with a call's arguments, or undefined. `what` is `filter "replace"`. */
export const mistakeInCall = (
  what: string,
  { parameters }: Pick<Signature, "parameters">,
  args: readonly TypedArgument[],
): ArgumentMistake | undefined => {
  const takes = `${what} takes ${describeParameters(parameters)}`;
  const named = parameters.filter(({ name }) => !name.startsWith("*"));
  const takesRest = parameters.some(({ name }) => /^\*[^*]/.test(name));
  const takesOthers = parameters.some(({ name }) => name.startsWith("**"));
  const given = new Set<string>();
  let position = 0;
  for (const [index, { name, type }] of args.entries()) {
    const target = name === undefined ? named[position++] : named.find((one) => one.name === name);
    if (target === undefined) {
      if (name === undefined ? takesRest : takesOthers) continue;
      const excess = name === undefined ? `there is one argument too many` : `there is no argument "${name}"`;
      return { message: `${excess}: ${takes}`, argument: index, ...(name === undefined ? {} : { unknown: name }) };
    }
    if (given.has(target.name))
      return { message: `the argument "${target.name}" is given twice: ${takes}`, argument: index };
    given.add(target.name);
    if (!fits(type, target.wanted)) {
      const words = target.wanted?.words ?? "";
      return {
        message: `the argument "${target.name}" of ${what} is ${describeType(type)}, and must be ${words}`,
        argument: index,
      };
    }
  }
  const missing = named.find(({ name, isOptional }) => !isOptional && !given.has(name));
  return missing === undefined ? undefined : { message: `the argument "${missing.name}" is missing: ${takes}` };
};
