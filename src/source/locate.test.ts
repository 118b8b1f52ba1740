import { describe, expect, it } from "vitest";
import { parseYaml } from "./parse-yaml.ts";
import { locateInScalar } from "./locate.ts";
import { SourceFile } from "./source-file.ts";

/** Where the first `needle` of the value of `x` is said to stand, as LINE:COLUMN and the text there. */
const located = (yaml: string, needle: string): string => {
  const file = new SourceFile("a.yml", yaml);
  const { root } = parseYaml(file);
  const node = root?.kind === "map" ? root.entries[0]?.value : undefined;
  if (node?.kind !== "scalar") throw new Error("no scalar");
  const value = String(node.value);
  const at = value.indexOf(needle);
  const span = locateInScalar(node.span, value, at, at + needle.length);
  const { line, column } = file.position(span.start);
  return `${line}:${column} ${file.text.slice(span.start, span.end)}`;
};

describe("locateInScalar", () => {
  it.each([
    ["plain", "x: one two\n", "two", "1:8 two"],
    ["plain, folded", "x: one\n  two three\n", "three", "2:7 three"],
    ["single-quoted", "x: 'it''s two'\n", "two", "1:11 two"],
    ["single-quoted, folded", "x: 'one\n\n  it''s two'\n", "two", "3:9 two"],
    ["double-quoted", 'x: "a\\tb\\n\\"two\\" \\u0074hree"\n', "three", "1:19 \\u0074hree"],
    ["double-quoted, over lines", 'x: "one \\\n  two\n  three"\n', "three", "3:3 three"],
    ["literal", "x: |\n  one\n    two\n\n  three\n", "two", "3:5 two"],
    ["literal, the same line twice", "x: |-\n  one\n  two\n  one three\n", "three", "4:7 three"],
    ["folded", "x: >\n  one\n  two\n\n  three\n  four\n", "four", "6:3 four"],
    ["a stretch over lines", "x: >-\n  one\n  two\n", "one two", "2:3 one\n  two"],
    ["beyond the first plane", "x: 'a''😀 two'\n", "two", "1:11 two"],
  ])("finds its place in a scalar that is %s", (_style, yaml, needle, expected) => {
    expect(located(yaml, needle)).toBe(expected);
  });
});
