import { describe, expect, it } from "vitest";
import { locateInScalar } from "./locate.ts";
import type { ScalarNode } from "./node.ts";
import { parseYaml } from "./parse-yaml.ts";
import { SourceFile } from "./source-file.ts";

/** What stands in the file where the value's `needle` is located. */
const found = (text: string, needle: string): string => {
  const file = new SourceFile("x.yml", text);
  const { root } = parseYaml(file);
  const node = (root?.kind === "map" ? root.entries[0]?.value : root) as ScalarNode;
  const value = String(node.value);
  const at = value.indexOf(needle);
  const span = locateInScalar(node.span, value, at, at + needle.length);
  const { line, column } = file.position(span.start);
  return `${line}:${column} ${file.text.slice(span.start, span.end)}`;
};

describe("locateInScalar", () => {
  it.each([
    ["plain", "a: one {two} three", "two", "1:9 two"],
    ["quoted", `a: "one two"`, "two", "1:9 two"],
    ["literal block", "a: |\n  one\n  two\n  three two\n", "three", "4:3 three"],
    ["folded block", "a: >-\n  one\n  two\n  three\n\n  four\n", "three", "4:3 three"],
    ["folded block, across lines", "a: >-\n  one\n  two three\n", "one two", "2:3 one\n  two"],
    ["plain over several lines", "a: one\n  two\n  three\n", "three", "3:3 three"],
    ["quoted over several lines", `a: "one\n  two\n  three"`, "three", "3:3 three"],
    ["escapes before it", String.raw`a: "say \"hi\" \\ \u00e9 two"`, "two", "1:26 two"],
    ["a line break that is written", String.raw`a: "one\ntwo"`, "two", "1:10 two"],
    ["doubled quotes", "a: 'it''s two'", "two", "1:11 two"],
    ["the second of two", "a: >\n  x x\n  x y\n", "x y", "3:3 x y"],
  ])("%s", (_, text, needle, expected) => {
    expect(found(text, needle)).toBe(expected);
  });

  it("gives the whole scalar where the value is another text", () => {
    const file = new SourceFile("x.yml", "abc");
    const span = { file, start: 0, end: 3 };
    expect(locateInScalar(span, "something else", 0, 4)).toBe(span);
  });
});
