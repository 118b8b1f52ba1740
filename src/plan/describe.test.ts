import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { load } from "../index.ts";
import { describePlan } from "./describe.ts";

it("lists plays, hosts, tasks and tags as ansible-playbook does, with the path as given", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
  try {
    const tasks = `    - { name: "one \\e[31m", command: id, tags: [b, a] }\n    - command: id\n    - meta: flush_handlers\n`;
    writeFileSync(join(folder, "play.yml"), `- name: first\n  hosts: web\n  tags: p\n  tasks:\n${tasks}`);
    writeFileSync(join(folder, "hosts"), "[web]\nw2\nw1\n[db]\nd1\n");
    const { plan, diagnostics } = await load({ playbooks: ["./play.yml"], inventory: ["hosts"], cwd: folder });
    expect(diagnostics).toEqual([]);
    expect(describePlan(plan, ["./play.yml"], { hosts: true, tasks: true, tags: true })).toBe(`
playbook: ./play.yml

  play #1 (web): first	TAGS: [p]
    pattern: ['web']
    hosts (2):
      w2
      w1
    tasks:
      one \\x1b[31m	TAGS: [a, b, p]
      command	TAGS: [p]
      meta	TAGS: [p]
      TASK TAGS: [a, b, p]
`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
