import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editLines } from "./edit-lines.ts";
import type { LineinfileArguments } from "./lineinfile.schema.ts";

const defaults: LineinfileArguments = {
  path: "/x",
  state: "present",
  backrefs: false,
  firstmatch: false,
  create: false,
  backup: false,
  unsafe_writes: false,
  encoding: "utf-8",
};

const edit = (text: string, args: Partial<LineinfileArguments>): string => {
  const result = editLines(Buffer.from(text).toString("latin1"), { ...defaults, ...args });
  return result.ok ? `${result.value.msg}|${Buffer.from(result.value.text, "latin1").toString()}` : result.error;
};

// The outcomes are what ansible-core 2.14 gives for the same arguments.
describe("editLines", () => {
  it.each<[string, Partial<LineinfileArguments>, string]>([
    ["", { line: "a" }, "line added|a\n"],
    ["a\r\n", { line: "a" }, "line replaced|a\n"],
    ["a", { line: "a" }, "line replaced|a\n"],
    ["x", { line: "a" }, "line added|x\na\n"],
    ["x\r", { line: "a" }, "line added|x\ra\n"],
    ["b\na\nb\n", { line: "c", regexp: "b" }, "line replaced|b\na\nc\n"],
    ["b\na\nb\n", { line: "c", regexp: "b", firstmatch: true }, "line replaced|c\na\nb\n"],
    ["b\na\n", { line: "c", search_string: "b" }, "line replaced|c\na\n"],
    ["b\na\nb\n", { line: "c", insertafter: "b" }, "line added|b\na\nb\nc\n"],
    ["b\na\nb\n", { line: "c", insertafter: "b", firstmatch: true }, "line added|b\nc\na\nb\n"],
    ["b\na\nb\n", { line: "c", insertbefore: "b" }, "line added|b\na\nc\nb\n"],
    ["b\nc\na\n", { line: "c", insertafter: "b", firstmatch: true }, "|b\nc\na\n"],
    ["b\n", { line: "c", insertbefore: "BOF" }, "line added|c\nb\n"],
    ["b\n", { line: "c", insertafter: "BOF" }, "line added|c\nb\n"],
    ["b\n", { line: "c", insertafter: "nowhere" }, "line added|b\nc\n"],
    ["b\n", { line: "c", insertbefore: "nowhere" }, "line added|b\nc\n"],
    ["k=1\n", { regexp: "(\\w)=(\\d)", line: "\\g<2>=\\1", backrefs: true }, "line replaced|1=k\n"],
    ["b\n", { regexp: "(x)", line: "\\1", backrefs: true }, "|b\n"],
    ["é\n", { regexp: "^..$", line: "e" }, "line replaced|e\n"],
    ["a\nb\na\n", { state: "absent", line: "a" }, "2 line(s) removed|b\n"],
    ["a\nb", { state: "absent", regexp: "b|c" }, "1 line(s) removed|a\n"],
    ["a\nb", { state: "absent", search_string: "c" }, "|a\nb"],
  ])("%j with %j", (text, args, expected) => {
    expect(edit(text, args)).toBe(expected);
  });

  it("finds nothing to do the second time, whatever the text", () => {
    const line = fc.constantFrom("a", "b", "ab", "# a", "é", " a");
    const lines = fc.array(fc.constantFrom("a", "b", "ab", "", "# a", "é"));
    const place = fc.constantFrom({}, { insertafter: "b" }, { insertbefore: "^a" }, { insertbefore: "BOF" });
    fc.assert(
      fc.property(lines, fc.boolean(), line, place, (texts, ends, wanted, where) => {
        const first = edit(texts.join("\n") + (ends ? "\n" : ""), { line: wanted, ...where });
        const text = first.slice(first.indexOf("|") + 1);
        expect(edit(text, { line: wanted, ...where })).toBe(`|${text}`);
        expect(text.split(/\r?\n/)).toContain(wanted);
      }),
    );
  });

  it("says which pattern is wrong", () => {
    expect(edit("a", { line: "a", insertafter: "[" })).toMatch(/^invalid insertafter "\["/);
  });
});
