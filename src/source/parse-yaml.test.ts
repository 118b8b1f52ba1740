import { describe, expect, it } from "vitest";
import type { Node } from "./node.ts";
import { parseYaml } from "./parse-yaml.ts";
import { SourceFile } from "./source-file.ts";

const plain = (node: Node): unknown => {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "seq") return node.items.map(plain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [String(key.value), plain(value)]));
};

const parsed = (text: string) => {
  const { root, problems } = parseYaml(new SourceFile("a.yml", text));
  return { value: root === undefined ? undefined : plain(root), problems: problems.map(({ message }) => message) };
};

describe("what PyYAML reads though the specification does not allow it", () => {
  it.each([
    ['a:\n    b: "x\n  y"\n', { a: { b: "x y" } }],
    ["a:\n    b: 'x\ny\n\n\nz'\nc: 1\n", { a: { b: "x y\n\nz" }, c: 1 }],
    ["a: {\nb: 1,\n  c: [\n2, 'd\ne'\n]\n}\nf: 1\n", { a: { b: 1, c: [2, "d e"] }, f: 1 }],
  ])("%j", (text, value) => {
    expect(parsed(text)).toEqual({ value, problems: [] });
  });

  it("says where a quote begins that is never closed", () => {
    expect(parsed('a:\n  b: "x\nc: d\n').problems).not.toEqual([]);
  });
});
