/**
 * A grant and its undo meet a fault at a call of a program that changes something: they are killed, or the disk is full,
 * without inodes or read-only from there on. Afterwards one undo brings the host to the state before.
 *
 *   FAULT_EVERY=1 npx vitest run --project shell test/shell/faults.test.ts     at every call; else at every eleventh one
 */
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { authorizedKey } from "../../src/modules/authorized_key/authorized_key.ts";
import { copy } from "../../src/modules/copy/copy.ts";
import { cron } from "../../src/modules/cron/cron.ts";
import { file } from "../../src/modules/file/file.ts";
import { firewall } from "../../src/modules/firewall/firewall.ts";
import { grantBegin } from "../../src/modules/grant_begin/grant_begin.ts";
import { grantConfirm } from "../../src/modules/grant_confirm/grant_confirm.ts";
import { grantUndo } from "../../src/modules/grant_undo/grant_undo.ts";
import { group } from "../../src/modules/group/group.ts";
import { lineinfile } from "../../src/modules/lineinfile/lineinfile.ts";
import { user } from "../../src/modules/user/user.ts";
import type { ProgramResult } from "../../src/shell/program.ts";
import { withoutComments } from "../../src/shell/shell-function.ts";
import { bootstrap, programText } from "../../src/transport/protocol.ts";
import type { PlainMap } from "../../src/vars/value.ts";
import { type Case, silentCase } from "./case-file.ts";
import { type HostTree, treeDifferences, treeOf } from "./host-tree.ts";
import { type AnyHostModule, runStep } from "./run-case.ts";
import { openWorkbench, ThrowawayHost, type Workbench } from "./throwaway-host.ts";

/** What happens at a call: see faults.sh. */
type Fault = "kill" | "space" | "inodes" | "readonly";

type Step = readonly [AnyHostModule, PlainMap];

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPVrKuIEzldEvtdzwGELWTbApqanLJVyDMQ9o5qzl1jQ engineer@vendor";

/** What the playbook of a grant does: an account of its own. */
const account: readonly Step[] = [
  [group, { name: "support" }],
  [user, { name: "support", group: "support", password: "*", expires: 4_000_000_000 }],
  [authorizedKey, { user: "support", key }],
  [copy, { dest: "/etc/sudoers.d/support", content: "support ALL=(ALL) NOPASSWD: ALL\n", mode: "0440" }],
];

/** Changes to what is there already. */
const customers: readonly Step[] = [
  [firewall, { sources: ["203.0.113.7"], comment: "REQ-1" }],
  [user, { name: "alice", shell: "/bin/dash", comment: "A", groups: ["games"], append: true, password: "*" }],
  [authorizedKey, { user: "alice", key }],
  [lineinfile, { path: "/etc/motd.d/theirs", line: "support is here" }],
  [cron, { name: "look", job: "/bin/true", user: "alice" }],
  [file, { path: "/srv/old", state: "absent" }],
  [file, { path: "/srv/mode", mode: "0777", owner: "alice" }],
];

const given = `
. /mnt/faults.sh
rm -f /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow-
useradd -m -s /bin/sh alice
install -d -m 700 -o alice -g alice /home/alice/.ssh
echo '${key.replace("engineer@vendor", "theirs").replace("PVrK", "PVrL")}' >/home/alice/.ssh/authorized_keys
echo '1 2 3 4 5 /bin/theirs' | crontab -u alice -
mkdir -p /etc/motd.d /srv/old/sub /srv/mode
echo theirs >/etc/motd.d/theirs
echo theirs >/srv/old/sub/file
nft add table inet theirs
nft add chain inet theirs input '{ type filter hook input priority 0; policy drop; }'
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=1777 tmpfs /var/tmp
fa_prepare mv cp rm mkdir rmdir chmod chown ln touch dd useradd usermod userdel groupadd groupdel groupmod gpasswd \\
  chpasswd chage crontab nft
`;

const bench = openWorkbench();
const prelude = withoutComments(new URL("../../src/shell/prelude.sh", import.meta.url));

/** A host on which a grant can be made and taken back again and again, each time with a fault at another call. */
class FaultyHost {
  readonly #host: ThrowawayHost;
  readonly #before: HostTree;
  readonly #rules: string;

  private constructor(host: ThrowawayHost, before: HostTree, rules: string) {
    this.#host = host;
    this.#before = before;
    this.#rules = rules;
  }

  static async start(at: Workbench, steps: readonly Step[]): Promise<FaultyHost> {
    const library = readFileSync(new URL("faults.sh", import.meta.url), "utf8");
    const put = `cat >/mnt/faults.sh <<'END'\n${library}END\n`;
    const host = await ThrowawayHost.start(at, "dash", { ...situation, given: put + given });
    host.limitDisk("size=24m,nr_inodes=2000");
    const rules = await run(host, "nft list ruleset");
    const faulty = new FaultyHost(host, treeOf(host), rules);
    await faulty.#record(steps);
    return faulty;
  }

  /** The grant once without a fault: its programs become one script. */
  async #record(steps: readonly Step[]): Promise<void> {
    const host = this.#host;
    const first = host.programs.length;
    const step = async ([module, args]: Step, grant: object): Promise<void> => {
      const { keys } = await runStep(module, { ...situation, args }, { host, check: false, ...grant });
      expect(keys).toMatchObject({ changed: true });
    };
    await step([grantBegin, { id: "t-1", ticket: "T-1", expires: 4_000_000_000, confirm: 300 }], {});
    for (const one of steps) await step(one, { grant: { id: "t-1", name: "a step" } });
    await step([grantConfirm, { id: "t-1" }], {});
    const grant = host.programs.slice(first);
    await this.undo();
    const known = new Set<string>();
    const text = grant.map((program, index) => {
      const written = programText(program, index + 1, known, "after-success");
      for (const fn of program.functions) known.add(fn.name);
      return written;
    });
    writeFileSync(host.path("/mnt/faults/grant"), [bootstrap(prelude, "n"), "lk_stop=\n", ...text].join(""));
    expect(await this.differences()).toEqual([]);
  }

  /** Runs a script, with a fault at one of its calls: `call` is that one, or `over` where there were not so many. */
  async run(script: "grant" | "undo", fault: Fault, at: number): Promise<Met> {
    const path = script === "undo" ? "$un" : "/mnt/faults/grant";
    const said = await run(this.#host, `fa_run ${path} ${fault} ${at}; printf '%s\\n%s' "$fa_word" "$fa_said"`);
    const [call = "", ...rest] = said.split("\n");
    const failed = /^failed\n(?:[^]*\n)?s msg \d+\n(.*)/m.exec(rest.join("\n"));
    const problems = failed === null || causes.test(failed[1] ?? "") ? [] : [`${call}: ${failed[1]}`];
    return { call, problems };
  }

  /** The grant's own program, or what else a revoke does where there is none yet; gives what could not be taken back. */
  async undo(): Promise<readonly string[]> {
    const said = await run(this.#host, "[ ! -f $un ] || sh $un 2>&1 || echo failed; [ -f $un ] || echo none");
    if (!said.endsWith("none")) return [said];
    await runStep(
      grantUndo as AnyHostModule,
      { ...situation, args: { id: "t-1" } },
      { host: this.#host, check: false },
    );
    return said.split("\n").filter((line) => /^(failed|kept)/.test(line));
  }

  async repair(): Promise<void> {
    await run(this.#host, "fa_repair");
  }

  async differences(): Promise<readonly string[]> {
    const rules = await run(this.#host, "nft list ruleset");
    return [...treeDifferences(this.#before, treeOf(this.#host)), ...(rules === this.#rules ? [] : [rules])];
  }

  kill(): Promise<void> {
    return this.#host.kill();
  }
}

interface Met {
  readonly call: string;
  /** What a failed step said that does not name the cause. */
  readonly problems: readonly string[];
}

/** How the cause is named; the account tools, and the printf of some shells, say no more of it. */
const causes = /No space left on device|Read-only file system|cannot lock|I\/O error/;

/** What a script of a shell prints. */
const run = async (host: ThrowawayHost, script: string): Promise<string> => {
  const text = `lk_begin; . /mnt/faults.sh; un=/var/lib/latchkey/grants/t-1/undo; ${script}\nlk_frame res ok\n`;
  const result: ProgramResult = await host.exec({ functions: [], text });
  if (result.stderr !== "") throw new Error(result.stderr);
  return result.stdout.trim();
};

const situation: Case = { ...silentCase, file: "faults", name: "faults", given: "", then: "" };

/** Each call takes a grant and an undo: usually some of them are tried, spread over all. */
const every = Number(process.env["FAULT_EVERY"] ?? 11);

const faults: readonly (readonly [string, "grant" | "undo", Fault, readonly Step[]])[] = [
  ["account", "grant", "kill", account],
  ["account", "undo", "kill", account],
  ["change", "grant", "kill", customers],
  ["change", "undo", "kill", customers],
  ["account", "grant", "space", account],
  ["account", "undo", "space", account],
  ["account", "grant", "inodes", account],
  ["account", "grant", "readonly", account],
  ["account", "undo", "readonly", account],
];

describe.skipIf("reason" in bench)("a fault at any call", () => {
  if ("reason" in bench) return;
  afterAll(() => bench.close());

  it.concurrent.each(faults)(
    "in a grant's %s: %s, %s",
    async (_, script, fault, steps) => {
      const host = await FaultyHost.start(bench, steps);
      try {
        for (let at = 1, call = ""; call !== "over"; at += every) {
          if (script === "undo") expect(await host.run("grant", "kill", 0)).toMatchObject({ call: "over" });
          const met = await host.run(script, fault, at);
          call = met.call;
          if (fault !== "kill") expect(met.problems).toEqual([]);
          // A full disk still has what the grant kept for its end; a read-only one does not let anybody write.
          if (script === "undo" || fault === "readonly") await host.repair();
          expect({ call, left: await host.undo() }).toEqual({ call, left: [] });
          await host.repair();
          expect({ call, differs: await host.differences() }).toEqual({ call, differs: [] });
        }
      } finally {
        await host.kill();
      }
    },
    300_000,
  );
});
