import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadPlan } from "../load.ts";
import { usualOptions } from "../plan.ts";

const cwd = mkdtempSync(join(tmpdir(), "latchkey-grant-"));
afterAll(() => rmSync(cwd, { recursive: true }));

const said = async (inventory: string, play: string): Promise<readonly string[]> => {
  writeFileSync(join(cwd, "hosts.yml"), inventory);
  writeFileSync(join(cwd, "play.yml"), play);
  const { diagnostics } = await loadPlan({
    playbooks: ["play.yml"],
    inventory: ["hosts.yml"],
    extraVars: [],
    limit: [],
    cwd,
    lookups: { env: {}, now: () => new Date("2026-11-23T12:00:00Z") } as never,
    options: { ...usualOptions, connection: { user: "ops" } },
  });
  return diagnostics.map(({ code, message }) => `${code} ${message}`);
};

const grant = "latchkey_grant: { ticket: OPS-1, expires: 4h }";

describe("a grant and the inventory", () => {
  it("holds a grant against the policy of the hosts that it is for", async () => {
    const inventory = `
all:
  children:
    web: { hosts: { web1: }, vars: { latchkey_policy: { max_duration: 2h } } }
    db: { hosts: { db1: }, vars: { latchkey_policy: { require: owner } } }
    app: { hosts: { app1: } }
`;
    const of = (hosts: string): Promise<readonly string[]> =>
      said(inventory, `- hosts: ${hosts}\n  vars: { ${grant} }\n`);
    expect(await of("web")).toEqual(['V54 "expires" of latchkey_grant is "4h": a grant may last 2h at most']);
    expect(await of("db")).toEqual(['V57 latchkey_grant has no "owner"']);
    expect(await of("app")).toEqual([]);
    expect(await of("all")).toHaveLength(2);
  });

  it("says that a grant of the inventory is none", async () => {
    const inventory = `all: { hosts: { a: }, vars: { ${grant} } }`;
    expect(await said(inventory, "- hosts: all\n")).toEqual([
      "V54 latchkey_grant is set in group all of the inventory, where it makes no grant",
    ]);
  });

  it("knows the account by which each host is reached", async () => {
    const inventory = "all: { hosts: { a: { ansible_user: deploy }, b: } }";
    const play = (name: string): string =>
      `- hosts: all\n  vars: { ${grant} }\n  tasks:\n    - user: { name: ${name} }\n    - user: { name: ${name}, state: absent }\n`;
    expect(await said(inventory, play("deploy"))).toEqual([
      'V51 "deploy" is the account by which a is reached, and none to grant access with',
      'V56 this removes "deploy", the account by which a is reached',
    ]);
    expect(await said(inventory, play("ops"))).toHaveLength(2);
    expect(await said(inventory, play("support"))).toEqual([]);
  });
});
