import { describe, expect, it } from "vitest";
import { SourceFile } from "../source/source-file.ts";
import type { DiagnosticCode } from "./codes.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { applyIgnoreComments } from "./ignore-comments.ts";

describe("ignore comments", () => {
  /** A finding at each `@V21` of the text, which stands for something wrong; without a letter's case an error. */
  const apply = (text: string, canBeUnused = true) => {
    const file = new SourceFile("a.yml", text);
    const found = [...text.matchAll(/@(V\d\d)(!?)/g)].map(({ 1: code, 2: error, index }): Diagnostic => ({
      code: code as DiagnosticCode,
      severity: error === "!" ? "error" : "warning",
      message: "found",
      span: { file, start: index, end: index + 4 },
    }));
    const { kept, problems } = applyIgnoreComments(found, [file], () => canBeUnused);
    const tell = ({ code, message, span }: Diagnostic): string => {
      const { line, column } = file.position(span?.start ?? 0);
      return `${line}:${column} ${code} ${message}`;
    };
    return [...kept, ...problems].map(tell);
  };

  it.each([
    ["at the end of the line", "a: @V21 # latchkey-ignore: V21 set by hand\n"],
    ["over a key", "# latchkey-ignore: V21 set by hand\na: @V21\n"],
    ["over a key with a mapping", "# latchkey-ignore: V21 why\na:\n  b:\n    c: @V21\n\n  d: @V21\n"],
    ["over a key with a list in its column", "# latchkey-ignore: V21 why\na:\n- b: @V21\n- @V21\n"],
    ["over a task, for its script", "- a: 1\n# latchkey-ignore: V52 why\n- shell: |\n    a\n    @V52\n  when: @V52\n"],
    ["over a key of a task", "- name: a\n  # latchkey-ignore: V52 why\n  shell: |\n\n    # b\n    @V52\n"],
    ["over other comments", "# latchkey-ignore: V21 why\n# latchkey-ignore: V22 why\n\na: @V21 @V22\n"],
    ["of several codes", "a: @V21 @V22 # latchkey-ignore: V21, V22 why\n"],
    ["in INI", "; latchkey-ignore: V42 why\nvm1 port=@V42\nvm2 port=@V42 # latchkey-ignore: V42 why\n"],
    ["with the lines of Windows", "a: @V21 # latchkey-ignore: V21 why\r\nb: 1\r\n"],
    ["behind an apostrophe", "a: it's @V21 # latchkey-ignore: V21 why\n"],
  ])("%s", (_title, text) => {
    expect(apply(text)).toEqual([]);
  });

  it("reach no further than the next key or entry", () => {
    expect(apply("# latchkey-ignore: V21 why\na:\n  b: @V21\nc: @V21\n")).toEqual(["4:4 V21 found"]);
    expect(apply("# latchkey-ignore: V21 why\n- a: @V21\n- b: @V21\n")).toEqual(["3:6 V21 found"]);
    expect(apply("a: @V21 # latchkey-ignore: V21 why\nb: @V21\n")).toEqual(["2:4 V21 found"]);
    expect(apply("# latchkey-ignore: V21 why\n[a]\n@V21\n", false)).toEqual(["3:1 V21 found"]);
  });

  it("are none in a text", () => {
    expect(apply('a: "@V21 # latchkey-ignore: V21 why"\n')).toEqual(["1:5 V21 found"]);
    expect(apply("a: |\n  @V21 # latchkey-ignore: V21\nb: >-\n # latchkey-ignore\n")).toEqual(["2:3 V21 found"]);
    expect(apply("- |\n  # latchkey-ignore: V21 why\n  @V21\n")).toEqual(["3:3 V21 found"]);
  });

  it("say what they ignore, and why", () => {
    expect(apply("a: 1 # latchkey-ignore\n")).toEqual(["1:6 V07 the comment does not say what to ignore"]);
    expect(apply("a: 1 # latchkey-ignore: because\n")).toEqual(["1:6 V07 the comment does not say what to ignore"]);
    expect(apply("a: @V21 # latchkey-ignore: V21\n")).toEqual(["1:9 V07 the comment does not say why"]);
    expect(apply("a: @V21 # latchkey-ignore: V212 why\n")).toEqual([
      "1:4 V21 found",
      '1:28 V07 there is no code "V212"',
    ]);
  });

  it("are of use", () => {
    expect(apply("a: @V21 # latchkey-ignore: V21,V22 why\n")).toEqual([
      "1:32 V07 nothing here is V22, so nothing is ignored",
    ]);
    expect(apply("a: 1 # latchkey-ignore: V21 why\n", false)).toEqual([]);
  });

  it("hide no error that a run could not go on with", () => {
    expect(apply("@V10! # latchkey-ignore: V10 why\n@V10 # latchkey-ignore: V10 why\n")).toEqual([
      "1:1 V10 found",
      "1:26 V07 an error V10 cannot be ignored",
    ]);
  });
});
