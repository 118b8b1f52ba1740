import { describe, expect, it } from "vitest";
import { globToRegExp } from "./glob.ts";

describe("globToRegExp", () => {
  it.each([
    ["*.example.com", "a.example.com", true],
    ["*.example.com", "axexample.com", false],
    ["web-*", "web-1", true],
    ["a/-b", "a/-b", true],
    ["h[0-9]", "h5", true],
    ["h[!0-9]", "h5", false],
    ["h[]a]", "h]", true],
    ["h[&~]", "h~", true],
    [String.raw`h[\]`, "h\\", true],
    ["h[^a]", "h^", true],
    ["h[", "h[", true],
    ["a^", "a^", true],
    ["[z-a]", "z", false],
    ["?", "ab", false],
  ])("%j and %j", (glob, name, matches) => {
    expect(globToRegExp(glob).test(name)).toBe(matches);
  });
});
