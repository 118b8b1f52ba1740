import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultGrantPolicy, grantProblems, parseDuration, readGrantOptions } from "./grant-options.ts";

const now = new Date("2026-11-23T12:00:00.250Z");
const grant = { ticket: "OPS-1", expires: "4h" };

describe("parseDuration", () => {
  it.each([
    ["90m", 90 * 60_000],
    ["4h", 4 * 3_600_000],
    ["2d", 48 * 3_600_000],
    ["1d12h", 36 * 3_600_000],
    ["1h30m15s", 5_415_000],
    ["0h", 0],
  ])("reads %s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(["", "4", "h", "4H", "4 h", "-4h", "4h ", "1.5h", "30m1h", "4h4h", "4w", "4hours", "9999999d", "٤h"])(
    "refuses %j",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});

describe("readGrantOptions", () => {
  it("gives what was said, and an end on a whole second", () => {
    expect(readGrantOptions({ ...grant, owner: "Kim", reason: "disk", id: "a-1", confirm: 60 }, now)).toEqual({
      ok: true,
      value: {
        id: "a-1",
        ticket: "OPS-1",
        owner: "Kim",
        reason: "disk",
        expires: new Date("2026-11-23T16:00:00Z"),
        confirmSeconds: 60,
      },
    });
  });

  it("leaves out what was not said, or said with nothing", () => {
    expect(readGrantOptions({ ticket: 4711, expires: "90m", owner: null, reason: "" }, now)).toEqual({
      ok: true,
      value: {
        ticket: "4711",
        expires: new Date("2026-11-23T13:30:00Z"),
        confirmSeconds: 300,
      },
    });
  });

  it.each([
    ["2026-11-23T18:00:00Z", "2026-11-23T18:00:00Z"],
    ["2026-11-23T18:00Z", "2026-11-23T18:00:00Z"],
    ["2026-11-24 03:00:00+09:00", "2026-11-23T18:00:00Z"],
    ["2026-11-24T03:00:00.5+0900", "2026-11-23T18:00:00Z"],
    ["2026-11-23T12:30:00-05:30", "2026-11-23T18:00:00Z"],
  ])("reads the time %s", (expires, time) => {
    expect(readGrantOptions({ ...grant, expires }, now)).toMatchObject({ value: { expires: new Date(time) } });
  });

  it.each([
    ["no mapping", "4h", "is a text, and not a mapping"],
    ["nothing", null, "is empty, and not a mapping"],
    ["a list", [grant], "is a list, and not a mapping"],
    ["an unknown key", { ...grant, expire: "4h" }, 'unknown key "expire"'],
    ["no ticket", { expires: "4h" }, 'has no "ticket"'],
    ["an empty ticket", { ...grant, ticket: "" }, 'has no "ticket"'],
    ["a blank ticket", { ...grant, ticket: "  " }, '"ticket" of latchkey_grant is blank'],
    ["a ticket of two lines", { ...grant, ticket: "a\nb" }, "holds a control character"],
    ["a ticket that is a list", { ...grant, ticket: ["a"] }, "is a list, and not a text"],
    ["a long reason", { ...grant, reason: "x".repeat(201) }, "has 201 characters"],
    ["no end", { ticket: "OPS-1" }, 'has no "expires"'],
    ["a number for an end", { ...grant, expires: 4 }, "is the number 4, and not a duration"],
    ["a word for an end", { ...grant, expires: "tomorrow" }, "neither a duration nor a time"],
    ["a day for an end", { ...grant, expires: "2026-11-24" }, "neither a duration nor a time"],
    ["a time without a zone", { ...grant, expires: "2026-11-23T18:00:00" }, "in which time zone"],
    ["a time that has gone", { ...grant, expires: "2026-11-23T11:59:59Z" }, "not in the future"],
    ["a duration of nothing", { ...grant, expires: "0h" }, "not in the future"],
    ["the 30th of February", { ...grant, expires: "2027-02-30T00:00:00Z" }, "there is no such time"],
    ["the hour 25", { ...grant, expires: "2026-11-23T25:00:00Z" }, "there is no such time"],
    ["a zone that is none", { ...grant, expires: "2026-11-23T18:00:00+15:00" }, "there is no such time"],
    ["more than three days", { ...grant, expires: "73h" }, "may last 72h at most"],
    ["a time too far off", { ...grant, expires: "2036-11-23T18:00:00Z" }, "may last 72h at most"],
    ["an id with a slash", { ...grant, id: "../x" }, '"id" of latchkey_grant is "../x"'],
    ["an empty id", { ...grant, id: "" }, '"id" of latchkey_grant is ""'],
    ["a long id", { ...grant, id: "x".repeat(33) }, "up to 32 letters"],
    ["too short a time to confirm", { ...grant, confirm: 5 }, "whole seconds from 30 to 3600"],
    ["no number to confirm", { ...grant, confirm: "5m" }, "whole seconds from 30 to 3600"],
  ])("refuses %s", (_, value, message) => {
    const read = readGrantOptions(value, now);
    expect(read.ok ? "" : read.error.message).toContain(message);
  });

  it("asks for what the policy requires", () => {
    const policy = { maxDurationMs: 3_600_000, require: ["owner", "reason"] } as const;
    expect(grantProblems(grant, now, policy).map(({ code, message }) => [code, message])).toEqual([
      ["V54", '"expires" of latchkey_grant is "4h": a grant may last 1h at most'],
      ["V57", 'latchkey_grant has no "owner"'],
      ["V57", 'latchkey_grant has no "reason"'],
    ]);
  });

  it("says one thing of a key that is misspelt", () => {
    expect(grantProblems({ ticket: "OPS-1", expire: "4h" }, now, defaultGrantPolicy)).toHaveLength(1);
  });

  it("never gives an end that is not ahead, or further than the policy says", () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.oneof(fc.anything(), fc.string(), fc.stringMatching(/^\d+[dhms]$/)),
        (ticket, expires) => {
          const read = readGrantOptions({ ticket, expires }, now);
          if (!read.ok) return;
          const left = read.value.expires.getTime() - now.getTime();
          expect(left > 0 && left <= defaultGrantPolicy.maxDurationMs).toBe(true);
        },
      ),
    );
  });
});
