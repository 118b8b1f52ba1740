import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCommands, unquoted } from "./read-commands.ts";

/** The commands of a text, each as its words, with `<` before one whose input is redirected. */
const commands = (text: string): readonly string[] => {
  const read = readCommands(text);
  if (!read.ok) return [`unclosed at ${read.unclosedAt}`];
  return read.commands.map(({ words, assignments, hasInput }) =>
    [...(hasInput ? ["<"] : []), ...assignments, ...words]
      .map((word) => (typeof word === "string" ? word : word.text))
      .join(" "),
  );
};

describe("readCommands", () => {
  it.each([
    ["id -u", ["id -u"]],
    ["a; b && c || d | e & f\ng", ["a", "b", "c", "d", "e", "f", "g"]],
    ["a \\\n  b # c\nd", ["a b", "d"]],
    ['X=1 Y=\'a b\' run "$X y" ${Z:-"a }"} $(a; b) `c; d`', ['X=1 Y=\'a b\' run "$X y" ${Z:-"a }"} $(a; b) `c; d`']],
    ["if a; then b; else c; fi; while d; do e; done", ["a", "b", "c", "fi", "d", "e", "done"]],
    ["for x in a b; do c $x; done", ["for x in a b", "c $x", "done"]],
    ["case $x in top|'less )') a;; (more) (b);; # c\n *) d;;\nesac; e", ["a", "b", "d", "esac", "e"]],
    ["top() { a; }", ["a", "}"]],
    ["a < in > out 2>&1 <<< x", ["< a"]],
    ["cat <<E | b\nless 'x\nE\nc", ["< cat", "b", "c"]],
    ["cat <<-'E'\n\tless\n\tE\nc", ["< cat", "c"]],
    ["[[ $x =~ ^(a|less)$ ]] && b", ["[[", "b"]],
    ["((x < 3)) && a; y=(b c); diff <(d) <(e)", ["a", "y=(b c)", "diff <(d) <(e)"]],
    ["(a; b) | { c; }", ["a", "b", "c", "}"]],
    ["echo $((1 + (2))) ${#x} $'it\\'s' $\"x\" a#b \\; c", ["echo $((1 + (2))) ${#x} $'it\\'s' $\"x\" a#b \\; c"]],
    ["a 'b", ["unclosed at 2"]],
    ['a "b $(c', ["unclosed at 5"]],
    ["a `b", ["unclosed at 2"]],
    ["a ${b", ["unclosed at 2"]],
    ["a |\nb &&\n\nc", ["a", "b", "c"]],
  ])("reads %j", (text, expected) => {
    expect(commands(text)).toEqual(expected);
  });

  it.each([
    ["systemctl restart 'a b' \"$X\" ${Y} > /tmp/x 2>&1 && id; true", true],
    ["a |\nb\n\nc &", true],
    ["a &&", false],
    ["; a", false],
    ["a ;; b", false],
    ["if", false],
    ["a }", false],
    ["a $(b)", false],
    ["a < ", false],
    ["a (b)", false],
  ])("%j needs no closer look: %s", (text, isPlain) => {
    expect(readCommands(text)).toMatchObject({ ok: true, isPlain });
  });

  it("knows what is not ended", () => {
    expect(readCommands("if a; then (b; for x in y; do c; done")).toMatchObject({ open: { word: "(", start: 11 } });
    expect(readCommands("case x in a) b;; c")).toMatchObject({ open: { word: "case", start: 0 } });
    expect(readCommands("if a; then { b; (c) }; fi")).toMatchObject({ open: undefined });
  });

  it("knows a here-document that has no end", () => {
    expect(readCommands("cat <<E\n'\nE")).toMatchObject({ hasOpenDocument: false });
    expect(readCommands("cat <<E\n'\n E")).toMatchObject({ hasOpenDocument: true });
    expect(readCommands("cat <<E")).toMatchObject({ hasOpenDocument: true });
  });

  it("comes to an end, with every word where it says", () => {
    const letters = fc.constantFrom(
      ..."a'\"`$(){}[]<>|&;#\\\n \t!=*-0",
      "case x in ",
      "esac",
      "<<E\n",
      "[[ ",
      "if ",
      "fi",
    );
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        const read = readCommands(text);
        const words = read.ok ? read.commands.flatMap((command) => [...command.assignments, ...command.words]) : [];
        for (const word of words) expect(text.slice(word.start, word.end)).toBe(word.text);
      }),
      { numRuns: 3000 },
    );
  });

  it("takes the quotes off a word", () => {
    expect(unquoted(`a'b c'"d\\"$e"\\ f`)).toBe('ab cd"$e f');
  });
});
