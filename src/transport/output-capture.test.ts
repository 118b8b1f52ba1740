import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutputCapture, OutputExcerpt } from "./output-capture.ts";

describe("OutputCapture", () => {
  it("gives text whole, however its bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
        (text, sizes) => {
          const seen: string[] = [];
          const capture = new OutputCapture(1_000_000, (piece) => seen.push(piece));
          const bytes = Buffer.from(text);
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = sizes[i % sizes.length] ?? 1;
            capture.push(bytes.subarray(at, at + size));
            at += size;
          }
          const whole = Buffer.from(text).toString("utf8");
          expect(capture.finish()).toBe(whole);
          expect(seen.join("")).toBe(whole);
        },
      ),
    );
  });

  it("keeps the beginning up to its limit and counts the rest", () => {
    const capture = new OutputCapture(5);
    for (const text of ["abc", "defg", "hij"]) capture.push(Buffer.from(text));
    expect(capture.finish()).toBe("abcde\n[latchkey: 5 more bytes of output were not kept]\n");
  });
});

describe("OutputExcerpt", () => {
  it("shows the first and the last lines, once", () => {
    const excerpt = new OutputExcerpt();
    expect(excerpt.toString()).toBe("");
    excerpt.push(Buffer.from("one\n\n  two  \n"));
    expect(excerpt.toString()).toBe("one / two");
    for (let n = 3; n < 1000; n++) excerpt.push(Buffer.from(`line ${n}\n`));
    expect(excerpt.toString()).toBe("one / two / line 3 / line 997 / line 998 / line 999");
  });
});
