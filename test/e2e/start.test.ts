import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { onTerminal } from "./on-terminal.ts";

test("a code cache that does not fit this Node is passed over", () => {
  // Other flags than the build's: V8 takes the cache for another program's.
  const started = spawnSync(process.execPath, ["--no-opt", "dist/main.js", "--version"], { encoding: "utf8" });
  expect(started).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
});

test("what is asked for unseen is shown nowhere", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
  writeFileSync(
    join(folder, "play.yml"),
    `- hosts: all
  gather_facts: false
  vars_prompt:
    - { name: word, prompt: The word, confirm: true }
    - { name: place, private: no, default: here }
  tasks:
    - debug: { msg: "{{ word }} {{ word | length }} {{ place }}" }
`,
  );
  try {
    const run = onTerminal(["run", "-i", "h1,", "-c", "local", "--reporter", "plain", join(folder, "play.yml")]);
    await run.said("The word: ");
    run.type("hunter22\r");
    await run.said("confirm The word: ");
    run.type("hunter22\r");
    await run.said("place [here]: ");
    run.type("\r");
    const { code, stdout } = await run.done;
    expect(stdout).toContain("******** 8 here");
    expect(stdout).not.toContain("hunter22");
    expect(code).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("Ctrl-C at a question of a play ends the run before it began", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
  writeFileSync(join(folder, "play.yml"), "- hosts: all\n  vars_prompt: [{ name: word }]\n  tasks: [{ ping: }]\n");
  try {
    const run = onTerminal(["run", "-i", "h1,", "-c", "local", "--reporter", "plain", join(folder, "play.yml")]);
    await run.said("word: ");
    run.type("\x03");
    const { code, stdout } = await run.done;
    expect(code).toBe(130);
    expect(stdout).not.toContain("PLAY [");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("--step asks before each task, once for all hosts", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
  writeFileSync(
    join(folder, "play.yml"),
    `- hosts: all
  gather_facts: false
  tasks:
    - { name: one, debug: {} }
    - { name: two, debug: {} }
    - { name: three, debug: {} }
    - { name: four, debug: {} }
`,
  );
  try {
    const words = "run -i h1,h2, -c local --reporter plain --step".split(" ");
    const run = onTerminal([...words, join(folder, "play.yml")]);
    for (const [name, answer] of [
      ["one", "y"],
      ["two", ""],
      ["three", "c"],
    ]) {
      await run.said(`Perform task: TASK: ${name} (N)o/(y)es/(c)ontinue: `);
      run.type(`${answer}\r`);
    }
    const { code, stdout } = await run.done;
    expect([...stdout.matchAll(/TASK \[(\w+)\]/g)].map(([, name]) => name)).toEqual(["one", "three", "four"]);
    expect(stdout).toMatch(/h1.*ok=3[^]*h2.*ok=3/);
    expect(stdout).not.toContain("TASK: four");
    expect(code).toBe(0);
    const without = spawnSync(
      process.execPath,
      ["dist/main.js", "run", "-i", "h1,", "--step", join(folder, "play.yml")],
      {
        encoding: "utf8",
        input: "",
      },
    );
    expect(without).toMatchObject({ status: 5, stderr: expect.stringContaining("no terminal") as string });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
