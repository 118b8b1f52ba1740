import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { load } from "../index.ts";
import { worksOnHosts } from "./grant-tasks.ts";

describe("worksOnHosts", () => {
  it.each([
    ["a task of the controller", "gather_facts: false, tasks: [{ debug: {} }, { assert: { that: true } }]", false],
    ["a task of the hosts", "gather_facts: false, tasks: [{ debug: {} }, { ping: }]", true],
    ["one that is done on another host", "gather_facts: no, tasks: [{ ping: , delegate_to: localhost }]", true],
    ["one inside of a block", "gather_facts: false, tasks: [{ block: [{ debug: }], rescue: [{ ping: }] }]", true],
    ["a handler", "gather_facts: false, tasks: [{ debug: }], handlers: [{ name: h, ping: }]", true],
    ["facts", "tasks: [{ debug: }]", true],
    ["facts, perhaps", "gather_facts: '{{ x | default(false) }}', tasks: [{ debug: }]", true],
  ])("a play with %s", async (_what, rest, expected) => {
    const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
    try {
      writeFileSync(join(folder, "play.yml"), `- { hosts: all, ${rest} }\n`);
      const { plan, diagnostics } = await load({ playbooks: ["play.yml"], inventory: ["h1,"], cwd: folder });
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      const [play] = plan.playbooks.flatMap(({ playbook }) => playbook.plays);
      expect(play !== undefined && (await worksOnHosts(play))).toBe(expected);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
