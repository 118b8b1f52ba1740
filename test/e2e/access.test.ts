import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type CommandResult, type Lab, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey, recapOf, startLatchkey } from "./latchkey.ts";
import { tracesOf } from "./login-records.ts";
import { reloadSshd } from "./reload-sshd.ts";

/** Access that ends: by its revoke, by its own end with no controller alive, and when it was cut off half-way. */
describeLab("a grant that ends", () => {
  let lab: Lab;
  let keys: Readonly<Record<"a" | "b", string>>;
  const environment = (): Record<string, string> => ({ XDG_STATE_HOME: join(lab.dir, "state") });
  const on = (command: string, ...options: string[]): Promise<CommandResult> =>
    latchkey([command, "-i", lab.inventory, ...options], environment());
  const grant = (ticket: string, key: "a" | "b", ...options: string[]): Promise<CommandResult> =>
    on("grant", "--ticket", ticket, "--for", "4h", "--key", `${keys[key]}.pub`, ...options);
  const login = async (key: "a" | "b", command = "sudo -n id -u"): Promise<string> => {
    const { code, stdout } = await lab.ssh("vm1", command, { user: "support", key: keys[key] });
    return code === 0 ? stdout.trim() : "refused";
  };
  const root = async (script: string): Promise<string> => (await lab.exec("vm1", ["sh", "-c", script])).stdout.trim();
  /** What the host does by itself, so much later. */
  const tick = (id: string, later: string): Promise<string> =>
    root(`faketime -f '${later}' sh /var/lib/latchkey/grants/${id}/undo --tick`);
  const traces = async (): Promise<readonly string[]> => tracesOf(await lab.changed("vm1"));

  beforeAll(async () => {
    lab = await startLab({ hosts: 1 });
    keys = { a: join(lab.dir, "a"), b: join(lab.dir, "b") };
    for (const key of Object.values(keys)) {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", key.slice(-1), "-f", key]);
    }
  });
  afterAll(() => lab.stop());
  afterEach(async () => {
    await on("revoke", "--limit", "all");
    await lab.mark();
  });

  it("opens, shows, prolongs and closes access, and leaves nothing", async () => {
    const policy = ["-e", '{"latchkey_policy": {"max_duration": "8h"}}'];
    expect(await grant("OPS-1", "a", "--reason", "disk full", ...policy)).toMatchObject({ code: 0 });
    expect(await login("a")).toBe("0");
    const status = await on("status", "--format", "json");
    const [, print = ""] = execFileSync("ssh-keygen", ["-lf", `${keys.a}.pub`], { encoding: "utf8" }).split(" ");
    expect(JSON.parse(status.stdout)).toMatchObject([
      { host: "vm1", state: "open", grant: "ops-1", ticket: "OPS-1", keys: [print], sessions: 0 },
    ]);
    const again = await grant("OPS-1", "a");
    expect(recapOf(again.stdout)).toMatchObject([{ changed: 0, failed: 0 }]);
    const tooLong = await on("extend", "--grant", "ops-1", "--for", "9h");
    expect(tooLong).toMatchObject({ code: 2, stdout: expect.stringContaining("lasts 8 hours at most") as string });
    expect(await on("extend", "--grant", "ops-1", "--for", "6h")).toMatchObject({ code: 0 });
    expect(await login("a")).toBe("0");
    expect(await on("revoke", "--ticket", "OPS-1")).toMatchObject({ code: 0 });
    expect(await login("a")).toBe("refused");
    expect(await traces()).toEqual([]);
    const ledger = await latchkey(["ledger", "export"], environment());
    const records = JSON.parse(ledger.stdout) as readonly Record<string, unknown>[];
    expect(records.map(({ verb, outcome }) => [verb, outcome])).toEqual([
      ["grant", "ok"],
      ["extend", "failed"],
      ["extend", "ok"],
      ["revoke", "ok"],
    ]);
    expect(records[0]).toMatchObject({ ticket: "OPS-1", reason: "disk full", keys: [print] });
  });

  it("tells in a dry run what the grant then does, and touches nothing", async () => {
    const dry = await grant("OPS-1", "a", "--check");
    expect(await traces()).toEqual([]);
    const real = await grant("OPS-1", "a");
    expect(recapOf(dry.stdout)).toEqual(recapOf(real.stdout));
    expect(recapOf(real.stdout)).toMatchObject([{ failed: 0, changed: 6 }]);
  });

  it("undoes one grant and leaves the other, whichever ends first", async () => {
    for (const [first, second] of [
      ["a", "b"],
      ["b", "a"],
    ] as const) {
      await grant("OPS-A", "a");
      await grant("OPS-B", "b");
      expect([await login("a"), await login("b")]).toEqual(["0", "0"]);
      await on("revoke", "--grant", `ops-${first}`);
      expect([await login(first), await login(second)]).toEqual(["refused", "0"]);
      await on("revoke", "--grant", `ops-${second}`);
      expect([await login(first), await login(second)]).toEqual(["refused", "refused"]);
      expect(await traces()).toEqual([]);
    }
  });

  it("is taken back once by two that do it at the same time, beside a grant that stays", async () => {
    await grant("OPS-A", "a");
    await grant("OPS-B", "b");
    const undo = 'sh /var/lib/latchkey/grants/ops-a/undo >/dev/null & pids="$pids $!"';
    const twice = `${undo}; ${undo}; for pid in $pids; do wait "$pid" || echo failed; done; ls /etc/passwd-`;
    expect(await root(twice)).toBe("/etc/passwd-");
    expect([await login("a"), await login("b")]).toEqual(["refused", "0"]);
    await on("revoke", "--grant", "ops-b");
    expect(await traces()).toEqual([]);
  });

  it("A9: takes back at once what failed half-way, and says so", async () => {
    await root("printf '#!/bin/sh\\nexit 1\\n' >/usr/local/sbin/visudo; chmod +x /usr/local/sbin/visudo");
    await lab.mark();
    const failed = await grant("OPS-4", "a");
    expect(failed).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/TASK \[Roll back grant ops-4\][^]*\n\nrolled back: vm1\n$/) as string,
    });
    expect(await traces()).toEqual([]);
    expect(await grant("OPS-4", "a", "--keep-partial")).toMatchObject({ code: 2 });
    expect(await root("getent passwd support | cut -d: -f1")).toBe("support");
    // Nobody confirms it.
    expect(await tick("ops-4", "+1min")).toBe("");
    expect(await tick("ops-4", "+6min")).toContain("account support removed");
    expect(await traces()).toEqual([]);
    await root("rm /usr/local/sbin/visudo");
  });

  it("A9: is as before after one undo, wherever a grant was cut off", async () => {
    for (let round = 0; round < 8; round++) {
      const started = startLatchkey(
        ["grant", "-i", lab.inventory, "--ticket", "OPS-5", "--for", "4h", "--key", `${keys.a}.pub`],
        environment(),
      );
      await started.said(["Create the group", "Create the account", "Install the keys", "Allow sudo"][round % 4] ?? "");
      process.kill(started.pid, "SIGKILL");
      await started.done;
      // The shell on the host ends when its controller is gone.
      await expect.poll(() => root("pgrep -cf '^/bin/sh$'")).toBe("0");
      await tick("ops-5", "+6min");
      // Either it was done and confirmed, or it is taken back by now.
      const state = await root("cat /var/lib/latchkey/grants/ops-5/state 2>&1");
      if (state === "open") await root("sh /var/lib/latchkey/grants/ops-5/undo");
      else expect(state).toContain("No such file");
      expect(await traces()).toEqual([]);
    }
  });

  it("G4: opens the firewall for the grant's time, and closes its own opening alone", async () => {
    await root(`nft 'add table inet f; add chain inet f input { type filter hook input priority 0; policy drop; }'`);
    await root(
      `nft 'add rule inet f input ct state established accept; add rule inet f input ip saddr ${lab.controller} accept'`,
    );
    const before = await root("nft list ruleset");
    expect(await grant("OPS-8", "a", "-e", "support_sources=203.0.113.7")).toMatchObject({ code: 0 });
    expect(await root("nft list ruleset")).toMatch(/203\.0\.113\.7 timeout (4h|3h59m)/);
    expect(recapOf((await grant("OPS-8", "a", "-e", "support_sources=203.0.113.7")).stdout)).toMatchObject([
      { changed: 0 },
    ]);
    expect(await on("revoke", "--ticket", "OPS-8")).toMatchObject({ code: 0 });
    expect(await root("nft list ruleset")).toBe(before);
    await root("nft flush ruleset");
  });

  it("has sshd listen on another port as well, for as long as the grant lasts", async () => {
    expect(await grant("OPS-8", "a", "-e", "support_ssh_port=2222")).toMatchObject({ code: 0 });
    const listening = "grep -c ':08AE 00000000:0000 0A ' /proc/net/tcp";
    expect(await root(listening)).toBe("1");
    expect(await login("a")).toBe("0");
    const again = await grant("OPS-8", "a", "-e", "support_ssh_port=2222");
    expect(recapOf(again.stdout)).toMatchObject([{ changed: 0, failed: 0 }]);
    expect(await on("revoke", "--ticket", "OPS-8")).toMatchObject({ code: 0 });
    expect(await login("a")).toBe("refused");
    expect(await root(listening)).toBe("0");
    expect(await traces()).toEqual([]);
  });

  it("C3: is in sshd's AllowUsers when told so, for as long as a grant needs it", async () => {
    await root(
      `cp -p /etc/ssh/sshd_config /root/kept; echo "AllowUsers debian root" >>/etc/ssh/sshd_config; ${reloadSshd}`,
    );
    await lab.mark();
    const refused = await grant("OPS-10", "a");
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stdout).toMatch(/AllowUsers debian root \(\/etc\/ssh\/sshd_config:\d+\) does not name support/);
    const adjust = ["-e", "support_adjust_sshd=true"];
    expect(await grant("OPS-11", "a", ...adjust)).toMatchObject({ code: 0 });
    expect(await grant("OPS-12", "b", ...adjust)).toMatchObject({ code: 0 });
    expect([await login("a"), await login("b")]).toEqual(["0", "0"]);
    expect(await on("revoke", "--ticket", "OPS-11")).toMatchObject({ code: 0 });
    expect([await login("a"), await login("b")]).toEqual(["refused", "0"]);
    expect(await on("revoke", "--ticket", "OPS-12")).toMatchObject({ code: 0 });
    expect(await login("b")).toBe("refused");
    expect(await traces()).toEqual([]);
    await root(`mv /root/kept /etc/ssh/sshd_config; ${reloadSshd}`);
  });

  it("E1, E4: is refused and taken back where sudo would not obey its rule", async () => {
    const admin = "debian ALL=(ALL) NOPASSWD: ALL";
    await root(`cp -p /etc/sudoers /root/kept; echo 'ALL ALL=(ALL) ALL' >/etc/sudoers.d/zzz; echo '${admin}' >>/etc/sudoers.d/zzz
      echo 'Defaults !mail_badpass' >>/etc/sudoers.d/zzz
      chmod 440 /etc/sudoers.d/zzz`);
    await lab.mark();
    const later = await grant("OPS-13", "a");
    expect(later).toMatchObject({ code: 2 });
    expect(later.stdout).toContain("a rule of the host that comes later wants a password");
    expect(await traces()).toEqual([]);
    await root(`rm /etc/sudoers.d/zzz; printf '%s\n' 'root ALL=(ALL) ALL' '${admin}' >/etc/sudoers`);
    await lab.mark();
    const unread = await grant("OPS-14", "a");
    expect(unread).toMatchObject({ code: 2 });
    expect(unread.stdout).toContain("it reads no rule that allows it");
    expect(await traces()).toEqual([]);
    await root("mv /root/kept /etc/sudoers");
  });

  it("E5, E6, E9, E10: is one rule of sudo's with an end, in no group, and needs no terminal", async () => {
    await root(
      "printf 'Defaults requiretty\nDefaults:debian !requiretty\n' >/etc/sudoers.d/tty; chmod 440 /etc/sudoers.d/tty; cp -p /root/.profile /root/kept; echo exec false >>/root/.profile",
    );
    await lab.mark();
    expect(await grant("OPS-15", "a")).toMatchObject({ code: 0 });
    expect(await login("a", "sudo -n id -u; id -nG")).toBe("0\nsupport");
    expect(await root("grep -rl support /etc/sudoers /etc/sudoers.d")).toBe("/etc/sudoers.d/zz-support");
    const rule = await root("cat /etc/sudoers.d/zz-support");
    expect(rule).toMatch(
      /^Defaults:support !requiretty\nsupport ALL=\(ALL\) NOTAFTER=\d{14}Z TIMEOUT=\d+s NOPASSWD: ALL$/,
    );
    await root("sed -i 's/NOTAFTER=..../NOTAFTER=2020/' /etc/sudoers.d/zz-support");
    expect(await login("a")).toBe("refused");
    await on("revoke", "--ticket", "OPS-15");
    await root("rm /etc/sudoers.d/zz-support /etc/sudoers.d/tty; mv /root/kept /root/.profile");
  });

  it("keeps what a customer changed since, and says so", async () => {
    await root("echo 'customer ALL=(ALL) ALL' >/etc/sudoers.d/customer; chmod 440 /etc/sudoers.d/customer");
    await lab.mark();
    await grant("OPS-6", "a");
    await root("echo 'support ALL=(ALL) /bin/true' >/etc/sudoers.d/zz-support; passwd -d root >/dev/null");
    expect(await on("extend", "--grant", "ops-6", "--for", "6h")).toMatchObject({ code: 0 });
    const revoked = await on("revoke", "--grant", "ops-6", "--reporter", "jsonl");
    expect(revoked.stdout).toContain("/etc/sudoers.d/zz-support: it was changed since the grant made it");
    expect(await root("cat /etc/sudoers.d/zz-support")).toBe("support ALL=(ALL) /bin/true");
    await root("rm /etc/sudoers.d/zz-support /etc/sudoers.d/customer");
  });
});
