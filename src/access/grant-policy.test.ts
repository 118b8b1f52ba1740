import { describe, expect, it } from "vitest";
import { readGrantPolicy } from "./grant-policy.ts";

describe("readGrantPolicy", () => {
  it.each([
    [undefined, 72, []],
    [{}, 72, []],
    [{ max_duration: "2d" }, 48, []],
    [{ require: "owner" }, 72, ["owner"]],
    [{ max_duration: "8h", require: ["reason", "owner"] }, 8, ["owner", "reason"]],
  ])("reads %j", (value, hours, require) => {
    expect(readGrantPolicy(value)).toEqual({ ok: true, value: { maxDurationMs: hours * 3_600_000, require } });
  });

  it.each([
    [[], "not a mapping"],
    [{ max: "4h" }, 'unknown key "max"'],
    [{ max_duration: 4 }, "is no duration"],
    [{ max_duration: "0h" }, "is no duration"],
    [{ require: ["ticket"] }, 'holds "ticket"'],
    [{ require: null }, "holds null"],
  ])("refuses %j", (value, message) => {
    const read = readGrantPolicy(value);
    expect(read.ok ? "" : read.error.message).toContain(message);
  });
});
