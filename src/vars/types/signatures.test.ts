import { describe, expect, it } from "vitest";
import { dictMethods } from "../evaluate/dict-methods.ts";
import { listMethods } from "../evaluate/list-methods.ts";
import { stringMethods } from "../evaluate/string-methods.ts";
import { filterNames, findFilter } from "../filters/registry.ts";
import { findTest, testNames } from "../tests.ts";
import { filterSignature } from "./filter-signatures.ts";
import { methodSignature } from "./method-signatures.ts";
import { mistakeInCall, type Signature, type TypedArgument } from "./signature.ts";
import { testSignature } from "./test-signatures.ts";
import { int, listOf, str, type Type } from "./type.ts";

const namesOf = (signature: Signature | undefined): readonly string[] | undefined =>
  signature?.parameters.map(({ name }) => name);

describe("every signature has the parameters of what it describes", () => {
  it.each(filterNames)("filter %s", (name) => {
    expect(namesOf(filterSignature(name))).toEqual(findFilter(name)?.parameters);
  });

  it.each(testNames)("test %s", (name) => {
    expect(namesOf(testSignature(name))).toEqual(findTest(name)?.parameters);
  });

  const methods = { str: stringMethods, list: listMethods, map: dictMethods } as const;
  it.each(["str", "list", "map"] as const)("methods of %s", (kind) => {
    const described = Object.fromEntries(
      Object.keys(methods[kind]).map((name) => [name, namesOf(methodSignature(kind, name))]),
    );
    const there = Object.entries(methods[kind]).map(([name, { parameters }]) => [name, parameters]);
    expect(described).toEqual(Object.fromEntries(there));
  });
});

describe("mistakeInCall", () => {
  const said = (filter: string, positional: readonly Type[], named: Readonly<Record<string, Type>> = {}): unknown => {
    const args: TypedArgument[] = [
      ...positional.map((type) => ({ name: undefined, type })),
      ...Object.entries(named).map(([name, type]) => ({ name, type })),
    ];
    const found = filterSignature(filter);
    return found && mistakeInCall(`filter "${filter}"`, found, args)?.message;
  };

  it("says what a call takes", () => {
    expect(said("replace", [str])).toBe('the argument "new" is missing: filter "replace" takes (old, new, [count])');
    expect(said("replace", [str, str, int, int])).toBe(
      'there is one argument too many: filter "replace" takes (old, new, [count])',
    );
    expect(said("upper", [str])).toBe('there is one argument too many: filter "upper" takes no arguments');
    expect(said("replace", [str, str], { cuont: int })).toBe(
      'there is no argument "cuont": filter "replace" takes (old, new, [count])',
    );
    expect(said("replace", [str, str], { old: str })).toBe(
      'the argument "old" is given twice: filter "replace" takes (old, new, [count])',
    );
  });

  it("says which argument has the wrong type", () => {
    expect(said("replace", [str, str], { count: str })).toBe(
      'the argument "count" of filter "replace" is a string, and must be a whole number',
    );
    expect(said("regex_search", [listOf(str)])).toBe(
      'the argument "pattern" of filter "regex_search" is a list, and must be a string',
    );
  });

  it("is silent about right ones", () => {
    expect(said("replace", [str, str, int])).toBeUndefined();
    expect(said("combine", [str, str, str], { recursive: int })).toBeUndefined();
    expect(said("zip", [listOf(str), listOf(str)])).toBeUndefined();
  });
});
