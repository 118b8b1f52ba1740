import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { load } from "../index.ts";
import { tasksOfPlay } from "../playbook/tasks-of.ts";

const playbook = `- hosts: all
  tasks:
    - { name: one, debug: {} }
- hosts: all
  pre_tasks:
    - { name: pre, debug: {} }
  tasks:
    - block:
        - { name: three, debug: {} }
        - { name: "four {{ inventory_hostname }}", debug: {} }
      rescue:
        - { name: res, debug: {} }
      always:
        - { name: alw, debug: {} }
    - command: id
  handlers:
    - { name: han, debug: {} }
- hosts: all
  tasks:
    - { name: five, debug: {} }
`;

const startedAt = async (startAtTask: string): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
  writeFileSync(join(folder, "play.yml"), playbook);
  const { plan, diagnostics } = await load({
    playbooks: ["play.yml"],
    inventory: ["h1,"],
    cwd: folder,
    options: { startAtTask },
  });
  rmSync(folder, { recursive: true });
  const [problem] = diagnostics.filter(({ severity }) => severity === "error");
  if (problem !== undefined) return `${problem.code} ${problem.message}: ${problem.hint}`;
  return plan.playbooks
    .flatMap(({ playbook: { plays } }) => plays)
    .map((play) => tasksOfPlay(play).map(({ own, action }) => (typeof own.name === "string" ? own.name : action)))
    .map((names) => names.join(" "))
    .join(" | ");
};

describe("--start-at-task", () => {
  it.each([
    ["one", "one | pre three debug res alw command han | five"],
    ["pre", "pre three debug res alw command han | five"],
    ["four *", "debug res alw command han | five"],
    ["alw", "alw command han | five"],
    ["command", "command han | five"],
    ["f[ij]*", "five"],
    ["thre", 'V33 --start-at-task: no task is called "thre": did you mean "three"?'],
    ["res", 'V33 --start-at-task: no task is called "res": it is in a rescue section, which only a failure reaches'],
    ["han", 'V33 --start-at-task: no task is called "han": it is a handler, which runs when it is notified'],
    [
      "x",
      'V33 --start-at-task: no task is called "x": --list-tasks lists them; what an include brings is not known yet',
    ],
  ])("%s", async (name, expected) => {
    expect(await startedAt(name)).toBe(expected);
  });
});
