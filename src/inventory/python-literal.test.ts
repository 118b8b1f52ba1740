import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPythonLiteral } from "./python-literal.ts";

const read = (text: string) => readPythonLiteral(text, (part) => part);

describe("readPythonLiteral", () => {
  it.each([
    ["5", 5],
    ["-5", -5],
    ["- 1", -1],
    ["+5", 5],
    ["1_000", 1000],
    ["0x10", 16],
    ["0o17", 15],
    ["0b11", 3],
    ["00", 0],
    ["-0", 0],
    ["1.50", 1.5],
    [".5", 0.5],
    ["09.5", 9.5],
    ["1e3", 1000],
    ["True", true],
    ["False", false],
    ["None", null],
    [" 5 ", 5],
    ["'a b'", "a b"],
    ['"a" "b"', "ab"],
    ["'''x'''", "x"],
    [String.raw`'a\x41\n\101\q'`, `aA\nA${String.raw`\q`}`],
    [String.raw`r'a\b'`, String.raw`a\b`],
    ["u'x'", "x"],
    ["''", ""],
    ["[]", []],
    ["[1, 'x', [True,],]", [1, "x", [true]]],
    ["10,20", [10, 20]],
    ["1,", [1]],
    ["()", []],
    ["(1)", 1],
    ["(1,)", [1]],
    ["{}", {}],
    ["{'a': {'b': 1}, 2: None}", { a: { b: 1 }, "2": null }],
    ["[1] # a comment", [1]],
    ["True # a comment", true],
  ])("reads %j", (text, value) => {
    expect(read(text)).toEqual({ kind: "value", value });
  });

  it.each([
    "yes",
    "true",
    "null",
    "0644",
    "10.0.0.1",
    "1.1.1",
    "56L",
    "1__0",
    "--1",
    "+-1",
    "1+1",
    "1 2",
    "a,b",
    "[a, b]",
    "[1 2]",
    "[1,",
    "[,]",
    "(,)",
    "'a",
    "''''",
    "'a' 1",
    "{'a' 1}",
    "{[1]: 2}",
    "not True",
    "Truely",
    "{{ x }}",
    "f'x'",
    ".",
    "",
    "#",
    "x # c",
    String.raw`'\x4'`,
    `${"[".repeat(200)}${"]".repeat(200)}`,
  ])("leaves %j a text", (text) => {
    expect(read(text)).toEqual({ kind: "text" });
  });

  it.each([
    ["{1, 2}", "a set"],
    ["1j", "a complex number"],
    ["b'x'", "bytes"],
    [String.raw`'\N{DASH}'`, "a character by its name"],
  ])("names what %j is", (text, what) => {
    expect(read(text)).toEqual({ kind: "unsupported", what });
  });

  it("gives every text inside to the caller", () => {
    expect(readPythonLiteral("['a', {'b': 'c'}]", (part) => `<${part}>`)).toEqual({
      kind: "value",
      value: ["<a>", { b: "<c>" }],
    });
  });

  it("keeps a key such as __proto__ as data", () => {
    const literal = read("{'__proto__': 1}");
    expect(literal.kind === "value" && Object.keys(literal.value as object)).toEqual(["__proto__"]);
  });

  it("reads back what JSON writes, true and null apart", () => {
    const data = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: "grapheme" }),
        fc.integer(),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.array(data), (value) => {
        expect(read(JSON.stringify(value))).toEqual({ kind: "value", value });
      }),
    );
  });
});
