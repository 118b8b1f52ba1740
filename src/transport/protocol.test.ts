import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeResult, type Frame, FrameDecoder } from "./protocol.ts";

const NONCE = "0123456789abcdef";

type Part = { readonly raw: Buffer } | { readonly kind: string; readonly id: number; readonly payload: Buffer };

const encode = (part: Part): Buffer => {
  if ("raw" in part) return part.raw;
  const header = Buffer.from(`\u001e${NONCE} ${part.kind} ${part.id} ${part.payload.length}\n`);
  return Buffer.concat([header, part.payload, Buffer.from("\n")]);
};

/** What a decoder makes of chunks: raw bytes that follow each other are joined. */
const decode = (chunks: readonly Buffer[]): Part[] => {
  const parts: Part[] = [];
  const decoder = new FrameDecoder(
    NONCE,
    (frame: Frame) => parts.push({ ...frame, payload: Buffer.from(frame.payload) }),
    (raw) => {
      const last = parts.at(-1);
      if (last !== undefined && "raw" in last) parts[parts.length - 1] = { raw: Buffer.concat([last.raw, raw]) };
      else parts.push({ raw: Buffer.from(raw) });
    },
  );
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
  return parts;
};

const cut = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
};

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
/** Output that comes near to a frame. */
const nearFrame = fc.constantFrom(
  "\u001e",
  `\u001e${NONCE}`,
  `\u001e${NONCE.slice(0, 5)}`,
  "\u001e\u001e\u001e",
  `${NONCE}res 1 3\n`,
);
const raw = fc
  .oneof(
    bytes,
    nearFrame.map((text) => Buffer.from(text)),
  )
  .map((text) => ({ raw: text }));
const frame = fc.record({
  kind: fc.constantFrom("ready", "begin", "res", "end"),
  id: fc.nat({ max: 999_999_999 }),
  payload: fc.oneof(bytes, fc.constant(Buffer.from(`\u001e${NONCE} res 1 2\nok\n`))),
});
const parts = fc.array(fc.oneof(raw, frame), { maxLength: 20 });

describe("FrameDecoder", () => {
  it("gives the same frames and output however the bytes are cut", () => {
    fc.assert(
      fc.property(parts, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (written, sizes) => {
        const stream = Buffer.concat(written.map(encode));
        // A half mark right before a frame belongs to the output.
        const expected: Part[] = [];
        for (const part of written) {
          const last = expected.at(-1);
          if ("raw" in part && part.raw.length === 0) continue;
          if ("raw" in part && last !== undefined && "raw" in last) {
            expected[expected.length - 1] = { raw: Buffer.concat([last.raw, part.raw]) };
          } else expected.push(part);
        }
        expect(decode(cut(stream, sizes))).toEqual(expected);
        expect(decode([stream])).toEqual(expected);
      }),
    );
  });

  it("takes a header that is none for output, and goes on", () => {
    const broken = ["res", "res 1", "res 1 x", "res 1 99999999999", "RES 1 1", `res 1 ${"9".repeat(80)}`, "res -1 2"];
    for (const header of broken) {
      const bad = Buffer.from(`\u001e${NONCE} ${header}\n`);
      const good = encode({ kind: "end", id: 1, payload: Buffer.from("0") });
      const [first, second] = decode(cut(Buffer.concat([bad, good]), [7]));
      expect(first && "raw" in first && first.raw.toString()).toBe(bad.toString());
      expect(second).toMatchObject({ kind: "end" });
    }
  });

  it("takes a payload of megabytes in small chunks in linear time", () => {
    const payload = Buffer.alloc(20_000_000, 0x61);
    const started = performance.now();
    const [frame1] = decode(cut(encode({ kind: "res", id: 1, payload }), [4096]));
    expect(frame1 && "kind" in frame1 && frame1.payload.length).toBe(payload.length);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe("decodeResult", () => {
  const field = (type: string, key: string, value: string): string =>
    `${type} ${key} ${Buffer.byteLength(value)}\n${value}\n`;

  it("reads every type of field, and keys with spaces", () => {
    const text = [
      "changed\n",
      field("s", "msg", "a\nb ü"),
      field("i", "stat.size", "12"),
      field("b", "stat.exists", "true"),
      field("n", "none", ""),
      field("l", "list", "x"),
      field("l", "list", "y"),
      field("p", "path//etc/a b", "file 0644 root root\nx"),
    ].join("");
    expect(decodeResult(Buffer.from(text))).toEqual({
      outcome: "changed",
      fields: { msg: "a\nb ü", stat: { size: 12, exists: true }, none: null, list: ["x", "y"] },
      planned: [{ kind: "path", key: "/etc/a b", data: "file 0644 root root\nx" }],
    });
  });

  it("lets no key of a host reach a prototype", () => {
    const text = `ok\n${field("s", "__proto__.polluted", "yes")}${field("s", "constructor.polluted", "yes")}${field("l", "toString", "x")}`;
    const result = decodeResult(Buffer.from(text));
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(Object.hasOwn(Object, "polluted")).toBe(false);
    expect(result?.fields["constructor"]).toEqual({ polluted: "yes" });
    expect(result?.fields["toString"]).toEqual(["x"]);
  });

  it("never throws, whatever a host says", () => {
    fc.assert(
      fc.property(fc.constantFrom("ok", "changed", "nonsense", ""), fc.string({ unit: "binary" }), (outcome, rest) => {
        decodeResult(Buffer.from(`${outcome}\n${rest}`));
      }),
    );
    for (const text of [
      "ok\ns a",
      "ok\ns a x\nv\n",
      "ok\ns a -1\n",
      "ok\n5\n",
      "ok\ns a.b 1\nx\ns a 1\ny\ns a.c 1\nz\n",
    ]) {
      decodeResult(Buffer.from(text));
    }
  });
});
