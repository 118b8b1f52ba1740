/**
 * What a grant meets that has come about by its end: its account's home, files and disk are no longer as it left them.
 * Each situation is taken back, put right by whoever is root there, and taken back again.
 */
import { afterAll, describe, expect, it } from "vitest";
import { authorizedKey } from "../../src/modules/authorized_key/authorized_key.ts";
import { grantBegin } from "../../src/modules/grant_begin/grant_begin.ts";
import { grantUndo } from "../../src/modules/grant_undo/grant_undo.ts";
import { user } from "../../src/modules/user/user.ts";
import { compile } from "../../src/shell/compile.ts";
import type { ProgramResult, ShellFunction } from "../../src/shell/program.ts";
import type { PlainMap } from "../../src/vars/value.ts";
import { silentCase } from "./case-file.ts";
import { differences } from "./match-subset.ts";
import { type AnyHostModule, runStep } from "./run-case.ts";
import { openWorkbench, shells, ThrowawayHost } from "./throwaway-host.ts";

/** Texts of POSIX sh that run as root. */
interface Situation {
  readonly title: string;
  /** Before the grant. */
  readonly given?: string;
  /** Whether the account was there before the grant, with a line of its own in its file. */
  readonly isTheirs?: true;
  /** After the grant. */
  readonly meanwhile: string;
  /** What the revoke says then. */
  readonly undone: PlainMap;
  /** Holds afterwards. */
  readonly then: string;
  /** What puts it right, after which a revoke that failed succeeds. */
  readonly cure?: string;
}

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRoZS1zdXBwb3J0LXRlYW0tcy1wdWJsaWMta2V5LTMy vendor";
const nothingLeft = `
[ -z "$(getent passwd sup)$(getent group sup)" ]
[ ! -e /home/sup ]
[ ! -e /var/lib/latchkey/grants ]
`;

/** /etc, the homes and the journal on one disk of their own. */
const smallDisk = (limit: string): string => `
mkdir /disk
mount -t tmpfs -o ${limit},mode=755 tmpfs /disk
cp -a /etc /disk/etc
mkdir /disk/home /disk/latchkey /var/lib/latchkey
mount --bind /disk/etc /etc
mount --bind /disk/home /home
mount --bind /disk/latchkey /var/lib/latchkey
`;

const situations: readonly Situation[] = [
  {
    title: "A5: a customer's directory is mounted in the home",
    meanwhile: "mkdir /srv/c /home/sup/d; echo data >/srv/c/canary; mount --bind /srv/c /home/sup/d",
    undone: { outcome: "failed", msg: "/something is mounted at .home.sup.d: unmount it/" },
    then: "[ -f /srv/c/canary ]",
    cure: "umount /home/sup/d",
  },
  {
    title: "A5: the home is another directory than the grant made",
    meanwhile: "mv /home/sup /home/sup.old; mkdir /home/sup; echo data >/home/sup/canary",
    undone: { outcome: "changed", kept: ["/.home.sup: the directory is another one/"] },
    then: '[ -f /home/sup/canary ]; [ -z "$(getent passwd sup)" ]',
  },
  {
    title: "A5: the home is a link by now",
    meanwhile: "mkdir /srv/c; echo data >/srv/c/canary; mv /home/sup /srv/old; ln -s /srv/c /home/sup",
    undone: { outcome: "changed" },
    then: '[ -f /srv/c/canary ]; [ -z "$(getent passwd sup)" ]',
  },
  {
    title: "A6: the account put links in the way of root",
    isTheirs: true,
    meanwhile: `
      cp -a /etc/skel /root/skel
      echo '* * * * * root true' >/etc/cron.d/x
      mv /home/sup/.ssh /home/sup/.old
      ln -s /etc/skel /home/sup/.ssh
      ln /etc/cron.d/x /etc/skel/authorized_keys
      cp -a /etc/skel/authorized_keys /root/x
      chown -h sup: /home/sup/.ssh`,
    undone: {},
    then: `
      cmp /root/x /etc/cron.d/x
      [ "$(stat -c %U:%a /etc/cron.d/x)" = root:644 ]
      [ "$(stat -c %U:%a /etc/skel)" = "$(stat -c %U:%a /root/skel)" ]
      [ "$(ls -A /etc/skel | grep -vx authorized_keys)" = "$(ls -A /root/skel)" ]`,
  },
  {
    title: "A7: the key file was made immutable",
    meanwhile: "chattr +i /home/sup/.ssh/authorized_keys",
    undone: { outcome: "failed", msg: "/authorized_keys.* immutable.*chattr -i/" },
    then: '[ -z "$(getent passwd sup)" ]; [ ! -e /home/sup ]',
    cure: "chattr -R -i /home/.lk-gone-t-1",
  },
  {
    title: "A7: the key file of an account that stays was made append-only",
    isTheirs: true,
    meanwhile: "chattr +a /home/sup/.ssh/authorized_keys",
    undone: { outcome: "failed", msg: "/.home.sup..ssh.authorized_keys.* append-only.*chattr -a/" },
    then: "getent passwd sup",
    cure: "chattr -a /home/sup/.ssh/authorized_keys",
  },
  {
    title: "A8: the disks are full",
    given: smallDisk("size=12m"),
    meanwhile: "dd if=/dev/zero of=/disk/fill bs=4k || :; ! dd if=/dev/zero of=/disk/fill2 bs=4k count=1",
    undone: { outcome: "changed" },
    then: nothingLeft,
  },
  {
    title: "A8: the disk has no inodes left",
    given: smallDisk("nr_inodes=6000"),
    meanwhile: "mkdir /disk/many; cd /disk/many; seq 6000 | xargs touch 2>/dev/null || :; ! mkdir /etc/x",
    undone: { outcome: "changed" },
    then: nothingLeft,
  },
  {
    title: "A8: /etc is read-only",
    meanwhile: "mount --bind /etc /etc; mount -o remount,ro,bind /etc",
    undone: { outcome: "failed", msg: "/.etc cannot be written to: Read-only file system/" },
    then: "getent passwd sup",
    cure: "umount /etc",
  },
  {
    title: "D10: another program holds the lock of the account files",
    // It goes on as soon as it was in the way once.
    meanwhile: `
      printf '#!/bin/sh\\n/usr/sbin/userdel "$@" || { rm /etc/passwd.lock; exit 1; }\\n' >/usr/local/sbin/userdel
      chmod +x /usr/local/sbin/userdel
      printf 1 >/etc/passwd.lock`,
    undone: { outcome: "changed" },
    then: `${nothingLeft}[ ! -e /etc/passwd.lock ]`,
  },
  {
    title: "A10: nothing may be executed in /tmp and /var, and TMPDIR leads nowhere",
    given: `
      mount -t tmpfs -o noexec,size=16k tmpfs /tmp
      mount --bind /var/lib /var/lib
      mount -o remount,bind,noexec /var/lib
      echo TMPDIR=/nowhere >>/etc/environment`,
    meanwhile: "! sh -c 'echo exit >/tmp/x; chmod +x /tmp/x; /tmp/x'; rm /tmp/x",
    undone: { outcome: "changed" },
    then: nothingLeft,
  },
];

const ask: ShellFunction = {
  name: "m_ask",
  text: 'm_ask() { lk_v=$(sh -exc "$p_text" 2>&1 </dev/null) || lk_fail "$lk_v"; lk_ok; }\n',
};
const options = { check: false, diff: false, planned: [], environment: {} };
const bench = openWorkbench();
const wantedShells = (process.env["SHELLS"] ?? "dash").split(",").filter((name) => name in shells);

describe.skipIf("reason" in bench)("a grant on a host without room", () => {
  if ("reason" in bench) return;
  it.each([
    [
      "A8: does not begin where /etc is full",
      smallDisk("size=12m"),
      "dd if=/dev/zero of=/disk/fill bs=4k || :",
      /No space/,
    ],
    [
      "A8: does not begin where /etc is read-only",
      "",
      "mount --bind /etc /etc; mount -o remount,ro,bind /etc",
      /Read-only/,
    ],
  ])("%s", async (name, disk, fill, why) => {
    const given = `${disk}\n${fill}`;
    const host = await ThrowawayHost.start(bench, "dash", { ...silentCase, file: "odd", name, given, then: "" });
    try {
      const params = grantBegin.params({ id: "t-1", ticket: "T-1", expires: 4_000_000_000, confirm: 300 }, {} as never);
      if (!params.ok) throw new Error(params.error);
      const { outcome, fields } = await host.exec(compile(grantBegin.functions, params.value, options));
      expect(outcome).toBe("failed");
      expect(fields["msg"]).toMatch(why);
      expect(host.snapshot().get("/var/lib/latchkey/grants/t-1")).toBeUndefined();
    } finally {
      await host.kill();
    }
  });
});

describe.skipIf("reason" in bench)("a key that the file holds already", () => {
  if ("reason" in bench) return;
  const own = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEDvOqOggZwQdoDE5La9F0k9ZHlkuhGCtnwFfgD7L3nh vendor";
  it.each([
    ["B4: is refused to a grant with other options", { key: own, key_options: "restrict" }],
    ["B4: is refused to a grant as it stands", { key: own.replace("vendor", "two") }],
  ])("%s", async (name, args) => {
    const made = {
      ...silentCase,
      file: "odd",
      name,
      given: theirs,
      then: "cmp /root/keys /home/sup/.ssh/authorized_keys",
    };
    const host = await ThrowawayHost.start(bench, "dash", made);
    try {
      const params = grantBegin.params({ id: "t-1", ticket: "T-1", expires: 4_000_000_000, confirm: 300 }, {} as never);
      if (!params.ok) throw new Error(params.error);
      await host.exec(compile(grantBegin.functions, params.value, options));
      const step = (more: PlainMap): Promise<{ readonly keys: PlainMap }> =>
        runStep(
          authorizedKey,
          { ...made, args: { user: "sup", ...more } },
          { host, check: false, grant: { id: "t-1", name: "a step" } },
        );
      expect((await step(args)).keys).toMatchObject({
        failed: true,
        msg: expect.stringContaining("no grant has put it there") as string,
      });
      const undo = grantUndo.params({ id: "t-1", keep_accounts: false }, {} as never);
      if (!undo.ok) throw new Error(undo.error);
      await host.exec(compile(grantUndo.functions, undo.value, options));
      await host.finish();
    } finally {
      await host.kill();
    }
  });
});

describe.skipIf("reason" in bench)("a grant whose host changed meanwhile", () => {
  if ("reason" in bench) return;
  afterAll(() => bench.close());
  for (const situation of situations) {
    for (const shell of wantedShells) {
      it.concurrent(`${situation.title} (${shell})`, async () => {
        const given = `${quickSearch}${situation.given ?? ""}\n${situation.isTheirs === true ? theirs : ""}`;
        const made = { ...silentCase, file: "odd", name: situation.title, given, then: "" };
        const host = await ThrowawayHost.start(bench, shell, made);
        const run = (module: AnyHostModule, args: PlainMap): Promise<ProgramResult> => {
          const params = module.params(args as never, {} as never);
          if (!params.ok) throw new Error(params.error);
          return host.exec(compile(module.functions, params.value, options));
        };
        const step = async (module: AnyHostModule, args: PlainMap): Promise<void> => {
          const grant = { id: "t-1", name: "a step" };
          const { keys } = await runStep(module, { ...made, args }, { host, check: false, grant });
          expect(keys, JSON.stringify(keys)).toMatchObject({ changed: true });
        };
        const as = async (text: string): Promise<void> => {
          const { outcome, fields } = await host.exec(compile([ask], { text }, options));
          expect(outcome, JSON.stringify(fields["msg"])).toBe("ok");
        };
        const undo = async (): Promise<PlainMap> => {
          const { outcome, fields } = await run(grantUndo, { id: "t-1" });
          return { outcome, ...fields };
        };
        try {
          await run(grantBegin, { id: "t-1", ticket: "T-1", expires: 4_000_000_000, confirm: 300 });
          if (situation.isTheirs !== true) await step(user, { name: "sup", password: "*" });
          await step(authorizedKey, { user: "sup", key });
          await as(situation.meanwhile);
          const said = await undo();
          expect(differences(situation.undone, said), JSON.stringify(said)).toEqual([]);
          await as(situation.then);
          if (situation.cure !== undefined) {
            await as(situation.cure);
            expect(await undo()).toMatchObject({ outcome: "changed" });
            if (situation.isTheirs === true) await as("cmp /root/keys /home/sup/.ssh/authorized_keys");
            else await as(nothingLeft);
          }
        } finally {
          await host.kill();
        }
      });
    }
  }
});

/** The census looks for files of the account on the whole machine, within limits of time: here it finds none at once. */
const quickSearch = "printf '#!/bin/sh\\n' >/usr/local/bin/timeout; chmod +x /usr/local/bin/timeout\n";

const theirs = `
useradd -m sup
mkdir /home/sup/.ssh
printf '# theirs\\n\\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEDvOqOggZwQdoDE5La9F0k9ZHlkuhGCtnwFfgD7L3nh two' >/home/sup/.ssh/authorized_keys
cp /home/sup/.ssh/authorized_keys /root/keys
chown -R sup: /home/sup/.ssh
`;
