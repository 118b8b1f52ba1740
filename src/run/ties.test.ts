import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { load } from "../index.ts";
import { Template } from "../vars/value.ts";
import { hasTies } from "./ties.ts";

/** Whether a play of these tasks, in YAML's flow style, ties its hosts together. */
const tied = async (tasks: string, variable = "plain"): Promise<boolean | undefined> => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-ties-"));
  try {
    writeFileSync(join(folder, "play.yml"), `- { hosts: all, gather_facts: false, tasks: [${tasks}] }\n`);
    const { plan, diagnostics } = await load({ playbooks: ["play.yml"], inventory: ["a,b"], cwd: folder });
    if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
    const play = plan.playbooks[0]?.playbook.plays[0];
    return play === undefined ? undefined : hasTies(play, [{ site: new Template(variable) }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe("ties between hosts", () => {
  it.each([
    ["a task of its own", "{ command: id -u }", false],
    ["a text that only sounds like it", "{ debug: { msg: the hostvars of others } }", false],
    ["a template", "{ debug: { msg: \"{{ hostvars['a'].x }}\" } }", true],
    ["a bare expression", "{ assert: { that: [1 == 1, \"ansible_play_hosts == ['a']\"] } }", true],
    ["a variable to show", "{ debug: { var: hostvars.a } }", true],
    ["a keyword that tasks inherit", "{ command: id, become_user: \"{{ hostvars['a'].u }}\" }", true],
    ["the name of a handler", '{ command: id, notify: "{{ ansible_play_hosts }}" }', true],
    ["run_once", "{ command: id, run_once: true }", true],
    ["meta for all", "{ meta: end_play }", true],
    ["meta for one", "{ meta: end_host }", false],
  ])("%s", async (_name, tasks, expected) => {
    expect(await tied(tasks)).toBe(expected);
  });

  it("a variable from outside the play, wherever it is used", async () => {
    expect(await tied("{ command: id }", "{{ hostvars['a'].x }}")).toBe(true);
  });
});
