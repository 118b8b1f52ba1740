import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Terminal } from "../../test/helpers/terminal.ts";
import { createScreen } from "./screen.ts";

const line = fc
  .string({ unit: fc.constantFrom("a", "b", " ", "한", "é"), minLength: 1, maxLength: 60 })
  .map((text) => `x${text}`);
const frame = fc.record({ lines: fc.array(line, { maxLength: 20 }), above: fc.array(line, { maxLength: 3 }) });

describe("the live area", () => {
  it("shows what was printed above and the last frame, and nothing else, whatever was drawn before", () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 12 }), (frames) => {
        const terminal = new Terminal(80, 12);
        const screen = createScreen(terminal);
        for (const { lines, above } of frames) screen.draw(lines, above.map((text) => `${text}\n`).join(""));
        const last = frames.at(-1)?.lines.slice(0, 11) ?? [];
        const kept = frames.flatMap(({ above }) => above);
        const shown = terminal.text.split("\n").filter((text) => text !== "");
        expect(shown).toEqual([...kept, ...last].map((text) => text.trimEnd()));
        screen.close();
        expect(terminal.text.split("\n").filter((text) => text !== "")).toEqual(kept.map((text) => text.trimEnd()));
        expect(terminal.cursorShown).toBe(true);
      }),
    );
  });

  it("cuts lines to the width and frames to the height", () => {
    const terminal = new Terminal(20, 4);
    createScreen(terminal).draw(["한국어 한국어 한국어 한국어", "short", "three", "four"]);
    expect(terminal.lines).toEqual(["한국어 한국어 한국…", "short", "three"]);
  });

  it("erases a frame that a narrower window has wrapped", () => {
    const terminal = new Terminal(40, 10);
    const screen = createScreen(terminal);
    screen.draw(["x".repeat(30), "y"], "kept\n");
    // What a terminal that wraps anew makes of the screen, the cursor behind the last character.
    terminal.columns = 20;
    terminal.lines = ["kept", "x".repeat(20), "x".repeat(10), "y"];
    terminal.write("\n");
    terminal.lines.pop();
    screen.draw(["z", "y"]);
    expect(terminal.lines).toEqual(["kept", "z", "y"]);
  });

  it("writes nothing for a frame like the last one", () => {
    const terminal = new Terminal(40, 10);
    const screen = createScreen(terminal);
    screen.draw(["a"]);
    screen.draw(["a"]);
    expect(terminal.writes).toBe(1);
  });
});
