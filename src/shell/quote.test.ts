import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quote } from "./quote.ts";

const hostile = [
  "",
  "'",
  "''",
  "'\\''",
  "-n",
  "--",
  "~",
  "~root",
  "*",
  "$HOME",
  "$(touch /tmp/pwned)",
  "`touch /tmp/pwned`",
  "; touch /tmp/pwned",
  "a\nb\n",
  "\\",
  "\\n",
  "!!",
  "\t \r",
  "\u001b[31m",
  "é中\u{1F600}",
  "x".repeat(100_000),
];

describe("quote", () => {
  it.each([["dash"], ["bash", "--posix"], ["busybox", "sh"], ["mksh"]])(
    "every word comes out as it went in: %s",
    (...shell) => {
      const [command = "", ...flags] = shell;
      // Each word on standard input, since the kernel limits one argument to 128 KiB.
      const input = hostile.map((text) => `set -- ${quote(text)}; cat <<E\n$#[$1]\nE\n`).join("");
      const result = spawnSync(command, flags, { input });
      expect(result.stdout.toString()).toBe(hostile.map((text) => `1[${text}]\n`).join(""));
      expect(result.stderr.toString()).toBe("");
    },
  );

  it("any text is one word", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
        const words = texts.map((text) => Buffer.from(text.replaceAll("\0", "")).toString());
        const printed = spawnSync("sh", ["-c", `set -- ${words.map(quote).join(" ")}; printf '%s\\0' "$#" "$@"`]);
        expect(printed.stdout.toString()).toBe([String(words.length), ...words].map((word) => `${word}\0`).join(""));
      }),
      { numRuns: 50 },
    );
  });

  it("refuses a NUL", () => {
    expect(() => quote("a\0b")).toThrow("NUL");
  });
});
