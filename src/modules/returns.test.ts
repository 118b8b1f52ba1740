import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadCases } from "../../test/shell/case-file.ts";
import { casesOf } from "../../test/shell/cases-of.ts";
import { untoldKeys } from "../../test/shell/returned-keys.ts";
import { commonReturns } from "./common-returns.ts";
import { moduleEntries } from "./registry.ts";

describe.each(moduleEntries())("what $name returns", ({ shortName, load }) => {
  it("holds every key that its cases expect", async () => {
    const module = await load();
    const cases = existsSync(casesOf(shortName)) ? loadCases(casesOf(shortName)) : [];
    for (const { file, expect: wanted } of cases) {
      // Null also stands for a key that is to be absent.
      const expected = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
      expect({ file, untold: untoldKeys(module, expected) }).toEqual({ file, untold: [] });
    }
  });

  it("does not repeat what every result has", async () => {
    const { returns } = await load();
    // These tell more of it.
    const told = Object.keys(returns).filter((key) => key !== "ansible_facts");
    expect(told.filter((key) => Object.hasOwn(commonReturns, key))).toEqual([]);
  });
});

describe("untoldKeys", () => {
  const returns = {
    ping: { description: "x", type: "string" },
    list: { description: "x", type: "array", contains: { size: { description: "x", type: "integer" } } },
  } as const;

  it("finds a key that is not told, one of another type, and one inside", () => {
    expect(untoldKeys({ returns }, { changed: true, ping: null, pong: 1 })).toEqual(["pong is not in returns"]);
    expect(untoldKeys({ returns }, { ping: 1 })).toEqual(["ping is told to be a string: 1"]);
    expect(untoldKeys({ returns }, { list: [{ size: 1 }, { sise: 1 }] })).toEqual(["list.sise is not in returns"]);
  });
});
