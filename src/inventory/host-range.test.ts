import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandHostRange } from "./host-range.ts";

describe("expandHostRange", () => {
  it.each([
    ["web", ["web"]],
    ["web[01:03].x", ["web01.x", "web02.x", "web03.x"]],
    ["h[8:11]", ["h8", "h9", "h10", "h11"]],
    ["h[1:10:3]", ["h1", "h4", "h7", "h10"]],
    ["h[:2]", ["h0", "h1", "h2"]],
    ["h[1:03]", ["h1", "h2", "h3"]],
    ["h[a:c]", ["ha", "hb", "hc"]],
    ["h[y:B]", ["hy", "hz", "hA", "hB"]],
    ["h[a:f:2]", ["ha", "hc", "he"]],
    ["r[1:2]x[a:b]", ["r1xa", "r1xb", "r2xa", "r2xb"]],
    ["h[1:2][a:b]", ["h1a", "h1b", "h2a", "h2b"]],
  ])("expands %s", (entry, names) => {
    expect(expandHostRange(entry)).toEqual({ ok: true, value: names });
  });

  it.each([
    ["h[1:3", 'the range "[1:3" has no closing "]"'],
    ["h[1-3]", 'the range "[1-3]" is not [BEGIN:END] or [BEGIN:END:STEP]'],
    ["h[1:]", 'the range "[1:]" has no end'],
    ["h[3:1]", 'the range "[3:1]" ends before it begins'],
    ["h[c:a]", 'the range "[c:a]" ends before it begins'],
    ["h[01:100]", 'the range "[01:100]": with a leading 0 both ends have the same length'],
    ["h[1:3:0]", 'the range "[1:3:0]": the step must be a whole number from 1'],
    ["h[aa:bb]", 'the range "[aa:bb]" goes neither from number to number nor from letter to letter'],
    ["h[1:999999999]", 'the range "[1:999999999]" gives more than 100000 hosts'],
    ["h[1:999][1:999]", "more than 100000 hosts from one entry"],
  ])("refuses %s", (entry, error) => {
    expect(expandHostRange(entry)).toEqual({ ok: false, error });
  });

  it("gives both ends, each name once, all padded alike", () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), fc.integer({ min: 3, max: 6 }), (begin, count, width) => {
        const pad = (number: number): string => String(number).padStart(width, "0");
        const names = expandHostRange(`n[${pad(begin)}:${pad(begin + count)}]`);
        const expected = Array.from({ length: count + 1 }, (_, index) => `n${pad(begin + index)}`);
        expect(names).toEqual({ ok: true, value: expected });
      }),
    );
  });
});
