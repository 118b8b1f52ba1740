import { describe, expect, it } from "vitest";
import { looksHashed } from "./looks-hashed.ts";

describe("looksHashed", () => {
  it.each([
    "*",
    "!",
    "*************",
    `$1$salt$${"a".repeat(22)}`,
    `$5$salt$${"a".repeat(43)}`,
    `$6$rounds=5000$salt$${"a".repeat(86)}`,
    "$y$j9T$salt$hash",
    "$2b$12$abcdefghijklmnopqrstuu",
  ])("takes %s for one", (text) => {
    expect(looksHashed(text)).toBe(true);
  });

  it.each(["", "secret", "$", "$6$salt$short", "a$6$salt", `$6$salt$${"a".repeat(85)}:`])(
    "does not take %s for one",
    (text) => {
      expect(looksHashed(text)).toBe(false);
    },
  );
});
