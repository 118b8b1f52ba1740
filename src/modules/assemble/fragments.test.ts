import { describe, expect, it } from "vitest";
import { chooseFragments, delimiterBytes, joinFragments } from "./fragments.ts";

describe("chooseFragments", () => {
  it("orders by bytes, whatever stands first", () => {
    const names = ["b", "a", "Z", "-", ".c", "é", "10", "9", "\u{1F600}", "\uFF5E"];
    const sorted = ["-", ".c", "10", "9", "Z", "a", "b", "é", "\uFF5E", "\u{1F600}"];
    expect(chooseFragments(names, { ignore_hidden: false })).toEqual({ ok: true, value: sorted });
  });

  it("takes what the expression finds anywhere in a name, each name from its start", () => {
    const names = ["a.conf", "b.conf", "c.conf~", ".d.conf"];
    const regexp = "(?P<end>\\.conf)\\Z";
    expect(chooseFragments(names, { regexp, ignore_hidden: true })).toEqual({ ok: true, value: ["a.conf", "b.conf"] });
  });

  it("says what is wrong with the expression", () => {
    expect(chooseFragments([], { regexp: "(", ignore_hidden: false })).toEqual({
      ok: false,
      error: expect.stringMatching(/^invalid regexp "\(": ./),
    });
  });
});

describe("joinFragments", () => {
  const join = (contents: readonly string[], delimiter: string): string =>
    Buffer.from(
      joinFragments(
        contents.map((text) => Buffer.from(text)),
        Buffer.from(delimiter),
      ),
    ).toString();

  it.each([
    [["a\n", "b\n"], "", "a\nb\n"],
    [["a", "b"], "", "a\nb"],
    [["a", "b\n"], "--\n", "a\n--\nb\n"],
    [["", "b"], "--\n", "\n--\nb"],
    [["a"], "--\n", "a"],
    [[], "--\n", ""],
  ])("%j with %j", (contents, delimiter, expected) => {
    expect(join(contents, delimiter)).toBe(expected);
  });
});

it.each([
  [undefined, ""],
  ["", ""],
  ["# é", "# é\n"],
  ["\\n", "\n"],
  ["a\\tb\\\\n", "a\tb\\n\n"],
  ["\\x41\\102\\q", "AB\\q\n"],
])("the delimiter %j", (delimiter, expected) => {
  expect(Buffer.from(delimiterBytes(delimiter)).toString()).toBe(expected);
});
