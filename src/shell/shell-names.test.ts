import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

describe("shell functions", () => {
  it("have one definition each: all libraries and bodies meet in one shell", () => {
    const files = readdirSync("src", { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".sh"))
      .map((file) => join("src", file));
    expect(files.length).toBeGreaterThan(10);
    const places = new Map<string, string[]>();
    for (const file of files) {
      // An indented definition is an alternative of the same function, for another shell.
      for (const match of readFileSync(file, "utf8").matchAll(/^(\w+)\(\)/gm)) {
        const name = match[1] ?? "";
        places.set(name, [...(places.get(name) ?? []), file]);
      }
    }
    expect([...places].filter(([, where]) => where.length > 1)).toEqual([]);
  });
});
