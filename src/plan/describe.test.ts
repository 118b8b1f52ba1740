import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { load } from "../index.ts";
import type { LookupEnvironment } from "../vars/template.ts";
import { createEarlyRender } from "../playbook/early-render.ts";
import { describePlan } from "./describe.ts";

const early = createEarlyRender({ name: "of the run" }, {} as LookupEnvironment);

it("lists the hosts of patterns that are known before the run", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
  try {
    const prompts = "[{ name: target, default: db }, { name: other }]";
    writeFileSync(
      join(folder, "play.yml"),
      `- { name: "{{ name }}", hosts: "{{ target }}", vars_prompt: ${prompts}, tasks: [] }\n- { hosts: "{{ nothing | default(later) }}", vars: { later: "{{ unknown }}" }, tasks: [] }\n`,
    );
    writeFileSync(join(folder, "hosts"), "[web]\nw2\n[db]\nd1\n");
    const { plan } = await load({ playbooks: ["play.yml"], inventory: ["hosts"], cwd: folder });
    expect(describePlan(plan, ["play.yml"], { hosts: true, tasks: false, tags: false }, early)).toBe(`
playbook: play.yml

  play #1 (db): of the run	TAGS: []
    pattern: ['db']
    hosts (1):
      d1

  play #2 ({{ nothing | default(later) }}): {{ nothing | default(later) }}	TAGS: []
    pattern: ['{{ nothing | default(later) }}']
    hosts (0):
`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("lists plays, hosts, tasks and tags as ansible-playbook does, with the path as given", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
  try {
    const tasks = `    - { name: "one \\e[31m", command: id, tags: [b, a] }\n    - command: id\n    - meta: flush_handlers\n`;
    writeFileSync(join(folder, "play.yml"), `- name: first\n  hosts: web\n  tags: p\n  tasks:\n${tasks}`);
    writeFileSync(join(folder, "hosts"), "[web]\nw2\nw1\n[db]\nd1\n");
    const { plan, diagnostics } = await load({ playbooks: ["./play.yml"], inventory: ["hosts"], cwd: folder });
    expect(diagnostics).toEqual([]);
    expect(describePlan(plan, ["./play.yml"], { hosts: true, tasks: true, tags: true }, early)).toBe(`
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
