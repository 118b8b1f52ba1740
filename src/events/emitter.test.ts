import { describe, expect, it } from "vitest";
import { brokenLaws } from "../../test/helpers/event-laws.ts";
import { EventScript } from "../../test/helpers/events.ts";
import { createEmitter } from "./emitter.ts";
import type { Event, EventBody, Reporter } from "./event.ts";
import { createRedactor, type Redactor } from "./redact.ts";

const collect = (): Reporter & { readonly events: Event[] } => {
  const events: Event[] = [];
  return { events, on: (event) => void events.push(event), close: async () => Promise.resolve() };
};

const emitterFor = (reporters: readonly Reporter[], redact: Redactor = createRedactor()) =>
  createEmitter({ run: "r7", reporters, clock: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6), redact });

const start: EventBody = { type: "run.start", playbooks: ["p.yml"], check: false, diff: false, forks: 1 };
const end: EventBody = { type: "run.end", exitCode: 0, ms: 1, interrupted: false, stats: {} };

describe("an emitter", () => {
  it("numbers, dates and signs every event", () => {
    const reporter = collect();
    const emitter = emitterFor([reporter]);
    emitter.emit(start);
    emitter.emit(end);
    expect(reporter.events).toEqual([
      { v: 1, run: "r7", seq: 1, at: "2026-01-02T03:04:05.006Z", ...start },
      { v: 1, run: "r7", seq: 2, at: "2026-01-02T03:04:05.006Z", ...end },
    ]);
  });

  it("keeps run.end the last event whatever comes late", () => {
    const reporter = collect();
    const emitter = emitterFor([reporter]);
    for (const body of [start, end, { type: "host.ready", host: "web1", ms: 1 } as const, end]) emitter.emit(body);
    expect(brokenLaws(reporter.events)).toEqual([]);
    expect(reporter.events).toHaveLength(2);
  });

  it("takes a reporter that throws off the run and tells the others once", async () => {
    let calls = 0;
    const bad: Reporter = {
      on: () => {
        calls += 1;
        throw new Error("disk full, key hunter2hunter2");
      },
      close: async () => Promise.reject(new Error("still full")),
    };
    const redact = createRedactor();
    redact.add("hunter2hunter2");
    const good = collect();
    const emitter = emitterFor([bad, good], redact);
    emitter.emit(start);
    emitter.emit({ type: "host.ready", host: "web1", ms: 1 });
    emitter.emit(end);
    expect(calls).toBe(1);
    expect(good.events.map((event) => (event.type === "diagnostic" ? event.message : event.type))).toEqual([
      "run.start",
      "a reporter failed and was taken off: disk full, key ********",
      "host.ready",
      "run.end",
    ]);
    expect(brokenLaws(good.events)).toEqual([]);
    expect(await emitter.close()).toEqual(["a reporter failed to finish: still full"]);
  });

  it("gives back on close what there was nobody to tell", async () => {
    const bad = collect();
    const emitter = emitterFor([{ ...bad, on: () => expect.unreachable() }]);
    emitter.emit(start);
    expect(await emitter.close()).toHaveLength(1);
  });

  it("lets output that was held back out before its step ends", () => {
    const redact = createRedactor();
    redact.add("hunter2");
    const reporter = collect();
    const emitter = emitterFor([reporter], redact);
    const script = new EventScript().run().play("p", ["web1"]);
    const step = script.start("t", "web1");
    script.add({ type: "step.output", step, host: "web1", stream: "stdout", text: "my hunt" });
    script.end(step, "ok").endRun();
    for (const body of script.bodies) emitter.emit(body);
    expect(reporter.events.flatMap((event) => (event.type === "step.output" ? [event.text] : []))).toEqual([
      "my ",
      "hunt",
    ]);
    expect(brokenLaws(reporter.events)).toEqual([]);
  });

  it("suspends and resumes the reporters that draw", () => {
    const calls: string[] = [];
    const drawing: Reporter = { ...collect(), suspend: () => (calls.push("suspend"), () => void calls.push("resume")) };
    const resume = emitterFor([collect(), drawing]).suspend();
    expect(calls).toEqual(["suspend"]);
    resume();
    expect(calls).toEqual(["suspend", "resume"]);
  });
});

describe("the laws' check", () => {
  it("finds each broken law", () => {
    const script = new EventScript().play("p", ["web1"]).lost("web1", "gone");
    const step = script.start("t", "web1");
    script.add({ type: "step.retry", step: step + 1, host: "web1", left: 1, delayMs: 0 });
    expect(brokenLaws(script.events)).toEqual([
      "run.start is not the first",
      "run.end is not the last",
      "step 1 starts after web1 was lost",
      "step.retry of step 2 outside of it",
      "step 1 never ends",
    ]);
  });
});
