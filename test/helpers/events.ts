import type { Event, EventBody, Outcome, StepEnd, StepStart } from "../../src/events/event.ts";
import type { Plain } from "../../src/vars/value.ts";

/** What a step did, with what a test does not care about left out. */
export interface StepOptions extends Partial<Omit<StepEnd, "type" | "step" | "task" | "host" | "outcome" | "ms">> {
  readonly ms?: number;
  readonly action?: string;
  readonly handler?: boolean;
  readonly place?: StepStart["place"];
}

/** Builds a sequence of events as a run would emit them: steps get numbers, tasks get ids by their name. */
export class EventScript {
  readonly bodies: EventBody[] = [];
  #steps = 0;

  /** Adds any event as it is. */
  add(...bodies: readonly EventBody[]): this {
    this.bodies.push(...bodies);
    return this;
  }

  run(options: { readonly check?: boolean; readonly diff?: boolean } = {}): this {
    const { check = false, diff = false } = options;
    return this.add({ type: "run.start", playbooks: ["playbooks/grant.yml"], check, diff, forks: 50 });
  }

  play(name: string, hosts: readonly string[], tasks = 1): this {
    return this.add({ type: "play.start", play: `play ${name}`, name, hosts, tasks });
  }

  /** Starts a step and gives its number. */
  start(name: string, host: string, options: StepOptions = {}): number {
    this.#steps += 1;
    const { action = "command", handler = false, place } = options;
    this.add({
      type: "step.start",
      step: this.#steps,
      task: `task ${name}`,
      host,
      name,
      action,
      handler,
      ...(place === undefined ? {} : { place }),
    });
    return this.#steps;
  }

  /** Ends a step. */
  end(step: number, outcome: Outcome, options: StepOptions = {}): this {
    const start = this.bodies.find((body) => body.type === "step.start" && body.step === step);
    if (start?.type !== "step.start") throw new Error(`no step ${step}`);
    const { ms = 120, result = { changed: outcome === "changed" }, failure, delegate } = options;
    const { ignored = false, rescued = false, wouldRun = false } = options;
    return this.add({
      type: "step.end",
      step,
      task: start.task,
      host: start.host,
      outcome,
      ms,
      result,
      ignored,
      rescued,
      wouldRun,
      ...(failure === undefined ? {} : { failure }),
      ...(delegate === undefined ? {} : { delegate }),
    });
  }

  /** A step from start to end. */
  step(name: string, host: string, outcome: Outcome, options: StepOptions = {}): this {
    return this.end(this.start(name, host, options), outcome, options);
  }

  /** An item of a running step. */
  item(step: number, outcome: Outcome, label: Plain, result: { readonly [key: string]: Plain } = {}): this {
    const start = this.bodies.find((body) => body.type === "step.start" && body.step === step);
    if (start?.type !== "step.start") throw new Error(`no step ${step}`);
    return this.add({ type: "step.item", step, host: start.host, outcome, label, result, ignored: false });
  }

  lost(host: string, message: string, hint?: string): this {
    const failure = { kind: "unreachable", message, ...(hint === undefined ? {} : { hint }) } as const;
    return this.add({ type: "host.lost", host, failure });
  }

  endPlay(name: string, stopped?: string): this {
    return this.add({ type: "play.end", play: `play ${name}`, ...(stopped === undefined ? {} : { stopped }) });
  }

  endRun(stats: Extract<EventBody, { type: "run.end" }>["stats"] = {}, exitCode = 0): this {
    return this.add({ type: "run.end", exitCode, ms: 1234, interrupted: false, stats });
  }

  /** The events with an envelope around them. */
  get events(): readonly Event[] {
    return this.bodies.map((body, index) => envelope(body, index + 1));
  }
}

/** Puts a fixed envelope around a body: 10 ms between events. */
const envelope = (body: EventBody, seq: number): Event => ({
  v: 1,
  run: "r1",
  seq,
  at: new Date(Date.UTC(2026, 0, 1) + seq * 10).toISOString(),
  ...body,
});
