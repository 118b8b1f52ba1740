import { expect, it } from "vitest";
import { validateWords } from "./validate-command.ts";

it.each([
  ["/usr/sbin/visudo -cf %s", ["/usr/sbin/visudo", "-cf", "%s"]],
  ["sh -c 'test \"$1\"' x %s 100%%", ["sh", "-c", 'test "$1"', "x", "%s", "100%"]],
])("%s", (command, words) => {
  expect(validateWords(command)).toEqual({ ok: true, value: words });
});

it("needs a place for the file", () => {
  expect(validateWords("visudo -c")).toEqual({ ok: false, error: "validate must contain %s: visudo -c" });
});
