import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventScript } from "../../test/helpers/events.ts";
import type { EventBody, StepOutput } from "./event.ts";
import { createRedactor } from "./redact.ts";

// The mask itself is no secret, and what is shorter is masked only as a whole value.
const secrets = fc
  .string({ unit: "binary", minLength: 4, maxLength: 30 })
  .filter((text) => /^[^*]*$/.test(text) && text.trim().length >= 4);
const around = fc.string({ unit: "grapheme", maxLength: 40 });

const knowing = (...known: readonly string[]) => {
  const redactor = createRedactor();
  for (const secret of known) redactor.add(secret);
  return redactor;
};

/** All output of a step after redaction, put together again. */
const outputOf = (redactor: ReturnType<typeof createRedactor>, chunks: readonly string[]): string => {
  const script = new EventScript().run().play("p", ["h"]);
  const step = script.start("t", "h");
  for (const text of chunks) script.add({ type: "step.output", step, host: "h", stream: "stdout", text });
  const out = script.end(step, "ok").bodies.flatMap((body) => redactor.redact(body));
  return out.flatMap((body) => (body.type === "step.output" ? [body.text] : [])).join("");
};

const split = (text: string, cuts: readonly number[]): readonly string[] => {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return places.slice(1).map((end, at) => text.slice(places[at], end));
};

describe("redaction", () => {
  it("never lets a secret through, however its output is cut into chunks", () => {
    fc.assert(
      fc.property(secrets, secrets, fc.array(around), fc.array(fc.nat(), { maxLength: 8 }), (one, two, texts, cuts) => {
        const whole = texts.map((text, at) => text + (at % 2 === 0 ? one : two)).join("");
        const out = outputOf(knowing(one, two), split(whole, cuts));
        expect(out.includes(one) || out.includes(two)).toBe(false);
      }),
    );
  });

  it("does the same where it knows a thousand others", () => {
    const others = Array.from({ length: 1000 }, (_, at) => `\u0001${at}\u0002other\u0003`);
    fc.assert(
      fc.property(secrets, secrets, fc.array(around), fc.array(fc.nat(), { maxLength: 8 }), (one, two, texts, cuts) => {
        const whole = texts.map((text, at) => text + (at % 2 === 0 ? one : two)).join("");
        const chunks = split(whole, cuts);
        fc.pre(!whole.includes("\u0001"));
        expect(outputOf(knowing(...others, one, two), chunks)).toBe(outputOf(knowing(one, two), chunks));
      }),
      { numRuns: 30 },
    );
  });

  it("changes nothing where there is no secret, however it is cut", () => {
    fc.assert(
      fc.property(around, fc.array(fc.nat(), { maxLength: 5 }), (text, cuts) => {
        expect(outputOf(knowing("\u0001never\u0001"), split(text, cuts))).toBe(text);
      }),
    );
  });

  it("masks a secret in results, as it is, in JSON, in base64 and in a URL", () => {
    fc.assert(
      fc.property(secrets, around, around, (random, before, after) => {
        // Not a word that our own keys hold.
        const secret = `S3${random}`;
        const text = before + secret + after;
        const forms = [
          text,
          JSON.stringify(text),
          Buffer.from(text).toString("base64"),
          Buffer.from(secret).toString("base64"),
        ];
        const result = { list: [forms, { deep: text }], [secret]: 1 };
        const script = new EventScript().step("t", "h", "failed", {
          result,
          failure: { kind: "module", message: text, hint: text },
        });
        const json = script.bodies.flatMap((body) => knowing(secret).redact(body)).map((body) => JSON.stringify(body));
        const encoded = JSON.stringify(secret).slice(1, -1);
        expect(json.some((line) => line.includes(encoded))).toBe(false);
        expect(json.some((line) => line.includes(Buffer.from(secret).toString("base64")))).toBe(false);
      }),
    );
  });

  it("masks base64 of a longer text that holds a secret, at each alignment", () => {
    for (const before of ["", "a", "ab", "abc"]) {
      const text = Buffer.from(`${before}correct horse battery; rest`).toString("base64");
      const shown = knowing("correct horse battery").text(text);
      expect(shown).toContain("********");
      expect(Buffer.from(shown, "base64").toString()).not.toContain("orse batter");
    }
  });

  it("masks the lines of a secret of several lines, but not a key's frame", () => {
    const key = "-----BEGIN KEY-----\nQUJDREVGR0g\nSUpLTE1OT1A\n-----END KEY-----\n";
    expect(knowing(key).text("x QUJDREVGR0g")).toBe("x ********");
    expect(knowing(key).text("-----BEGIN KEY-----")).toBe("-----BEGIN KEY-----");
    expect(knowing(key).text(`<${key}>`)).toBe("<********>");
  });

  it("masks a short secret only where it is the whole value, numbers among them", () => {
    const script = new EventScript().step("t42", "h42", "ok", {
      ms: 42,
      result: { pin: 42, text: "42", other: "142", line: "42\n" },
    });
    const end = script.bodies.flatMap((body) => knowing("42").redact(body)).at(-1);
    expect(end).toMatchObject({
      ms: 42,
      host: "h42",
      result: { pin: "********", text: "********", other: "142", line: "********" },
    });
  });

  it("keeps identities and closed words, so that listeners find their way", () => {
    const redactor = knowing("changed", "web1", "module");
    const script = new EventScript().play("p", ["web1"]).step("t", "web1", "failed", {
      failure: { kind: "module", message: "web1 failed" },
      result: { state: "changed" },
    });
    const [play, , end] = script.bodies.flatMap((body) => redactor.redact(body));
    expect(play).toMatchObject({ hosts: ["web1"] });
    expect(end).toMatchObject({
      host: "web1",
      failure: { kind: "module", message: "******** failed" },
      result: { state: "********" },
    });
  });

  it("masks overlapping secrets as one", () => {
    expect(knowing("abcd", "cdefg").text("xabcdefgy")).toBe("x********y");
  });

  it("keeps streams and steps apart", () => {
    const redactor = knowing("hunter2");
    const output = (step: number, stream: StepOutput["stream"], text: string): EventBody => ({
      type: "step.output",
      step,
      host: "h",
      stream,
      text,
    });
    const texts = [
      output(1, "stdout", "hun"),
      output(1, "stderr", "ter2"),
      output(2, "stdout", "ter2"),
      output(1, "stdout", "ter2!"),
    ]
      .flatMap((body) => redactor.redact(body))
      .map((body) => (body.type === "step.output" ? body.text : ""));
    expect(texts).toEqual(["ter2", "ter2", "********!"]);
  });

  it("passes events through untouched while it knows no secret", () => {
    const body: EventBody = { type: "host.ready", host: "h", ms: 1 };
    expect(createRedactor().redact(body)[0]).toBe(body);
  });
});
