import { expect, it } from "vitest";
import { touchTime } from "./touch-time.ts";

it.each([
  ["202102030405.06", "%Y%m%d%H%M.%S", "202102030405.06"],
  ["2021-02-03 4:05", "%Y-%m-%d %H:%M", "202102030405.00"],
  ["now", "%Y", "now"],
  ["preserve", "%Y", "preserve"],
])("%s in the format %s", (text, format, expected) => {
  expect(touchTime(text, format)).toEqual({ ok: true, value: expected });
});

it.each([
  ["yesterday", "%Y%m%d%H%M.%S"],
  ["2021", "%j"],
  ["1x2", "%m.%d"],
])("%s in the format %s is none", (text, format) => {
  expect(touchTime(text, format).ok).toBe(false);
});
