import { describe, expect, it } from "vitest";
import { normalizeFileArguments, normalizeMode } from "./file-options.ts";

describe("normalizeMode", () => {
  it.each([
    [420, "0644"],
    [0o4755, "4755"],
    ["644", "0644"],
    ["0644", "0644"],
    ["00600", "0600"],
    ["0o755", "0755"],
    ["0", "0000"],
    ["u=rw,g-w,o=", "u=rw,g-w,o="],
    ["+X", "+X"],
    ["u=rwX,go=u", "u=rwX,go=u"],
  ])("%j is %s", (mode, expected) => {
    expect(normalizeMode(mode)).toEqual({ ok: true, value: expected });
  });

  it.each(["rw-r--r--", "99", "u+q", "12345", "", "u=rw,,g=r", "u", "u=rg"])("%j is no mode", (mode) => {
    expect(normalizeMode(mode).ok).toBe(false);
  });
});

describe("normalizeFileArguments", () => {
  it("refuses by name what is not there", () => {
    expect(normalizeFileArguments({ setype: "etc_t" })).toEqual({
      ok: false,
      error: 'option "setype" is not supported yet',
    });
  });
});
