import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitShellWords } from "./shell-words.ts";

const words = (line: string): readonly string[] | string => {
  const split = splitShellWords(line);
  return split.ok ? split.value.words.map((word) => word.text) : `${split.error.message} at ${split.error.at}`;
};

describe("splitShellWords", () => {
  it.each([
    ["h1  a=1\tb=2", ["h1", "a=1", "b=2"]],
    ["a='x y'z", ["a=x yz"]],
    [String.raw`a="q\"q\n" b='\n'`, [String.raw`a=q"q\n`, String.raw`b=\n`]],
    [String.raw`a\ b x\\y`, ["a b", String.raw`x\y`]],
    ["a='' \"\"", ["a=", ""]],
    ["h1 # comment", ["h1"]],
    ["h1 a=b#c d=e", ["h1", "a=b"]],
    ["h1 'a#b'", ["h1", "a#b"]],
    ["", []],
    ["# all", []],
  ])("splits %j as shlex does", (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it.each([
    ["h v='a", "the ' has no closing ' at 4"],
    ['"a', 'the " has no closing " at 0'],
    ["a\\", "the backslash has nothing after it at 1"],
  ])("says what is wrong in %j", (line, problem) => {
    expect(words(line)).toBe(problem);
  });

  it("says where a word lost its end to a comment", () => {
    expect(splitShellWords("h pass=a#b")).toMatchObject({ ok: true, value: { gluedComment: 8 } });
    expect(splitShellWords("h pass=a #b")).toMatchObject({ ok: true, value: { gluedComment: undefined } });
  });

  it("takes # for a character where there are no comments", () => {
    const split = splitShellWords("-o A=b#c #d", false);
    expect(split.ok && split.value.words.map((word) => word.text)).toEqual(["-o", "A=b#c", "#d"]);
  });

  it("gives back whatever was quoted, with its place", () => {
    const quoted = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (texts) => {
        const line = texts.map(quoted).join(" ");
        const split = splitShellWords(line);
        expect(split.ok && split.value.words.map((word) => word.text)).toEqual(texts);
        expect(split.ok && split.value.words.map((word) => line.slice(word.start, word.end))).toEqual(
          texts.map(quoted),
        );
      }),
    );
  });
});
