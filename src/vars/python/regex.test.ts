import { describe, expect, it } from "vitest";
import { pythonMatches } from "./regex-matches.ts";
import { pythonReplacement, replacementProblem } from "./regex-replacement.ts";
import { pythonRegex, type RegexFlags } from "./regex.ts";

const findAll = (pattern: string, subject: string, flags?: RegexFlags): unknown => {
  const regex = pythonRegex(pattern, flags);
  return regex.ok ? pythonMatches(regex.value, subject).map((match) => match[0]) : regex.error;
};

describe("pythonRegex", () => {
  // Each compared with Python 3.11's re.findall.
  it.each([
    ["^b", "a\nb", undefined, []],
    ["^b", "a\nb", { multiline: true }, ["b"]],
    ["a$", "a\n", undefined, ["a"]],
    ["a\\Z", "a\n", undefined, []],
    [".", "\r\u2028\n", undefined, ["\r", "\u2028"]],
    [".", "\n", { dotAll: true }, ["\n"]],
    ["(?s).", "\n", undefined, ["\n"]],
    ["(?i)É", "é", undefined, ["é"]],
    ["\\w+", "naïve_1 日本", undefined, ["naïve_1", "日本"]],
    ["\\bé\\b", "é!", undefined, ["é"]],
    ["\\d", "٣", undefined, ["٣"]],
    ["[]a]+", "]a]", undefined, ["]a]"]],
    ["[^]a]", "]ab", undefined, ["b"]],
    ["a{,2}b", "aab", undefined, ["aab"]],
    ["a{x}", "a{x}", undefined, ["a{x}"]],
    ["(?P<n>a)(?P=n)", "aa", undefined, ["aa"]],
    ["(a)\\1", "aa", undefined, ["aa"]],
    ["a(?#no)b", "ab", undefined, ["ab"]],
    ["(?x) a b # end", "ab", undefined, ["ab"]],
    ["😀+", "😀😀", undefined, ["😀😀"]],
    ["\\x41\\u0042", "AB", undefined, ["AB"]],
    [".*?", "ab", undefined, ["", "a", "", "b", ""]],
    ["|a", "a", undefined, ["", "a", ""]],
    ["\\/\\-\\@\\ ", "/-@ ", undefined, ["/-@ "]],
  ] as const)("%s on %j", (pattern, subject, flags, expected) => {
    expect(findAll(pattern, subject, flags)).toEqual(expected);
  });

  it("starts at the beginning, wherever the last search with the same pattern ended", () => {
    const searched = pythonRegex("^b", { multiline: true });
    expect(searched.ok && searched.value.test("a\nb")).toBe(true);
    expect(findAll("^b", "a\nb", { multiline: true })).toEqual(["b"]);
  });

  it.each([
    ["\\q", "bad escape \\q"],
    ["a++", "possessive quantifiers are not supported"],
    ["\\b+", "nothing to repeat"],
    ["\\1", "invalid group reference 1"],
    ["[a", "unterminated character set"],
    ["(?i:a)", 'the group "(?i:…" is not supported'],
    ["(", "Unterminated group"],
  ])("refuses %s", (pattern, expected) => {
    expect(findAll(pattern, "")).toBe(expected);
  });
});

describe("pythonReplacement", () => {
  const match = /(?<n>a)(b)?/.exec("a");

  it.each([
    ["<\\1>", "<a>"],
    ["\\g<0>\\g<n>", "aa"],
    ["[\\2]", "[]"],
    ["\\n\\\\", "\n\\"],
    ["$1 $& ", "$1 $& "],
  ])("%s", (template, expected) => {
    expect(match === null ? undefined : pythonReplacement(template)(match)).toBe(expected);
  });

  it("says what Python refuses", () => {
    const regex = /(?<n>a)/u;
    expect(replacementProblem("\\2", regex)).toBe("invalid group reference 2");
    expect(replacementProblem("\\g<m>", regex)).toBe("unknown group name 'm'");
    expect(replacementProblem("\\q", regex)).toBe("bad escape \\q");
    expect(replacementProblem("\\g<n>\\1\\n", regex)).toBeUndefined();
  });
});
