import { describe, expect, it } from "vitest";
import { BoundedRegExp, SearchTooLong } from "./bounded-reg-exp.ts";

describe("a bounded expression", () => {
  it("finds what another one finds", () => {
    const text = "the door of the house: 17, the gate: 4".repeat(3);
    const [bounded, plain] = [BoundedRegExp, RegExp].map((Kind) => new Kind("(?<what>\\w+): (\\d+)", "gu"));
    expect([...text.matchAll(bounded ?? /x/g)]).toEqual([...text.matchAll(plain ?? /x/g)]);
    expect(text.replaceAll(bounded ?? /x/g, "$2")).toBe(text.replaceAll(plain ?? /x/g, "$2"));
  });

  it("gives up a search without end, and does not begin it again", () => {
    const expression = new BoundedRegExp("^(a+)+$", "u");
    const text = `${"a".repeat(50)}b`;
    expect(() => expression.test(text)).toThrow(SearchTooLong);
    const start = performance.now();
    expect(() => expression.test(text)).toThrow("takes too long");
    expect(performance.now() - start).toBeLessThan(500);
  });
});
