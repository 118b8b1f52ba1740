import { describe, expect, it } from "vitest";
import { inventoryOf, shown } from "../../test/helpers/inventory-of.ts";

const problems = (value: string): string => shown(inventoryOf(`all:\n  vars:\n    a: ${value}\n`, "yaml").diagnostics);

describe("checkValues", () => {
  it.each(["1", "-1", "1.5", "0644", "0x1f", '"1.0"', "1_000", "1:30", ".inf", "text", "{{ 1.0 }}x", "[1, {b: 2}]"])(
    "says nothing about %s",
    (value) => {
      expect(problems(value.includes("{{") ? JSON.stringify(value) : value)).toBe("");
    },
  );

  it("names a number that loses what was written, wherever it stands", () => {
    expect(problems("[x, {version: 2.0}]"))
      .toBe(`hosts.yml:3:22: warning: this is the number 2, and not the text "2.0" [V41]
  3 |     a: [x, {version: 2.0}]
    |                      ^~~
  = write "2.0" to keep it as a text`);
    expect(problems("12345678901234567890")).toContain("warning: this is the number 12345678901234567000");
  });
});
