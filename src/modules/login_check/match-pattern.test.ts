import { describe, expect, it } from "vitest";
import { matchesGlob, matchesList } from "../../util/ssh-patterns.ts";
import { matchesAddress, matchesUser } from "./match-pattern.ts";

describe("matchesGlob", () => {
  it.each([
    ["sup", "s*", true],
    ["sup", "s?p", true],
    ["sup", "s?", false],
    ["a.b", "a?b", true],
    ["axb", "a.b", false],
    ["sup", "(sup|x)", false],
    ["", "*", true],
    ["Sup", "sup", false],
  ])("%j by %j: %j", (text, pattern, expected) => {
    expect(matchesGlob(text, pattern)).toBe(expected);
  });
});

describe("matchesAddress", () => {
  it.each([
    ["203.0.113.7", "203.0.113.0/24", true],
    ["203.0.114.7", "203.0.113.0/24", false],
    ["203.0.113.7", "0.0.0.0/0", true],
    ["203.0.113.7", "203.0.113.7", true],
    ["203.0.113.7", "203.0.113.*", true],
    ["2001:db8::7", "2001:db8:0::/48", true],
    ["2001:db8:1::7", "2001:db8::/48", false],
    ["2001:DB8::7", "2001:db8::7", true],
    ["203.0.113.7", "2001:db8::/32", false],
    ["203.0.113.7", "10.0.0.0/33", false],
    ["203.0.113.7", "bastion.example.org", false],
  ])("%s by %s: %j", (address, pattern, expected) => {
    expect(matchesAddress(address, pattern)).toBe(expected);
  });
});

describe("matchesList", () => {
  it("lets an entry with ! decide, wherever it stands, and needs another to fit", () => {
    const fits = (pattern: string): boolean => matchesGlob("sup", pattern);
    expect(matchesList("*,!sup", fits)).toBe(false);
    expect(matchesList("!sup,*", fits)).toBe(false);
    expect(matchesList("!root", fits)).toBe(false);
    expect(matchesList("!root,s*", fits)).toBe(true);
  });
});

describe("matchesUser", () => {
  const visitor = { user: "sup", groups: [], address: "203.0.113.7" };
  it.each([
    ["sup", true],
    ["s*@203.0.113.0/24", true],
    ["sup@203.0.113.8", false],
    ["sup@*,!203.0.113.7", false],
    ["other@203.0.113.7", false],
  ])("%s: %j", (pattern, expected) => {
    expect(matchesUser(visitor, pattern)).toBe(expected);
  });
});
