/**
 * What a dry run would have a grant's journal keep (`lk_undo_by`) takes exactly the real run's change back: the rules are
 * as they were, the customer's own included, and a second time changes nothing.
 */
import { afterAll, describe, expect, it } from "vitest";
import { coerceArguments } from "../../src/modules/arguments.ts";
import type { Module } from "../../src/modules/module.ts";
import { findModule } from "../../src/modules/registry.ts";
import { compile } from "../../src/shell/compile.ts";
import type { ProgramResult, ShellFunction } from "../../src/shell/program.ts";
import type { PlainMap } from "../../src/vars/value.ts";
import { type Case, silentCase } from "./case-file.ts";
import { openWorkbench, ThrowawayHost } from "./throwaway-host.ts";

/** A change, in a situation. */
interface Change {
  readonly module: string;
  readonly title: string;
  readonly args: PlainMap;
  readonly given: string;
}

const nftDrops = `
nft add table inet theirs
nft add chain inet theirs input '{ type filter hook input priority 0; policy drop; }'
nft add rule inet theirs input ip saddr 203.0.113.7 tcp dport 22 accept comment '"REQ 12"'
nft insert rule inet theirs input tcp dport 22 drop
`;
const iptablesDrops = `
iptables -P INPUT DROP
iptables -A INPUT -s 203.0.113.7 -p tcp --dport 23 -m comment --comment theirs -j ACCEPT
ip6tables -P INPUT DROP
`;
const ufwDenies = `
ufw --force enable
ufw allow from 203.0.113.9 to any port 22 proto tcp comment theirs
ufw deny 25
# Its first change of IPv6 rules loses some that it makes at its start.
ufw allow 26
ufw delete allow 26
`;
/** A stub: firewalld needs D-Bus. */
const firewalldRuns = `
ln -s /mnt/stubs/firewall-cmd.sh /usr/bin/firewall-cmd
: >firewalld.permanent
echo 'public service http' >firewalld.runtime
`;
const sources = ["203.0.113.7", "198.51.100.0/24", "2001:db8::7"];
const opening = { comment: "REQ 1", sources };

const changes: readonly Change[] = [
  { module: "firewall", title: "nftables", args: opening, given: nftDrops },
  { module: "firewall", title: "nftables, everywhere", args: { comment: "REQ 1" }, given: nftDrops },
  { module: "firewall", title: "nftables, with an end", args: { ...opening, timeout: 600 }, given: nftDrops },
  { module: "firewall", title: "nftables, all with an end", args: { comment: "REQ 1", timeout: 600 }, given: nftDrops },
  { module: "firewall", title: "iptables", args: opening, given: iptablesDrops },
  { module: "firewall", title: "iptables, with an end", args: { ...opening, timeout: 600 }, given: iptablesDrops },
  { module: "firewall", title: "iptables, legacy", args: opening, given: "iptables-legacy -A INPUT -j DROP" },
  { module: "firewall", title: "ufw", args: opening, given: ufwDenies },
  {
    module: "firewall",
    title: "nftables, the end",
    args: { comment: "REQ 12", state: "absent" },
    given: nftDrops.replace(/nft insert.*/, ""),
  },
  {
    module: "firewall",
    title: "iptables, the end",
    args: { comment: "theirs", port: 23, state: "absent" },
    given: iptablesDrops,
  },
  {
    module: "iptables",
    title: "a rule",
    args: { chain: "INPUT", action: "insert", protocol: "tcp", jump: "ACCEPT", comment: "it's ours" },
    given: iptablesDrops,
  },
  {
    module: "iptables",
    title: "a rule in a new chain",
    args: { chain: "SUPPORT", chain_management: true, jump: "ACCEPT" },
    given: iptablesDrops,
  },
  {
    module: "iptables",
    title: "the end of a rule between others",
    args: { chain: "INPUT", jump: "ACCEPT", in_interface: "lo", state: "absent" },
    given: `${iptablesDrops}iptables -A INPUT -i lo -j ACCEPT\niptables -A INPUT -j DROP`,
  },
  {
    module: "iptables",
    title: "the end of the last rule",
    args: { chain: "INPUT", jump: "ACCEPT", in_interface: "lo", state: "absent" },
    given: `${iptablesDrops}iptables -A INPUT -i lo -j ACCEPT`,
  },
  { module: "iptables", title: "a policy", args: { chain: "INPUT", policy: "ACCEPT" }, given: iptablesDrops },
  { module: "iptables", title: "a flush of a chain", args: { chain: "INPUT", flush: true }, given: iptablesDrops },
  { module: "iptables", title: "a flush", args: { flush: true }, given: iptablesDrops },
  {
    module: "iptables",
    title: "the end of a chain",
    args: { chain: "SUPPORT", chain_management: true, state: "absent" },
    given: `${iptablesDrops}iptables -N SUPPORT`,
  },
  {
    module: "ufw",
    title: "a rule",
    args: { rule: "allow", port: "22", comment: "ours $(x)" },
    given: ufwDenies,
  },
  { module: "ufw", title: "an action", args: { rule: "reject", port: "25" }, given: ufwDenies },
  {
    module: "ufw",
    title: "the end of a rule",
    args: { rule: "allow", src: "203.0.113.9", port: "22", proto: "tcp", delete: true },
    given: ufwDenies,
  },
  {
    module: "ufw",
    title: "the end of the last rule",
    args: { rule: "deny", port: "25", delete: true },
    given: ufwDenies,
  },
  { module: "ufw", title: "a policy", args: { policy: "allow" }, given: ufwDenies },
  { module: "ufw", title: "logging", args: { logging: "off" }, given: ufwDenies },
  { module: "ufw", title: "that it works no longer", args: { state: "disabled" }, given: ufwDenies },
  {
    module: "nftables_rule",
    title: "a rule",
    args: { table: "theirs", chain: "input", rule: "tcp dport { 22, 23 } accept", comment: "REQ 1", timeout: 60 },
    given: nftDrops,
  },
  {
    module: "nftables_rule",
    title: "another text",
    args: { table: "theirs", chain: "input", rule: "tcp dport 2222 accept", comment: "REQ 12" },
    given: nftDrops,
  },
  {
    module: "nftables_rule",
    title: "the end of a rule between others",
    args: { table: "theirs", chain: "input", comment: "REQ 12", state: "absent" },
    given: `${nftDrops}nft add rule inet theirs input counter drop`,
  },
  { module: "firewall", title: "firewalld", args: { ...opening, timeout: 600 }, given: firewalldRuns },
  {
    module: "firewalld",
    title: "a port",
    args: { port: "22/tcp", permanent: true, immediate: true, state: "enabled" },
    given: firewalldRuns,
  },
  {
    module: "firewalld",
    title: "the end of a service",
    args: { service: "http", state: "disabled" },
    given: firewalldRuns,
  },
];

/** What a customer makes of it before it is taken back: the texts end with `rc`, and the rules are those of `meanwhile`. */
const meddled: readonly (Change & { readonly meanwhile: string; readonly rc: number; readonly says: RegExp })[] = [
  {
    module: "firewall",
    title: "G4: nftables, whose rules were loaded anew, so that a handle is another rule's",
    args: opening,
    given: nftDrops,
    meanwhile: `nft flush ruleset\n${nftDrops}\nnft insert rule inet theirs input tcp dport 25 drop`,
    rc: 0,
    says: /^$/,
  },
  {
    module: "firewall",
    title: "G5: iptables, with a rule of the customer's that says the same",
    args: { comment: "REQ 1", sources: ["203.0.113.7"] },
    given: iptablesDrops,
    meanwhile: "iptables -F INPUT; iptables -A INPUT -s 203.0.113.7 -p tcp --dport 22 -j ACCEPT",
    rc: 0,
    says: /^$/,
  },
  {
    module: "firewall",
    title: "G2: ufw, whose rule was given another comment",
    args: { comment: "REQ 1", sources: ["203.0.113.7"] },
    given: ufwDenies,
    meanwhile: "ufw allow from 203.0.113.7 to any port 22 proto tcp comment theirs",
    rc: 1,
    says: /not ours any more, so it stays/,
  },
  {
    module: "firewall",
    title: "G3: firewalld, where the rule was made permanent",
    args: { comment: "REQ 1", sources: ["203.0.113.7"] },
    given: firewalldRuns,
    meanwhile: "cd /root; cut -f1 firewalld.runtime >firewalld.permanent",
    rc: 1,
    says: /permanent, so it is not ours and stays/,
  },
];

const bench = openWorkbench();
afterAll(() => ("reason" in bench ? undefined : bench.close()));
// The bodies' cases run in all shells; of the texts, which are plain commands, two differ most.
const shellNames = (process.env["SHELLS"] ?? "dash,busybox").split(",");
const wanted = process.env["CASES"]?.split(",") ?? changes.map((change) => change.module);

/** Stands for a grant's journal: what it is told becomes part of the result. */
const journal: ShellFunction = { name: "told", text: 'lk_journal_command() { lk_l undo "$2"; }\n' };
const ask: ShellFunction = {
  name: "m_ask",
  text: 'm_ask() { lk_v=$(sh -c "$p_text" 2>&1 </dev/null); lk_i rc "$?"; lk_s out "$lk_v"; lk_ok; }\n',
};
const rules = `
nft -s list ruleset 2>/dev/null
for c in iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do "$c" -S; done 2>/dev/null
! grep -q ENABLED=yes /etc/ufw/ufw.conf || cat /etc/ufw/*.rules /etc/default/ufw /etc/ufw/ufw.conf
ls -A /etc/ufw /etc/firewalld 2>/dev/null
cat /root/firewalld.* 2>/dev/null
`;

describe.skipIf("reason" in bench)("undo texts", () => {
  if ("reason" in bench) return;
  for (const change of changes.filter(({ module }) => wanted.includes(module))) {
    for (const shell of shellNames) {
      it.concurrent(`${change.module} in ${shell}: ${change.title}`, async ({ expect: expectHere }) => {
        const host = await ThrowawayHost.start(bench, shell, situationOf(change));
        try {
          const run = (text: string): Promise<ProgramResult> => host.exec(compile([ask], { text }, options(false)));
          const before = (await run(rules)).fields["out"];
          const module = await findModule(change.module)?.load();
          const told = await host.exec(programOf(module, change.args, true));
          expectHere([told.outcome, told.fields["msg"]]).toEqual(["changed", undefined]);
          const texts = ((told.fields["undo"] as readonly string[] | undefined) ?? []).toReversed();
          expectHere(texts.length).toBeGreaterThan(0);
          for (const text of texts) expectHere((await run(text)).fields).toEqual({ rc: 0, out: expect.any(String) });
          expectHere((await run(rules)).fields["out"], "taken back before it was made").toBe(before);
          const real = await host.exec(programOf(module, change.args, false));
          expectHere(real.outcome, JSON.stringify(real.fields)).toBe("changed");
          expectHere((await run(rules)).fields["out"]).not.toBe(before);
          for (const time of ["once", "twice"]) {
            for (const text of texts) expectHere((await run(text)).fields).toEqual({ rc: 0, out: expect.any(String) });
            expectHere((await run(rules)).fields["out"], time).toBe(before);
          }
        } finally {
          await host.kill();
        }
      });
    }
  }
});

describe.skipIf("reason" in bench)("undo texts after a customer's own change", () => {
  if ("reason" in bench) return;
  for (const change of meddled.filter(({ module }) => wanted.includes(module))) {
    it.concurrent(`${change.module} in dash: ${change.title}`, async ({ expect: expectHere }) => {
      const host = await ThrowawayHost.start(bench, "dash", situationOf(change));
      try {
        const run = async (text: string): Promise<ProgramResult["fields"]> =>
          (await host.exec(compile([ask], { text }, options(false)))).fields;
        const module = await findModule(change.module)?.load();
        const told = await host.exec(programOf(module, change.args, true));
        const texts = ((told.fields["undo"] as readonly string[] | undefined) ?? []).toReversed();
        expectHere((await host.exec(programOf(module, change.args, false))).outcome).toBe("changed");
        const made = (await run(rules))["out"];
        expectHere(await run(change.meanwhile)).toMatchObject({ rc: 0 });
        const theirs = (await run(rules))["out"];
        expectHere(theirs).not.toBe(made);
        for (const text of texts) {
          expectHere(await run(text)).toEqual({ rc: change.rc, out: expect.stringMatching(change.says) as string });
        }
        expectHere((await run(rules))["out"]).toBe(theirs);
      } finally {
        await host.kill();
      }
    });
  }
});

const options = (check: boolean): Parameters<typeof compile>[2] => ({
  check,
  diff: false,
  planned: [],
  environment: check ? { lk_journaling: "1" } : {},
});

const programOf = (module: Module | undefined, given: PlainMap, check: boolean): ReturnType<typeof compile> => {
  if (module?.runs !== "host") throw new Error("no module that runs on a host");
  const args = coerceArguments(module, given);
  if (!args.ok) throw new Error(args.error);
  const params = module.params(args.value as never, { check, diff: false } as never);
  if (!params.ok) throw new Error(params.error);
  return compile([journal, ...module.functions], params.value, options(check));
};

const situationOf = ({ module, title, given }: Change): Case => ({
  ...silentCase,
  file: module,
  name: title,
  given,
  then: "",
});
