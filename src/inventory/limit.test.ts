import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { inventoryOf } from "../../test/helpers/inventory-of.ts";
import { applyLimit, readLimit } from "./limit.ts";

const cwd = mkdtempSync(join(tmpdir(), "latchkey-limit-"));
afterAll(() => {
  rmSync(cwd, { recursive: true });
});
writeFileSync(join(cwd, "retry"), "h1\n\n  h2  \nnope\n");
writeFileSync(join(cwd, "empty"), "\n");
writeFileSync(join(cwd, "several"), "h1,h2\n");

const { inventory } = inventoryOf("[g]\nh1\nh2\nh3\n[k]\nh3\n");
const limited = (...limits: string[]) => {
  const patterns = readLimit(limits, cwd);
  return patterns.ok ? applyLimit(["h3", "h1", "h2"], patterns.value, inventory) : patterns.error;
};

describe("--limit", () => {
  it.each([
    [["h1"], ["h1"]],
    [["h2,h1"], ["h1", "h2"]],
    [
      ["h2", "k"],
      ["h3", "h2"],
    ],
    [["!h1"], ["h3", "h2"]],
    [["g:!k"], ["h1", "h2"]],
    [["@empty"], ["h3", "h1", "h2"]],
    [[""], ["h3", "h1", "h2"]],
    [["localhost"], []],
  ])("of %j leaves %j, in the order of the play", (limits, hosts) => {
    expect(limited(...limits)).toEqual({ hosts, unmatched: [] });
  });

  it("reads the lines of a file as patterns, beside others", () => {
    expect(limited("@retry")).toEqual({ hosts: ["h1", "h2"], unmatched: ["nope"] });
    expect(limited("@retry,k")).toEqual({ hosts: ["h3", "h1", "h2"], unmatched: ["nope"] });
  });

  it.each([
    ["@gone", "--limit @gone: there is no such file"],
    ["@.", "--limit @. is a folder; expected a file with one pattern a line"],
    ["@several", '--limit @several: "h1,h2" is not one pattern a line'],
  ])("of %s is refused", (limit, message) => {
    expect(limited(limit)).toBe(message);
  });
});
