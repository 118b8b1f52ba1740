import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unifiedDiff } from "./unified-diff.ts";

describe("unifiedDiff", () => {
  it("shows changes with three lines of context, and far changes in hunks of their own", () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join("");
    const after = before.replace("line 2\n", "line two\n").replace("line 19\n", "");
    expect(unifiedDiff(before, after).join("\n")).toMatchInlineSnapshot(`
      "@@ -1,5 +1,5 @@
       line 1
      -line 2
      +line two
       line 3
       line 4
       line 5
      @@ -16,5 +16,4 @@
       line 16
       line 17
       line 18
      -line 19
       line 20"
    `);
  });

  it("shows new and emptied files, and a missing final newline", () => {
    expect(unifiedDiff("", "a\nb\n")).toEqual(["@@ -0,0 +1,2 @@", "+a", "+b"]);
    expect(unifiedDiff("a\n", "")).toEqual(["@@ -1 +0,0 @@", "-a"]);
    expect(unifiedDiff("a", "a\n")).toEqual(["@@ -1 +1 @@", "-a\n\\ No newline at end of file", "+a"]);
    expect(unifiedDiff("same", "same")).toEqual([]);
  });

  it("turns the old text into the new one when it is applied", () => {
    const text = fc.array(fc.constantFrom("a\n", "b\n", "c\n", "d\n", "\n"), { maxLength: 40 }).map((l) => l.join(""));
    const tail = fc.constantFrom("", "x");
    fc.assert(
      fc.property(text, text, tail, tail, (a, b, tailA, tailB) => {
        expect(applyDiff(a + tailA, unifiedDiff(a + tailA, b + tailB))).toBe(b + tailB);
      }),
      { numRuns: 300 },
    );
  });

  it("stays quick when two large texts have nothing in common", () => {
    const large = (mark: string) => Array.from({ length: 20_000 }, (_, index) => `${mark}${index}\n`).join("");
    expect(unifiedDiff(large("a"), large("b"))).toHaveLength(40_001);
  }, 5_000);
});

/** What patch(1) does: checks each hunk's place and old lines, and puts the new ones there. */
const applyDiff = (before: string, diff: readonly string[]): string => {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const out: string[] = [];
  let index = 0;
  for (const line of diff) {
    const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,\d+)? @@$/.exec(line);
    const text = line.endsWith("\n\\ No newline at end of file") ? line.slice(1).split("\n")[0] : `${line.slice(1)}\n`;
    if (header !== null) {
      const start = header[2] === "0" ? Number(header[1]) : Number(header[1]) - 1;
      while (index < start) out.push(old[index++] ?? "");
    } else {
      if (!line.startsWith("+")) expect(old[index++]).toBe(text);
      if (!line.startsWith("-")) out.push(text ?? "");
    }
  }
  return out.join("") + old.slice(index).join("");
};
