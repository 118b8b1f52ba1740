import { describe, expect, it } from "vitest";
import { CapturedOutput } from "../../test/helpers/captured-output.ts";
import { EventScript } from "../../test/helpers/events.ts";
import { createJsonlReporter } from "./jsonl.ts";

describe("the jsonl reporter", () => {
  it("writes each event as one line that reads back as it was, and that steers no terminal", async () => {
    const output = new CapturedOutput();
    const reporter = createJsonlReporter(output);
    const { events } = new EventScript()
      .run()
      .play("Grant\n\u009b2J\u202e", ["web1"])
      .step("t", "web1", "ok", { result: { msg: "a\u2028b\u0000\u007f" } })
      .endRun();
    for (const event of events) reporter.on(event);
    await reporter.close();
    const lines = output.text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(events);
    expect(output.text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Zl}\p{Bidi_Control}]/u);
  });

  it("waits on close for a slow reader, and stops writing to one that is gone", async () => {
    const waiting: ((error?: Error | null) => void)[] = [];
    const written: string[] = [];
    const reporter = createJsonlReporter({
      write: (text, done) => {
        written.push(text);
        if (done !== undefined) waiting.push(done);
      },
    });
    const [first, second, third] = new EventScript().run().play("p", []).endRun().events;
    if (first === undefined || second === undefined || third === undefined) throw new Error("three events");
    reporter.on(first);
    reporter.on(second);
    waiting.shift()?.(new Error("EPIPE"));
    waiting.shift()?.();
    reporter.on(third);
    expect(written).toHaveLength(2);
    let closed = false;
    const closing = reporter.close().then(() => (closed = true));
    await Promise.resolve();
    expect(closed).toBe(false);
    waiting.shift()?.();
    await closing;
  });
});
