/**
 * What an account may have become, or left, by the time its grant is taken back: a grant makes it, `meanwhile` is what
 * happens then, the grant is taken back, `then` holds.
 */
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { grantBegin } from "../../src/modules/grant_begin/grant_begin.ts";
import { grantConfirm } from "../../src/modules/grant_confirm/grant_confirm.ts";
import { grantUndo } from "../../src/modules/grant_undo/grant_undo.ts";
import { tempfile } from "../../src/modules/tempfile/tempfile.ts";
import { user } from "../../src/modules/user/user.ts";
import { compile } from "../../src/shell/compile.ts";
import type { ProgramResult, ShellFunction } from "../../src/shell/program.ts";
import type { PlainMap } from "../../src/vars/value.ts";
import { silentCase } from "./case-file.ts";
import { type AnyHostModule, runStep } from "./run-case.ts";
import { openWorkbench, smallHost, ThrowawayHost, type Workbench } from "./throwaway-host.ts";

interface Situation {
  readonly title: string;
  /** POSIX sh (-e), as root, before the grant. */
  readonly given?: string;
  /** POSIX sh (-e), as root, while it lasts; $uid is the account's number. What runs on has to close its output. */
  readonly meanwhile: string;
  /** An option of the undo program. */
  readonly by?: "--tick";
  /** Whether the host is searched afterwards, which takes long. */
  readonly census?: boolean;
  /** Lines of what the undo tells. */
  readonly says?: readonly string[];
  /** POSIX sh (-e), as root, afterwards. */
  readonly then: string;
}

/** Words before a command, so that the account runs it; and a wait until as many processes run a command. */
const words = `as='setpriv --reuid support --regid support --clear-groups'
up() { until [ "$(pgrep -cx "$1")" -ge "$2" ]; do sleep 0.02; done; }`;
const grant = "t-1";
const aGrant = { id: grant, ticket: "T-1", expires: 4_000_000_000, confirm: 300 };
const removed = /^undone \/srv\/ansible\.[0-9a-f]{8} removed$/;
const undo = `/var/lib/latchkey/grants/${grant}/undo`;
const gone = `! getent passwd support; ! [ -e /home/support ]`;
const situations: readonly Situation[] = [
  {
    title: "F1: ends what the account runs, and what it started as root, before the account goes",
    meanwhile: `$as setsid sh -c 'trap "" HUP TERM; while :; do sleep 1001; done' >/dev/null 2>&1 &
      sh -c 'echo "$0" >/proc/self/loginuid; exec setsid sleep 1002' "$uid" >/dev/null 2>&1 &
      sleep 1003 >/dev/null 2>&1 &
      up sleep 3`,
    then: `${gone}; [ "$(pgrep -ax sleep | cut -d' ' -f2-)" = 'sleep 1003' ]`,
  },
  {
    title: "F2: ends a program that is always another process by the time one looks",
    meanwhile: `$as setsid perl -e 'while (1) { exit if fork }' >/dev/null 2>&1 &
      until [ -n "$(find /proc/[0-9]* -prune -user support 2>/dev/null)" ]; do :; done`,
    then: `${gone}; ! pgrep -x perl`,
  },
  {
    title: "F2: takes lingering, timers of the account, and jobs of cron and at along",
    meanwhile: `mkdir -p /var/lib/systemd/linger /var/spool/cron/atjobs /var/spool/cron/crontabs /home/support/.config/systemd/user
      touch /var/lib/systemd/linger/support /home/support/.config/systemd/user/x.timer
      echo '* * * * * sleep 1' >/var/spool/cron/crontabs/support
      echo 'sleep 1' >/var/spool/cron/atjobs/a0000101
      chown support /var/spool/cron/atjobs/a0000101 /var/spool/cron/crontabs/support`,
    then: `${gone}; ! ls /var/lib/systemd/linger/support /var/spool/cron/crontabs/support /var/spool/cron/atjobs/a0000101`,
  },
  {
    title: "F2: has logind end its sessions and what outlives them",
    given: `mkdir -p /run/systemd/seats; printf '#!/bin/sh\\necho "$@" >>/root/asked\\n' >/usr/local/sbin/loginctl
      chmod +x /usr/local/sbin/loginctl`,
    meanwhile: "",
    then: `[ "$(head -n 2 /root/asked)" = "$(printf 'disable-linger support\\nterminate-user support')" ]`,
  },
  {
    title: "F3: takes along what it has in shared places and in shared memory",
    meanwhile: `mkdir -p "/run/user/$uid/x" "/tmp/tmux-$uid" /var/lib/AccountsService/users /var/mail
      touch "/run/user/$uid/x/y" "/tmp/tmux-$uid/default" /var/tmp/theirs /dev/shm/theirs /var/lib/AccountsService/users/support
      touch /var/mail/support
      chown -R support "/run/user/$uid" "/tmp/tmux-$uid" /var/tmp/theirs /dev/shm/theirs /var/mail/support
      $as ipcmk -M 64 -S 1 -Q >/dev/null
      ipcmk -M 64 >/dev/null`,
    then: `${gone}
      ! ls /run/user/[0-9]* /tmp/tmux-[1-9]* /var/tmp/theirs /dev/shm/theirs /var/mail/support /var/lib/AccountsService/users/support
      [ "$(cat /proc/sysvipc/shm /proc/sysvipc/sem /proc/sysvipc/msg | wc -l)" -eq 4 ]`,
  },
  {
    title: "F3, F4: leaves no trace of its name, names files of its numbers elsewhere, and deletes none of them",
    census: true,
    given: `${smallHost}; install -d -m 1777 /opt/shared /srv/data`,
    meanwhile: `usermod -c other support; groupadd later; gpasswd -a support later; groupdel later
      $as sh -c 'echo work >/opt/shared/by-user'; echo data >/srv/data/by-group; chgrp support /srv/data/by-group`,
    says: [
      "checks /etc/shadow-: clean",
      "checks shared memory, semaphores and queues: clean",
      "residue files of user 4711 and group 4711: /opt/shared/by-user /srv/data/by-group ",
    ],
    then: `${gone}; ! grep -r support /etc/passwd* /etc/shadow* /etc/group* /etc/gshadow* /etc/subuid* /etc/subgid*
      [ "$(cat /opt/shared/by-user /srv/data/by-group)" = "$(printf 'work\\ndata')" ]`,
  },
  {
    title: "F5: keeps a home that was given to somebody else, and says so",
    given: "useradd customer",
    meanwhile: "echo precious >/home/support/file; chown -R customer /home/support",
    says: ["kept /home/support: it belongs to another account now"],
    then: `! getent passwd support; [ "$(cat /home/support/file)" = precious ]`,
  },
  {
    title: "F5: does not touch the directory that became the account's home, be it /",
    meanwhile: "usermod -d / support",
    then: `${gone}; [ -d /etc ]; [ -d /var ]`,
  },
  {
    title: "F6: keeps the account's group where another account is in it by then",
    meanwhile: "useradd -M -N -g support customer",
    says: ["kept group support: it is the group of customer"],
    then: `! getent passwd support; [ "$(id -gn customer)" = support ]`,
  },
  {
    title: "F6: takes the account out of groups that others put it into, and keeps those",
    given: "groupadd docker",
    meanwhile: "gpasswd -a support docker",
    then: `${gone}; getent group docker | grep -q ':$'`,
  },
  {
    title: "F8: is left to the host where the one who asks for it came over the account itself",
    given:
      "mkdir -p /etc/cron.d; ln -s /bin/true /usr/local/sbin/crond; echo 'support ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/x",
    meanwhile: `chmod 440 /etc/sudoers.d/x
      ! $as sh -c 'sudo -n sh ${undo}; exit $?' >/root/said
      grep 'failed this connection came over account support, .* the host goes on by itself within a minute' /root/said
      getent passwd support`,
    by: "--tick",
    then: gone,
  },
  {
    title: "F8: is refused there where nothing on the host would go on",
    given: `rm -rf /etc/cron.d; echo 'support ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/x; chmod 440 /etc/sudoers.d/x`,
    meanwhile: `! $as sh -c 'sudo -n sh ${undo}; exit $?' >/root/said
      grep 'failed this connection came over account support, .*: do it over another account' /root/said
      getent passwd support`,
    then: gone,
  },
  {
    title: "I4: needs nothing below /usr that could be written",
    given: "mount --bind /usr /usr; mount -o remount,ro,bind /usr; ! touch /usr/x",
    meanwhile: "",
    then: gone,
  },
];

const bench = openWorkbench();

describe.skipIf("reason" in bench)("an account that is taken back", () => {
  if ("reason" in bench) return;
  afterAll(() => bench.close());
  for (const situation of situations) {
    it.concurrent(situation.title, () => passThrough(situation, bench));
  }
  it("takes what is temporary away with all that came into it", async () => {
    const host = await ThrowawayHost.start(bench, "dash", { ...silentCase, file: "", name: "", given: "", then: "" });
    try {
      expect((await run(host, grantBegin, aGrant)).outcome).toBe("changed");
      for (const state of ["file", "directory"]) {
        const situation = { ...silentCase, file: "", name: "", given: "", then: "", args: { state, path: "/srv" } };
        const step = { host, check: false, grant: { id: grant, name: "a step" } };
        expect((await runStep(tempfile as AnyHostModule, situation, step)).keys).toMatchObject({
          changed: true,
          state,
        });
      }
      const text =
        "set -e; cd /srv; for f in ansible.*; do if [ -d $f ]; then mkdir $f/d; echo x >$f/d/f; else echo x >$f; fi; done";
      expect((await host.exec(compile([ask], { text }, options))).fields).toMatchObject({ rc: 0 });
      expect((await run(host, grantConfirm, { id: grant })).outcome).toBe("changed");
      const said = await takeBack(host, {});
      expect(said).toEqual([expect.stringMatching(removed), expect.stringMatching(removed)]);
      const left = await host.exec(compile([ask], { text: "ls -A /srv" }, options));
      expect(left.fields).toMatchObject({ rc: 0, out: "" });
    } finally {
      await host.kill();
    }
  });
  it("I6: says at the beginning what the host has not to end a grant with", async () => {
    const given = "rm -rf /etc/cron.d /run/systemd/system";
    const host = await ThrowawayHost.start(bench, "dash", { ...silentCase, file: "", name: "", given, then: "" });
    try {
      const { fields } = await run(host, grantBegin, aGrant);
      const warnings = Array.isArray(fields["warnings"]) ? fields["warnings"] : [];
      expect(warnings).toContain("this host has neither systemd nor cron: nothing on it ends the grant in time");
      // Whoever runs the tests has logged in, or not; the shell has the same number.
      const unnumbered = ["", "4294967295"].includes(readFileSync("/proc/self/loginuid", "utf8").trim());
      expect(warnings.some((text) => text.startsWith("this host gives logins no number"))).toBe(unnumbered);
    } finally {
      await host.kill();
    }
  });
});

const passThrough = async ({ given = "", then, ...situation }: Situation, at: Workbench): Promise<void> => {
  const host = await ThrowawayHost.start(at, "dash", { ...silentCase, file: "", name: "", given, then });
  try {
    const began = await run(host, grantBegin, aGrant);
    expect(began.outcome).toBe("changed");
    const account = {
      ...silentCase,
      file: "",
      name: "",
      given: "",
      then: "",
      args: { name: "support", uid: 4711, password: "*" },
    };
    const made = await runStep(user as AnyHostModule, account, {
      host,
      check: false,
      grant: { id: grant, name: "the account" },
    });
    expect(made.keys).toMatchObject({ changed: true });
    expect((await run(host, grantConfirm, { id: grant })).outcome).toBe("changed");
    const meanwhile = `set -e; uid=$(id -u support); ${words}\n${situation.meanwhile}`;
    const happened = await host.exec(compile([ask], { text: meanwhile }, options));
    expect(happened.fields).toMatchObject({ rc: 0 });
    const said = await takeBack(host, situation);
    expect(said).toEqual(expect.arrayContaining(["undone account support removed", ...(situation.says ?? [])]));
    expect(said.filter((line) => line.startsWith("failed "))).toEqual([]);
    await host.finish();
  } finally {
    await host.kill();
  }
};

/** What it tells, a line each. */
const takeBack = async (
  host: ThrowawayHost,
  { census = false, by }: Pick<Situation, "census" | "by">,
): Promise<readonly string[]> => {
  if (!census) {
    const { out } = (await host.exec(compile([ask], { text: `sh ${undo} ${by ?? ""}` }, options))).fields;
    return typeof out === "string" ? out.split("\n") : [];
  }
  const { fields } = await run(host, grantUndo, { id: grant });
  return Object.entries(fields).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((text) => `${key} ${String(text)}`),
  );
};

const ask: ShellFunction = {
  name: "m_ask",
  text: 'm_ask() { lk_v=$(sh -c "$p_text" 2>&1 </dev/null); lk_i rc "$?"; lk_s out "$lk_v"; lk_ok; }\n',
};
const options = { check: false, diff: false, planned: [], environment: {} };

const run = (host: ThrowawayHost, module: AnyHostModule, args: PlainMap): Promise<ProgramResult> => {
  const params = module.params(args as never, {} as never);
  if (!params.ok) throw new Error(params.error);
  return host.exec(compile(module.functions, params.value, options));
};
