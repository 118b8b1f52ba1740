import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EventScript } from "../../test/helpers/events.ts";
import { Terminal } from "../../test/helpers/terminal.ts";
import { createReporter } from "./create.ts";

const frameMs = 100;
const counts = { ok: 1, changed: 1, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 };

/** Time is the test's own: frames are drawn by a timer. */
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const treeOn = async (terminal: Terminal) =>
  createReporter("auto", { stdout: terminal, env: {}, verbosity: 0, diff: false });

describe("the tree", () => {
  it("draws the play while it runs, keeps failures and finished plays, and ends with the recap", async () => {
    const terminal = new Terminal(100, 24);
    const reporter = await treeOn(terminal);
    const script = new EventScript().run().play("Grant", ["web1", "db"], 2);
    script.step("create the group", "web1", "changed");
    script.step("create the group", "db", "failed", { result: { msg: "no such file", rc: 2 } });
    const running = script.start("add the key", "web1");
    for (const event of script.events) reporter.on(event);
    await vi.advanceTimersByTimeAsync(frameMs * 2);
    expect(terminal.cursorShown).toBe(false);
    expect(terminal.text).toMatchInlineSnapshot(`
      "fatal: [db]: FAILED! | create the group (0.12 s) => no such file
          exit code: 2
      ⠹ Grant  ███████████████░░░░░░░░░░░░░░░ 50 %  0/2 hosts  0:00
        ✖ create the group  1 changed, 1 failed  0.00 s
        ⠹ add the key  0/2
          ⠹ web1  0.20 s
        ✖ 1 failed: db"
    `);
    const before = script.bodies.length;
    script.end(running, "changed").endPlay("Grant", "too many failures").endRun({ web1: counts });
    for (const event of script.events.slice(before)) reporter.on(event);
    await reporter.close();
    expect(terminal.cursorShown).toBe(true);
    expect(terminal.text).toMatchInlineSnapshot(`
      "fatal: [db]: FAILED! | create the group (0.12 s) => no such file
          exit code: 2
      ✖ Grant  2 hosts, 0.20 s
        ✖ create the group  1 changed, 1 failed  0.00 s
        ✔ add the key  1/2, 1 changed  0.20 s
      stopped because too many failures

      PLAY RECAP *****************************************************************************************
      web1                       : ok=1    changed=1    unreachable=0    failed=0    skipped=0    rescued=
      0    ignored=0

      "
    `);
  });

  it("draws no more than ten frames a second, however many events there are", async () => {
    const terminal = new Terminal(80, 24);
    const reporter = await treeOn(terminal);
    const script = new EventScript().run().play("Grant", ["web1"], 2000);
    for (let task = 0; task < 2000; task += 1) script.step(`task ${task}`, "web1", "changed");
    const { events } = script;
    for (const [index, event] of events.entries()) {
      if (index % 40 === 0) await vi.advanceTimersByTimeAsync(10);
      reporter.on(event);
    }
    expect(events.length).toBeGreaterThan(4000);
    expect(terminal.writes).toBeGreaterThan(5);
    expect(terminal.writes).toBeLessThanOrEqual(11);
    expect(terminal.lines.length).toBeLessThan(24);
    await reporter.close();
  });

  it("leaves the terminal to a question and comes back after the answer", async () => {
    const terminal = new Terminal(80, 24);
    const reporter = await treeOn(terminal);
    const script = new EventScript().run().play("Grant", ["web1"]);
    script.start("ask", "web1");
    for (const event of script.events) reporter.on(event);
    await vi.advanceTimersByTimeAsync(frameMs * 2);
    expect(terminal.text).toContain("ask");
    const resume = reporter.suspend?.();
    await vi.advanceTimersByTimeAsync(frameMs * 5);
    expect([terminal.text, terminal.cursorShown]).toEqual(["", true]);
    resume?.();
    await vi.advanceTimersByTimeAsync(frameMs);
    expect(terminal.text).toContain("ask");
    await reporter.close();
  });
});

describe("createReporter", () => {
  const firstText = async (name: "auto" | "tree" | "plain" | "jsonl", terminal: Terminal, env = {}, verbosity = 0) => {
    const reporter = await createReporter(name, { stdout: terminal, env, verbosity, diff: false });
    for (const event of new EventScript().run().play("Grant", ["web1"]).endPlay("Grant").events) reporter.on(event);
    await reporter.close();
    const { text } = terminal;
    return text.startsWith("\nPLAY [Grant]") ? "plain" : text.startsWith("{") ? "jsonl" : "tree";
  };

  it("falls back to plain text where a tree cannot be drawn", async () => {
    expect(await firstText("auto", new Terminal(80, 24))).toBe("tree");
    expect(await firstText("tree", new Terminal(80, 24), {}, 1)).toBe("tree");
    expect(await firstText("auto", new Terminal(80, 24), {}, 1)).toBe("plain");
    expect(await firstText("plain", new Terminal(80, 24))).toBe("plain");
    expect(await firstText("tree", new Terminal(80, 24), { NO_COLOR: "1" })).toBe("plain");
    expect(await firstText("auto", new Terminal(80, 24), { TERM: "dumb" })).toBe("plain");
    expect(await firstText("jsonl", new Terminal(80, 24))).toBe("jsonl");
    expect(await firstText("auto", Object.assign(new Terminal(80, 24), { isTTY: false }))).toBe("plain");
  });
});
