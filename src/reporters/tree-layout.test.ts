import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventScript } from "../../test/helpers/events.ts";
import { createRunState } from "../events/run-state.ts";
import { countRows, layoutDone, layoutPlay, type Row, type Size } from "./tree-layout.ts";

const layout = (script: EventScript, size: Size, nowMs = 10_000): readonly Row[] => {
  const state = createRunState();
  for (const event of script.events) state.apply(event, event.seq * 10);
  const play = state.plays.at(-1);
  if (play === undefined) throw new Error("no play");
  return layoutPlay(play, state, size, nowMs);
};

const show = (rows: readonly Row[], level = 0): string =>
  rows.map((row) => `${"  ".repeat(level)}${row.state}: ${row.text}\n${show(row.children, level + 1)}`).join("");

const hosts = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `web${index + 1}`);

describe("the layout of a play", () => {
  it("shows every host of a running task where there is room", () => {
    const script = new EventScript().run().play("Grant", hosts(3), 2);
    for (const host of hosts(3)) script.step("create the group", host, "changed");
    script.step("add the key", "web1", "failed").step("add the key", "web2", "skipped", { wouldRun: true });
    const step = script.start("add the key", "web3");
    script.add({ type: "step.output", step, host: "web3", stream: "stdout", text: "one\n\u001b[2Jtwo\r\n" });
    expect(show(layout(script, { columns: 80, rows: 24 }))).toMatchInlineSnapshot(`
      "running: Grant  ████████████░░░ 83 %  0/3 hosts  0:10, about 0:02 left
        changed: create the group  3 changed  0.05 s
        running: add the key  2/3, 1 skipped, 1 failed
          failed: web1  failed  0.12 s
          skipped: web2  would run  0.12 s
          running: web3  9.87 s  \\x1b[2Jtwo
        failed: 1 failed: web1
      "
    `);
  });

  it("shows counts, the longest at work and failing hosts by name for a fleet", () => {
    const script = new EventScript().run().play("Grant", hosts(1000), 3);
    for (const host of hosts(500)) script.step("create the group", host, "changed");
    for (const host of hosts(400)) script.step("add the key", host, host.endsWith("7") ? "failed" : "ok");
    for (const host of hosts(300)) script.start("verify", host);
    for (const host of ["a", "b"])
      script.add({ type: "host.connect", host, address: "10.0.0.1", port: 22, user: "root" });
    expect(show(layout(script, { columns: 80, rows: 16 }, 60_000))).toMatchInlineSnapshot(`
      "running: Grant  ████░░░░░░░░░░░ 30 %  0/1000 hosts  1:00, about 2:20 left
        changed: create the group  500/1000, 500 changed  9.99 s
        failed: add the key  400/1000, 360 ok, 40 failed  7.99 s
        running: verify  0/1000
          running: web1  42.0 s
          running: web2  42.0 s
          running: web3  42.0 s
          running: web4  41.9 s
          running: web5  41.9 s
          running: web6  41.9 s
          running: web7  41.9 s
          running: web8  41.9 s
          note: 292 more at work
        note: 2 connecting: a, b
        failed: 40 failed: web7, web17, web27, web37, web47, web57, web67 and 33 more
      "
    `);
  });

  it("fits every screen, and shows a host's text on one line", () => {
    const name = fc.string({ unit: "binary", maxLength: 200 });
    const scene = fc.record({ hosts: fc.integer({ min: 1, max: 60 }), tasks: fc.integer({ min: 1, max: 30 }), name });
    fc.assert(
      fc.property(scene, fc.integer({ min: 8, max: 70 }), fc.integer({ min: 20, max: 250 }), (drawn, rows, columns) => {
        const script = new EventScript().run().play(drawn.name, hosts(drawn.hosts), drawn.tasks);
        for (let task = 0; task < drawn.tasks; task += 1) {
          for (const host of hosts(drawn.hosts)) {
            if ((task + host.length) % 3 === 0) script.step(`${drawn.name}${task}`, host, "failed");
            else script.start(`${drawn.name}${task}`, host);
          }
        }
        const rowsShown = layout(script, { columns, rows });
        expect(countRows(rowsShown)).toBeLessThan(rows);
        // oxlint-disable-next-line no-control-regex -- what must not be there
        expect(show(rowsShown).replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
      { numRuns: 25 },
    );
  });

  it("keeps of a play that is over what its tasks came to", () => {
    const script = new EventScript().run().play("Grant", hosts(2), 2);
    script.step("one", "web1", "ok").step("one", "web2", "changed").step("two", "web1", "failed");
    script.step("reload", "web2", "skipped", { handler: true });
    const state = createRunState();
    for (const event of script.events) state.apply(event, event.seq * 1000);
    const [play] = state.plays;
    expect(play && show(layoutDone(play, 80, 12_000))).toMatchInlineSnapshot(`
      "failed: Grant  2 hosts, 10.0 s
        changed: one  1 changed, 1 ok  3.00 s
        failed: two  1/2, 1 failed  1.00 s
        skipped: handler: reload  1 skipped  1.00 s
      "
    `);
  });
});
