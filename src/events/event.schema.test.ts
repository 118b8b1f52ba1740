import { Ajv } from "ajv";
import type { FromSchema } from "json-schema-to-ts";
import { describe, expect, it } from "vitest";
import { EventScript } from "../../test/helpers/events.ts";
import type { EventBody } from "./event.ts";
import { type eventBodies, eventSchema } from "./event.schema.ts";

/** Free data, which the schema leaves open. */
type Open<Key, T> = Key extends "result" | "label" ? unknown : Comparable<T>;
/** A type without `readonly` and with open data unknown, so that both sides can be compared. */
type Comparable<T> = T extends readonly (infer Item)[]
  ? Comparable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Open<Key, T[Key]> }
    : T;
/** The same with every optional key there, since two types that differ only in such a key pass for each other. */
type Filled<T> = T extends readonly (infer Item)[]
  ? Filled<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Filled<T[Key]> }
    : T;
type Body<Type> = Omit<Extract<EventBody, { type: Type }>, "type">;
type Same<A, B> = [A, B, Filled<A>, Filled<B>] extends [B, A, Filled<B>, Filled<A>]
  ? true
  : { readonly types: A; readonly schema: B };
type Bodies = typeof eventBodies;
/** `true` for each type of event whose interface and schema say the same, and every type is in the schema. */
type Agreement = {
  [Type in EventBody["type"]]: Same<Comparable<Body<Type>>, Comparable<FromSchema<Bodies[Type]>>>;
};

// This compiles only while the schema and the types agree.
const agreement: Agreement = {
  "run.start": true,
  "play.start": true,
  "host.connect": true,
  "host.ready": true,
  "host.lost": true,
  "step.start": true,
  "step.output": true,
  "step.retry": true,
  "step.item": true,
  "step.end": true,
  "handler.notified": true,
  "host.end": true,
  "play.end": true,
  diagnostic: true,
  "run.end": true,
};

const validate = new Ajv({ allErrors: true }).compile(eventSchema);

const everyType = (): EventScript => {
  const place = { file: "p.yml", line: 1, column: 2 };
  const script = new EventScript()
    .run()
    .play("p", ["a"])
    .add({ type: "host.connect", host: "a", address: "10.0.0.1", port: 22, user: "root" })
    .add({ type: "host.ready", host: "a", ms: 1.5 });
  const step = script.start("t", "a", { place });
  script
    .add({ type: "step.output", step, host: "a", stream: "stderr", text: "\u001b" })
    .add({ type: "step.retry", step, host: "a", left: 1, delayMs: 5 })
    .item(step, "ok", { any: [1, null] }, { msg: "x" })
    .end(step, "failed", { failure: { kind: "module", message: "m", hint: "h" } })
    .add({ type: "handler.notified", host: "a", handler: "reload" })
    .lost("a", "gone")
    .add({ type: "host.end", play: "p", host: "a" })
    .endPlay("p", "because")
    .add({ type: "diagnostic", severity: "warning", message: "m", code: "V01", place });
  return script.endRun({ a: { ok: 1, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 } });
};

describe("the schema of events", () => {
  it("accepts an event of every type", () => {
    const { events } = everyType();
    expect(new Set(events.map((event) => event.type))).toEqual(new Set(Object.keys(agreement)));
    for (const event of events) expect(validate(event), JSON.stringify([event, validate.errors])).toBe(true);
  });

  it("refuses what is missing, unknown or of another type", () => {
    const [event] = new EventScript().step("t", "a", "ok").events;
    for (const change of [{ seq: 0 }, { extra: 1 }, { step: "1" }, { type: "step.begin" }, { host: undefined }]) {
      expect(validate({ ...event, ...change }), JSON.stringify(change)).toBe(false);
    }
  });

  it("is what schemas/event.schema.json says; write it anew with `npx vitest run --project unit -u src/events`", async () => {
    await expect(`${JSON.stringify(eventSchema, null, 2)}\n`).toMatchFileSnapshot("../../schemas/event.schema.json");
  });
});
