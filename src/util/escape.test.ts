import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeForTerminal } from "./escape.ts";

describe("escapeForTerminal", () => {
  it("shows what could steer a terminal, and leaves every other text alone", () => {
    expect(escapeForTerminal("\u001b[31mred\u001b[0m")).toBe("\\x1b[31mred\\x1b[0m");
    expect(escapeForTerminal("a\nb\r\u0007\u007f\u009b\u202e\u2066\u061c")).toBe(
      "a\\nb\\r\\x07\\x7f\\x9b\\u202e\\u2066\\u061c",
    );
    expect(escapeForTerminal("\ud800x")).toBe("\\ud800x");
    expect(escapeForTerminal("tab\t 한국어 ä 😀 \\x1b")).toBe("tab\t 한국어 ä 😀 \\x1b");
  });

  it("leaves nothing of any text that could steer a terminal, and nothing more to do", () => {
    const units = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("\u001b", "\u009b", "\u202e", "\u2028", "\ud800", "\udfff"),
    );
    fc.assert(
      fc.property(fc.array(units), (parts) => {
        const shown = escapeForTerminal(parts.join(""));
        expect(shown.replaceAll("\t", "")).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\p{Bidi_Control}]/u);
        expect(escapeForTerminal(shown)).toBe(shown);
      }),
    );
  });
});
