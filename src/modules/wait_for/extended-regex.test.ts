import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pythonRegex } from "../../vars/python/regex.ts";
import { extendedRegex } from "./extended-regex.ts";

const grepMatches = (source: string, line: string): boolean => {
  const made = extendedRegex(source);
  if (!made.ok) throw new Error(made.error);
  const flags = made.value.ignoreCase ? ["-i"] : [];
  const { status, stderr } = spawnSync("grep", [...flags, "-qE", "-e", made.value.pattern], {
    input: `${line}\n`,
    encoding: "utf8",
    env: { LC_ALL: "C.UTF-8", PATH: process.env["PATH"] ?? "" },
  });
  expect(stderr).toBe("");
  return status === 0;
};

describe("extendedRegex", () => {
  it.each([
    ["(?P<who>ro+)t\\s+(\\d+)", "roooot  42", true],
    ["^a.*?b$", "axxb", true],
    ["[\\w.-]+@[^\\s@]+", "a.b@c", true],
    ["[^\\]a]", "]a", false],
    ["[\\^x]", "^", true],
    ["[a\\-z]", "-", true],
    ["[a\\-z]", "m", false],
    ["\\$\\{x\\}", "${x}", true],
    ["(?i)SSH-2", "ssh-2", true],
    ["(?:ab|cd){2}", "abcd", true],
    ["a\\/b", "a/b", true],
    ["\\tx", "\tx", true],
  ])("%s on %j is %s, for grep as for Python", (source, line, wanted) => {
    expect(grepMatches(source, line)).toBe(wanted);
  });

  it.each(["(?=x)", "(?!x)", "a\\1", "x\ny", "\\Ax", "a++", "[\\b]"])("refuses %j", (source) => {
    expect(extendedRegex(source).ok).toBe(false);
  });

  it("means what Python means", () => {
    const atom = fc.constantFrom(
      "a",
      "b",
      ".",
      "\\d",
      "\\w",
      "\\s",
      "[ab]",
      "[^a]",
      "[\\d-]",
      "\\.",
      "(a|b)",
      "(?:ab)",
    );
    const piece = fc.tuple(atom, fc.constantFrom("", "*", "+", "?", "{2}", "*?")).map(([one, repeat]) => one + repeat);
    const source = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(""));
    const line = fc.stringMatching(/^[ab1. -]{0,6}$/);
    fc.assert(
      fc.property(source, line, (pattern, text) => {
        const python = pythonRegex(pattern);
        if (!python.ok) throw new Error(python.error);
        expect(grepMatches(pattern, text)).toBe(text.search(python.value) !== -1);
      }),
      { numRuns: 60 },
    );
  });
});
