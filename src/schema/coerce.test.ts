import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coerce, unknownYet } from "./coerce.ts";
import type { OptionSchema } from "./option-schema.ts";

const made = (schema: OptionSchema, value: Parameters<typeof coerce>[1]): unknown => {
  const result = coerce(schema, value);
  return result.ok ? result.value : `${result.error.wanted}: ${result.error.reason}`;
};

describe("coerce", () => {
  it.each(["yes", "Yes", "on", "1", "true", "TRUE", "t", "y", 1, " yes ", true])("takes %j for true", (value) => {
    expect(made({ type: "boolean" }, value)).toBe(true);
  });

  it.each(["no", "off", "0", "False", "f", "n", 0, false])("takes %j for false", (value) => {
    expect(made({ type: "boolean" }, value)).toBe(false);
  });

  it.each(["maybe", "", 2, [[unknownYet]], {}])("takes %o for no boolean", (value) => {
    expect(made({ type: "boolean" }, value)).toMatch(/^bool: .*(?:is not a valid|cannot be converted to a) bool/);
  });

  it.each([
    ["22", 22],
    [" -7 ", -7],
    ["1_000", 1000],
    [true, 1],
    ["0644", 644],
  ])("takes %j for the integer %j", (value, wanted) => {
    expect(made({ type: "integer" }, value)).toBe(wanted);
  });

  it.each(["", "abc", "1.0", "0x10", 1.5, [[]]])("takes %j for no integer", (value) => {
    expect(made({ type: "integer" }, value)).toMatch(/^int: .* cannot be converted to an int$/);
  });

  it("makes texts as Python does", () => {
    expect(made({ type: "string" }, true)).toBe("True");
    expect(made({ type: "string" }, 1000)).toBe("1000");
    expect(made({ type: "string" }, 1.5)).toBe("1.5");
    expect(made({ type: "string" }, ["a"])).toBe("str: list cannot be converted to a str");
    expect(made({ type: "string" }, ["a", unknownYet])).toBe("str: list cannot be converted to a str");
  });

  it.each<[readonly string[], unknown, string]>([
    [["all", "no", "none", "safe", "yes"], false, "no"],
    [["all", "no", "none", "safe", "yes"], true, "yes"],
    [["all", "no", "none", "safe", "yes"], "False", "no"],
    [["auto", "on", "off"], true, "on"],
    [["0", "1"], false, "0"],
  ])("takes of the choices %j for %j the only one of its kind", (choices, value, wanted) => {
    expect(made({ type: "string", enum: choices }, value as never)).toBe(wanted);
  });

  it.each([
    [["yes", "on", "off"], true],
    [["safe", "none"], false],
    [["True", "yes"], true],
  ])("leaves it at the text where of the choices %j none or two are meant by %j", (choices, value) => {
    expect(made({ type: "string", enum: choices }, value)).toBe(value ? "True" : "False");
  });

  it("makes lists of texts and numbers, and coerces their elements", () => {
    const list: OptionSchema = { type: "array", items: { type: "string" } };
    expect(made(list, "a, b,c")).toEqual(["a", " b", "c"]);
    expect(made(list, 7)).toEqual(["7"]);
    expect(made(list, ["x", 1, true])).toEqual(["x", "1", "True"]);
    expect(made(list, { a: 1 })).toBe("list: dict cannot be converted to a list");
    expect(made({ type: "array", items: { type: "integer" } }, "1,x")).toBe("int: str cannot be converted to an int");
  });

  it("makes mappings of JSON and of pairs", () => {
    expect(made({ type: "object" }, '{"a": 1}')).toEqual({ a: 1 });
    expect(made({ type: "object" }, "a=1, b='x y' c=z")).toEqual({ a: "1", b: "x y", c: "z" });
    expect(made({ type: "object" }, "nothing")).toMatch(/^dict: /);
  });

  it("leaves a value of any accepted type alone", () => {
    const mode: OptionSchema = { type: ["string", "integer"] };
    expect(made(mode, 420)).toBe(420);
    expect(made(mode, "0644")).toBe("0644");
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(made({}, value as never)).toEqual(value);
      }),
    );
  });

  it("changes nothing the second time", () => {
    const type = fc.constantFrom("string", "boolean", "integer", "number", "array", "object");
    fc.assert(
      fc.property(type, fc.jsonValue(), (wanted, value) => {
        const schema = { type: wanted } as OptionSchema;
        const first = coerce(schema, value as never);
        if (first.ok) expect(coerce(schema, first.value)).toEqual(first);
      }),
    );
  });
});
