import { describe, expect, it } from "vitest";
import { EventScript } from "../../test/helpers/events.ts";
import { createRunState, type RunState } from "./run-state.ts";

const fold = (script: EventScript): RunState => {
  const state = createRunState();
  for (const event of script.events) state.apply(event, event.seq * 10);
  return state;
};

describe("the run's state", () => {
  it("counts as ansible-playbook's recap does", () => {
    // The play and the counts are those of a recorded run of ansible-core 2.14.
    const changed = { changed: true };
    const script = new EventScript()
      .run()
      .play("all", ["db", "dead"], 6)
      .step("ping", "dead", "unreachable", { ignored: true, result: {} })
      .step("ping again", "dead", "unreachable", { ignored: true, result: {} })
      .step("ping a third time", "dead", "unreachable", { result: {} })
      .lost("dead", "connection refused")
      .step("ping", "db", "ok")
      .step("all skipped", "db", "skipped")
      .step("loop with a failure", "db", "failed", { ignored: true, result: changed })
      .step("false", "db", "failed", { ignored: true, result: changed })
      .step("ping in always", "db", "ok")
      .step("rescued", "db", "failed", { rescued: true, result: changed })
      .step("fail", "db", "failed");
    expect(Object.fromEntries(fold(script).stats)).toEqual({
      db: { ok: 4, changed: 2, unreachable: 0, failed: 1, skipped: 1, rescued: 1, ignored: 2 },
      dead: { ok: 2, changed: 0, unreachable: 1, failed: 0, skipped: 0, rescued: 0, ignored: 2 },
    });
  });

  it("counts a lost host once a play, whether a step met the loss or not", () => {
    const script = new EventScript()
      .play("one", ["a", "b"])
      .lost("a", "refused")
      .step("t", "b", "unreachable", { result: {} })
      .lost("b", "reset")
      .play("two", ["a"])
      .lost("a", "refused");
    const { stats, failures } = fold(script);
    expect(stats.get("a")?.unreachable).toBe(2);
    expect(stats.get("b")?.unreachable).toBe(1);
    expect(failures.map(({ host, outcome }) => `${host} ${outcome}`)).toEqual([
      "a unreachable",
      "b unreachable",
      "a unreachable",
    ]);
  });

  it("knows a play's progress: steps behind us, and all of a host that is done", () => {
    const script = new EventScript()
      .play("p", ["a", "b"], 3)
      .step("one", "a", "ok")
      .step("restart", "a", "ok", { handler: true });
    script.start("two", "a");
    expect(fold(script).plays[0]).toMatchObject({ stepsDone: 1, hostsDone: 0 });
    script.add({ type: "host.end", play: "play p", host: "b" });
    expect(fold(script).plays[0]).toMatchObject({ stepsDone: 4, hostsDone: 1 });
  });

  it("knows what is running, since when, and what it said last", () => {
    const script = new EventScript().play("p", ["a"]);
    const step = script.start("t", "a");
    script.add({ type: "step.output", step, host: "a", stream: "stdout", text: `${"x".repeat(500)}end\n` });
    const { running } = fold(script);
    expect(running.get(step)).toMatchObject({ since: 20, start: { name: "t" } });
    expect(running.get(step)?.lastOutput).toMatch(/^x{196}end\n$/);
    script.end(step, "changed");
    expect(fold(script).running.size).toBe(0);
    expect(fold(script).plays[0]?.tasks.get("task t")).toMatchObject({
      done: 1,
      outcomes: { changed: 1 },
      since: 20,
      until: 40,
    });
  });
});
