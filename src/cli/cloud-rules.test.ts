import { describe, expect, it } from "vitest";
import { chainEntry, emptyEnd, type LedgerEntry, type LedgerRecord } from "../access/ledger-record.ts";
import type { Cloud, CloudPlace, CloudRule, WantedRule } from "../cloud/cloud.ts";
import type { Event } from "../events/event.ts";
import { err, ok } from "../util/result.ts";
import { createCloudRules, type RevokedGrants } from "./cloud-rules.ts";

const now = Date.parse("2026-11-23T10:15:00Z");
const expires = new Date("2026-11-23T14:15:00Z");
const wanted: WantedRule = { group: "sg", direction: "ingress", family: "IPv4", protocol: "tcp" };

/** A cloud with rules by group, and a ledger, which last; and runs on them. */
const world = () => {
  const rules = new Map<string, CloudRule>();
  const entries: LedgerEntry[] = [];
  const state = {
    place: { provider: "openstack", cloud: "c", url: "http://c", project: "p" } as CloudPlace,
    full: false,
    answer: "made" as "made" | "lost" | "refused",
  };
  let made = 0;
  const cloud: Cloud = {
    place: async () => ok(state.place),
    findGroup: async () => err({ kind: "module", message: "no" }),
    groupsOfServer: async () => ok([]),
    findRules: async ({ group }) => ok([...rules.values()].filter((rule) => rule.group === group)),
    listServers: async () => ok([]),
    openRule: async (rule, options) => {
      const known = [...rules.values()].find(({ group }) => group === rule.group);
      if (known !== undefined) return ok({ isNew: false, rule: known });
      if (options.check) return ok({ isNew: true });
      const fresh = { ...rule, id: `r${++made}`, description: rule.description ?? "", details: {} };
      if (state.answer === "refused") return err({ kind: "module", message: "no" });
      rules.set(fresh.id, fresh);
      return state.answer === "lost"
        ? err({ kind: "module", message: "no answer", unsure: true })
        : ok({ isNew: true, rule: fresh });
    },
    closeRule: async (id) => ok(rules.delete(id) ? "closed" : "gone"),
  };
  const ledger = {
    append: async (added: readonly LedgerEntry[]) => {
      if (state.full) return err("the disk is full");
      entries.push(...added);
      return ok(undefined);
    },
    records: async () => entries.map((entry): LedgerRecord => chainEntry(entry, emptyEnd, new Date(now).toISOString())),
  };
  const start = (revoked?: RevokedGrants, check = false) => {
    const parts = { ledger, clock: () => now, user: "kim", keepPartial: false, revoked, open: async () => ok(cloud) };
    const run = createCloudRules(parts);
    const tell = (event: object): void => run.on(event as Event);
    const told: string[] = [];
    tell({ type: "run.start", check });
    const open = async (host: string, grant: string, rule = wanted) => {
      const use = { host, grant: { id: grant, ticket: grant.toUpperCase(), expires, confirmSeconds: 300 } };
      const given = await run.cloud({ provider: "openstack" }, use);
      return given.ok ? given.value.openRule(rule, { check }) : given;
    };
    const finish = (lost: readonly string[] = [], interrupted = false) =>
      run.finish({ lost: new Set(lost), interrupted, tell: (severity, text) => void told.push(`${severity} ${text}`) });
    return { run, tell, told, open, finish };
  };
  const confirm = (...grants: readonly (readonly [grant: string, host: string])[]): void => {
    for (const [grant, host] of grants) entries.push({ verb: "grant", grant, host, outcome: "ok" });
  };
  const log = (): readonly string[] =>
    entries.flatMap(({ verb, grant, host, rule, outcome }) =>
      rule === undefined ? [] : [`${verb} ${grant} ${host} ${rule} ${outcome}`],
    );
  /** The same of rules without an id. */
  const unseen = (): readonly string[] =>
    entries.flatMap(({ verb, wanted: of, rule, outcome }) =>
      of === undefined || rule !== undefined ? [] : [`${verb} ${outcome}`],
    );
  return { rules, start, log, unseen, state, confirm, entries };
};

describe("the rules of a run in clouds", () => {
  it("stand in the ledger before their task ends, with their place, and no other rule does", async () => {
    const { rules, start, log, entries } = world();
    rules.set("r0", { ...wanted, group: "theirs", id: "r0", description: "", details: {} });
    const { open, finish } = start();
    expect(await open("vm1", "g")).toMatchObject({ value: { isNew: true } });
    const { rule: _id, ...began } = entries[1] ?? {};
    expect(entries[0]).toEqual({ ...began, verb: "opening" });
    expect(entries.slice(1)).toEqual([
      {
        verb: "open",
        grant: "g",
        ticket: "G",
        expires: expires.toISOString(),
        user: "kim",
        host: "vm1",
        outcome: "ok",
        provider: "openstack",
        cloud: "c",
        url: "http://c",
        project: "p",
        group: "sg",
        wanted: JSON.stringify(wanted),
        rule: "r1",
      },
    ]);
    await open("vm1", "g", { ...wanted, group: "theirs" });
    await open("vm1", "g");
    expect(await finish()).toBe(true);
    expect(log()).toEqual(["open g vm1 r1 ok"]);
  });

  it("are closed with the grant that opened them, and by it alone", async () => {
    const { rules, start, log, confirm } = world();
    await start().open("vm1", "g");
    await start().open("vm2", "h", { ...wanted, group: "other" });
    confirm(["g", "vm1"], ["h", "vm2"]);
    const { finish, told } = start({ grant: "g", ofHosts: false });
    expect(await finish(["vm1"])).toBe(true);
    expect([...rules.keys()]).toEqual(["r2"]);
    expect(log().slice(2)).toEqual(["close g vm1 r1 ok"]);
    expect(told).toEqual(["note rule r1 of security group sg in cloud c is closed"]);
    await start({ ticket: "H", ofHosts: false }).finish();
    expect([...rules.keys()]).toEqual([]);
  });

  it("stay for whoever needs them still", async () => {
    const { rules, start, log, confirm } = world();
    const first = start();
    await Promise.all([first.open("vm1", "g"), first.open("vm2", "g")]);
    confirm(["g", "vm1"], ["g", "vm2"]);
    await start().open("vm1", "h");
    confirm(["h", "vm1"]);
    expect(log()).toEqual(["open g vm1 r1 ok", "open g vm2 r1 ok", "open h vm1 r1 ok"]);
    const limited = start({ grant: "g", ofHosts: true });
    limited.tell({ type: "play.start", hosts: ["vm2"] });
    await limited.finish();
    expect(limited.told).toEqual(["note rule r1 of security group sg in cloud c stays for grant g on vm1"]);
    await start({ grant: "g", ofHosts: false }).finish();
    expect([...rules.keys()]).toEqual(["r1"]);
    await start({ grant: "h", ofHosts: false }).finish();
    expect([...rules.keys()]).toEqual([]);
    expect(log().slice(3)).toEqual(["close g vm2 r1 ok", "close g vm1 r1 ok", "close h vm1 r1 ok"]);
  });

  it("do not stay for a grant that is over", async () => {
    const { rules, start, confirm, entries, log } = world();
    await start().open("vm1", "g");
    await start().open("vm1", "h");
    confirm(["g", "vm1"], ["h", "vm1"]);
    entries.push({ verb: "revoke", grant: "h", host: "vm1", outcome: "ok" });
    await start({ grant: "g", ofHosts: false }).finish();
    expect([...rules.keys()]).toEqual([]);
    expect(log().slice(2)).toEqual(["close g vm1 r1 ok", "close h vm1 r1 ok"]);
  });

  it.each([
    ["was lost", ["vm1"], false, false, false],
    ["was not done when the run was interrupted", [], true, false, false],
    ["was confirmed when the run was interrupted", [], true, true, true],
    ["came through", [], false, false, true],
  ])("of a host that %s", async (_what, lost, interrupted, confirmed, stays) => {
    const { rules, start, log } = world();
    const run = start();
    await run.open("vm1", "g");
    if (confirmed) {
      run.tell({ type: "step.start", step: 1, host: "vm1", action: "latchkey.access.grant_confirm" });
      run.tell({ type: "step.end", step: 1, host: "vm1", outcome: "changed" });
    }
    expect(await run.finish(lost, interrupted)).toBe(true);
    expect(rules.size).toBe(stays ? 1 : 0);
    expect(log().slice(1)).toEqual(stays ? [] : ["close g vm1 r1 ok"]);
  });

  it("that a run found of an earlier one are not taken away by its failure", async () => {
    const { rules, start, confirm } = world();
    await start().open("vm1", "g");
    confirm(["g", "vm1"]);
    const second = start();
    await second.open("vm1", "g");
    await second.finish(["vm1"]);
    expect(rules.size).toBe(1);
  });

  it("that an earlier run never confirmed are this run's, and go with it", async () => {
    const { rules, start, log } = world();
    await start().open("vm1", "g");
    const second = start();
    await second.open("vm1", "g");
    await second.finish(["vm1"]);
    expect([rules.size, log()]).toEqual([0, ["open g vm1 r1 ok", "open g vm1 r1 ok", "close g vm1 r1 ok"]]);
  });

  it("are closed in the very cloud where they were opened, or not at all", async () => {
    for (const other of [{ url: "http://d" }, { project: "q" }]) {
      const { rules, start, log, state } = world();
      await start().open("vm1", "g");
      state.place = { ...state.place, ...other };
      const { finish, told } = start({ grant: "g", ofHosts: false });
      expect(await finish()).toBe(false);
      expect(rules.size).toBe(1);
      expect(log().slice(1)).toEqual(["close g vm1 r1 failed"]);
      expect(told).toEqual([expect.stringMatching(/^error rule r1 .* stays open: it was opened at http:\/\/c/)]);
    }
  });

  it("that are gone already are closed", async () => {
    const { rules, start, log } = world();
    await start().open("vm1", "g");
    rules.clear();
    const { finish, told } = start({ grant: "g", ofHosts: false });
    expect(await finish()).toBe(true);
    expect(told).toEqual(["note rule r1 of security group sg in cloud c was gone already"]);
    expect(log().slice(1)).toEqual(["close g vm1 r1 ok"]);
  });

  it("are not there where the ledger cannot be written", async () => {
    const { rules, start, state } = world();
    state.full = true;
    expect(await start().open("vm1", "g")).toMatchObject({
      error: { message: "a rule of a grant has to be in the ledger: the disk is full" },
    });
    expect(rules.size).toBe(0);
  });

  it("that may be there are looked for, and closed when the run ends", async () => {
    const { rules, start, state, unseen } = world();
    const run = start();
    state.answer = "lost";
    expect(await run.open("vm1", "g", { ...wanted, description: "support g" })).toMatchObject({ ok: false });
    rules.set("r0", { ...wanted, id: "r0", description: "theirs", details: {} });
    expect(await run.finish()).toBe(true);
    expect([...rules.keys()]).toEqual(["r0"]);
    expect(unseen()).toEqual(["opening ok", "close ok"]);
    expect(run.told).toEqual(["note a rule of security group sg in cloud c that was being made is closed"]);
  });

  it("that a controller was making when it died are closed by the revoke", async () => {
    const { rules, start, state, unseen } = world();
    state.answer = "lost";
    await start().open("vm1", "g");
    expect(rules.size).toBe(1);
    expect(await start({ grant: "g", ofHosts: false }).finish()).toBe(true);
    expect(rules.size).toBe(0);
    expect(await start({ grant: "g", ofHosts: false }).finish()).toBe(true);
    expect(unseen()).toEqual(["opening ok", "close ok"]);
  });

  it("that the cloud refused are nothing to close", async () => {
    const { start, state, unseen } = world();
    const run = start();
    state.answer = "refused";
    expect(await run.open("vm1", "g")).toMatchObject({ ok: false });
    expect(await run.finish(["vm1"])).toBe(true);
    expect([unseen(), run.told]).toEqual([["opening ok", "close ok"], []]);
  });

  it("are neither opened nor closed by a dry run", async () => {
    const { start, log, rules } = world();
    await start().open("vm1", "g");
    const { finish, told } = start({ grant: "g", ofHosts: false }, true);
    expect(await finish()).toBe(true);
    expect(told).toEqual(["note rule r1 of security group sg in cloud c would be closed"]);
    expect([rules.size, log()]).toEqual([1, ["open g vm1 r1 ok"]]);
  });

  it("are refused to a task that says how to log in, and removing one to every grant", async () => {
    const { run } = world().start();
    const use = { host: "vm1", grant: { id: "g", ticket: "G", expires, confirmSeconds: 300 } };
    expect(await run.cloud({ provider: "openstack", auth: {} }, use)).toMatchObject({ ok: false });
    expect(await run.cloud({ provider: "openstack", auth: {} }, { host: "vm1" })).toMatchObject({ ok: true });
    const cloud = await run.cloud({ provider: "openstack" }, use);
    expect(cloud.ok && (await cloud.value.closeRule("r1"))).toMatchObject({ ok: false });
  });
});
