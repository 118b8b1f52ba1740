import { describe, expect, it } from "vitest";
import type { ReplaceArguments } from "./replace.schema.ts";
import { replaceMatches } from "./replace-matches.ts";

const replaced = (text: string, args: Partial<ReplaceArguments> & { readonly regexp: string }): string => {
  const defaults = { path: "/x", replace: "", backup: false, unsafe_writes: false, encoding: "utf-8" as const };
  const result = replaceMatches(text, { ...defaults, ...args });
  return result.ok ? `${result.value.msg}|${result.value.text}` : result.error;
};

// The outcomes are what ansible-core 2.14 gives for the same arguments.
describe("replaceMatches", () => {
  it.each([
    ["a b a", { regexp: "a", replace: "x" }, "2 replacements made|x b x"],
    ["a\nb\n", { regexp: "^", replace: "> " }, "3 replacements made|> a\n> b\n> "],
    ["abxd", { regexp: "x*", replace: "-" }, "5 replacements made|-a-b--d-"],
    ["k=v", { regexp: "(\\w)=(?P<value>\\w)", replace: "\\g<value>=\\1\\n" }, "1 replacements made|v=k\n"],
    ["a", { regexp: "a", replace: "a" }, "|a"],
    ["a", { regexp: "b" }, "|a"],
    ["1 a 2 a 3 a", { regexp: "a", replace: "x", after: "1 a", before: "3" }, "1 replacements made|1 a 2 x 3 a"],
    ["a\nmark\na\n", { regexp: "a", replace: "x", before: "mark" }, "1 replacements made|x\nmark\na\n"],
    ["éa", { regexp: "^.", replace: "" }, "1 replacements made|a"],
  ])("%j with %j", (text, args, expected) => {
    expect(replaced(text, args)).toBe(expected);
  });

  it("says which section is not there", () => {
    expect(replaced("a", { regexp: "a", after: "x", before: "y" })).toBe(
      "Pattern for before/after params did not match the given file: x(?P<subsection>.*?)y|a",
    );
  });
});
