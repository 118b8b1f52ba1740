import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { type CommandResult, type Lab, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey } from "./latchkey.ts";
import { tracesOf } from "./login-records.ts";

/**
 * A grant's end with no controller alive. Each layer is alone in its test: the others are taken off the host after the
 * grant, and the host's clock goes on by libfaketime, for sshd, sudo, cron and all else that is started there.
 */
describeLab("the end of a grant", () => {
  let lab: Lab;
  let key: string;
  const environment = (): Record<string, string> => ({ XDG_STATE_HOME: join(lab.dir, "state") });
  const on = (command: string, ...options: string[]): Promise<CommandResult> =>
    latchkey([command, "-i", lab.inventory, ...options], environment());
  const grant = (...options: string[]): Promise<CommandResult> =>
    on("grant", "--ticket", "OPS-1", "--for", "4h", "--key", `${key}.pub`, ...options);
  const root = async (script: string): Promise<string> => (await lab.exec("vm1", ["sh", "-c", script])).stdout.trim();
  const login = async (command = "id -un"): Promise<string> => {
    const { code, stdout } = await lab.ssh("vm1", command, { user: "support", key });
    return code === 0 ? stdout.trim() : code === 255 ? "refused" : `failed ${stdout.trim()}`;
  };
  const undo = "/var/lib/latchkey/grants/ops-1/undo";

  /** The clock of all that the host starts from now on. */
  const clock = (offset: string): Promise<string> =>
    root(`echo '${offset}' >/etc/faketimerc; ls /usr/lib/*/faketime/libfaketime.so.1 >/etc/ld.so.preload`);
  const realClock = (): Promise<string> => root("rm -f /etc/ld.so.preload /etc/faketimerc");

  /** What ends a grant, and how a test takes it off the host. */
  const layers = {
    key: `sed -i 's/expiry-time="[^"]*",\\{0,1\\}//' /home/support/.ssh/authorized_keys`,
    NOTAFTER: "sed -i 's/NOTAFTER=[^ ]* //' /etc/sudoers.d/zz-support",
    TIMEOUT: "sed -i 's/TIMEOUT=[^ ]* //' /etc/sudoers.d/zz-support",
    account: "chage -E -1 support",
    reaper: "rm /etc/cron.d/latchkey-ops-1",
  };
  const without = (...off: (keyof typeof layers)[]): Promise<string> =>
    root(`set -ex; ${off.map((layer) => layers[layer]).join("; ")}`);

  const bounded = { timeout: 20_000, interval: 100 };

  beforeAll(async () => {
    lab = await startLab({ hosts: 1 });
    key = join(lab.dir, "k");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "k", "-f", key]);
    // In sshd's sandbox libfaketime works only where sshd itself was started with it: it reads its settings by starting anew.
    await clock("+0");
    await root("kill -HUP 1");
    await vi.waitUntil(async () => (await root("grep -c libfaketime /proc/1/maps")) !== "0", bounded);
    await vi.waitUntil(async () => (await lab.ssh("vm1", "true")).code === 0, bounded);
    await realClock();
    await lab.mark();
  });
  afterAll(() => lab.stop());
  afterEach(async () => {
    await realClock();
    await on("revoke", "--limit", "all");
    await root("rm -f /etc/sudoers.d/zz-support");
    await lab.mark();
  });

  it("comes by each of these alone: expiry-time, NOTAFTER, TIMEOUT, the account's last day", async () => {
    expect(await grant()).toMatchObject({ code: 0 });
    await without("reaper");
    const files = "/home/support/.ssh/authorized_keys /etc/sudoers.d/zz-support /etc/shadow";
    await root(`tar -cPf /root/layers ${files}`);
    /** The host as the grant left it, but for the reaper and these. */
    const again = async (...off: (keyof typeof layers)[]): Promise<void> => {
      await realClock();
      await root("tar -xPf /root/layers");
      await without(...off);
    };

    await again("NOTAFTER", "TIMEOUT", "account");
    await clock("+3h");
    expect(await login()).toBe("support");
    await clock("+5h");
    expect(await login()).toBe("refused");
    await without("key");
    expect(await login()).toBe("support");

    await again("key", "TIMEOUT", "account");
    await clock("+3h");
    expect(await login("sudo -n id -un")).toBe("root");
    await clock("+5h");
    expect(await login("sudo -n id -un; id -un")).toBe("support");
    await without("NOTAFTER");
    expect(await login("sudo -n id -un")).toBe("root");

    await again("key", "NOTAFTER", "account");
    expect(await root("cat /etc/sudoers.d/zz-support")).toMatch(/TIMEOUT=1(4400|43\d\d)s /);
    // sudo's own clock runs by itself.
    await root("sed -i 's/TIMEOUT=[0-9]*s/TIMEOUT=1s/' /etc/sudoers.d/zz-support");
    expect(await login("sudo -n sleep 1003; id -un")).toBe("support");
    expect(await root("pgrep -f '[s]leep 1003'")).toBe("");

    await again("key", "NOTAFTER", "TIMEOUT");
    await clock("+3h");
    expect(await login()).toBe("support");
    await clock("+2d");
    expect(await login()).toBe("refused");
    await without("account");
    expect(await login()).toBe("support");
    await root("rm /root/layers");
  });

  it("comes by the firewall's own time alone", async () => {
    const chain = "add table inet f; add chain inet f input { type filter hook input priority 0; policy drop; }";
    const own = `ip saddr ${lab.controller} accept comment own`;
    await root(`nft '${chain}; add rule inet f input ct state established accept; add rule inet f input ${own}'`);
    const path = join(lab.dir, "open.yml");
    const until = new Date(Date.now() + 10_000).toISOString();
    writeFileSync(
      path,
      `- hosts: all
  gather_facts: false
  become: true
  vars: { latchkey_grant: { ticket: OPS-1, owner: ops@example.com, expires: "${until}" } }
  tasks:
    - latchkey.access.firewall:
        sources: ["${lab.controller.replace(/\d+$/, "0")}/24"]
        comment: support
        timeout: "{{ latchkey_granted.expires - (now().timestamp() | int) if latchkey_granted is defined else omit }}"
`,
    );
    const opened = await latchkey(["run", path, "-i", lab.inventory], environment());
    expect(opened).toMatchObject({ code: 0 });
    // The way that the grant itself came.
    await root(
      "nft -a list chain inet f input | sed -n 's/.*comment \"own\".*handle /delete rule inet f input handle /p' | nft -f -",
    );
    const reach = async (): Promise<number | null> =>
      (await lab.ssh("vm1", "true", { options: ["-o", "ConnectTimeout=1"] })).code;
    expect(await reach()).toBe(0);
    await expect.poll(reach, { timeout: 20_000 }).toBe(255);
    expect(await root("date +%s")).toSatisfy((now: string) => Number(now) * 1000 >= Date.parse(until));
    await root("nft flush ruleset");
    expect(await reach()).toBe(0);
  });

  it("F1, F2: comes by the reaper alone, for live sessions and what they started through sudo", async () => {
    expect(await grant()).toMatchObject({ code: 0 });
    await without("key", "NOTAFTER", "TIMEOUT", "account");
    await clock("+3h");
    expect(await root(`sh ${undo} --tick`)).toBe("");
    const session = lab.ssh("vm1", "sudo -n sleep 1001 & exec sleep 1000", { user: "support", key });
    await expect.poll(() => root("pgrep -cf 'sleep 100[01]'")).not.toBe("0");
    await clock("+5h");
    expect(await root(`sh ${undo} --tick`)).toContain("account support removed");
    expect((await session).code).not.toBe(0);
    expect(await root("pgrep -f 'sleep 100[01]'")).toBe("");
    await realClock();
    expect(await login()).toBe("refused");
    // The rule that the test changed is somebody's by now.
    expect(tracesOf(await lab.changed("vm1"))).toEqual(["added /etc/sudoers.d/zz-support"]);
  });

  it("has come for a host that was down at that time: no login, and cron removes the account", async () => {
    expect(await grant()).toMatchObject({ code: 0 });
    // Nothing of the host runs while the clock passes the end. Then it comes up, three seconds before a full minute.
    await clock(`+${5 * 3600 + 57 - (Math.floor(Date.now() / 1000) % 60)}`);
    expect(await login()).toBe("refused");
    expect(await root("getent passwd support | cut -d: -f1")).toBe("support");
    await root("cron");
    await expect.poll(() => root("getent passwd support"), { timeout: 20_000 }).toBe("");
    await expect.poll(() => root("ls -d /etc/cron.d/* /var/lib/latchkey 2>/dev/null")).toBe("");
    await root("read -r pid </run/crond.pid; kill $pid; rm -f /run/crond.pid /run/crond.reboot");
    await realClock();
    expect(tracesOf(await lab.changed("vm1"))).toEqual([]);
  });

  it("is another one in every layer once the grant was extended, within what its policy allows", async () => {
    const chain = "add table inet f; add chain inet f input { type filter hook input priority 0; policy drop; }";
    await root(`nft '${chain}; add rule inet f input ip saddr ${lab.controller} accept'`);
    const policy = JSON.stringify({
      support_sources: ["203.0.113.7", lab.controller],
      latchkey_policy: { max_duration: "20h" },
    });
    expect(await grant("-e", policy)).toMatchObject({ code: 0 });
    const end = async (): Promise<number> =>
      Number(await root(`sed -n 's/^expires //p' ${undo.replace(/undo$/, "grant")}`));
    const former = await end();
    expect(await on("extend", "--grant", "ops-1", "--for", "21h")).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("a grant lasts 20 hours at most") as string,
    });
    expect(await end()).toBe(former);
    expect(await on("extend", "--grant", "ops-1", "--for", "19h")).toMatchObject({ code: 0 });
    const until = await end();
    expect(until - former).toBeGreaterThan(14 * 3600);
    const utc = new Date(until * 1000).toISOString().replaceAll(/[-:T]|\.000/g, "");
    expect(await root("cat /home/support/.ssh/authorized_keys")).toContain(`expiry-time="${utc}"`);
    expect(await root("cat /etc/sudoers.d/zz-support")).toMatch(new RegExp(` NOTAFTER=${utc} TIMEOUT=28800s `));
    const day = Math.floor(until / 86_400) + 1;
    expect(await root("getent shadow support | cut -d: -f8")).toBe(String(day));
    expect(await root("nft list ruleset")).toMatch(/203\.0\.113\.7 timeout (19h|18h59m)/);
    await clock("+18h");
    expect(await root(`sh ${undo} --tick`)).toBe("");
    expect(await login("sudo -n id -un")).toBe("root");
    await clock("+20h");
    expect(await root(`sh ${undo} --tick`)).toContain("account support removed");
    expect(await root("nft list ruleset")).not.toContain("203.0.113.7");
    await root("nft flush ruleset");
  });

  it("is promised by status only as far as something on the host sees to it", async () => {
    const promised = async (): Promise<unknown> => {
      const rows = JSON.parse((await on("status", "--format", "json")).stdout) as readonly Record<string, unknown>[];
      return [rows[0]?.["ends"], rows[0]?.["guaranteed"]];
    };
    expect(await grant()).toMatchObject({ code: 0 });
    expect(await promised()).toEqual([["key", "sudo", "account"], "new logins"]);
    await root("cron");
    expect(await promised()).toEqual([["cron", "key", "sudo", "account"], "everything"]);
    await root("read -r pid </run/crond.pid; kill $pid; rm -f /run/crond.pid /run/crond.reboot");
    await on("revoke", "--ticket", "OPS-1");
    await root("mv /usr/sbin/cron /root/cron");
    expect(await grant()).toMatchObject({ code: 0 });
    expect(await promised()).toEqual([["key", "sudo", "account"], "new logins"]);
    await root("mv /root/cron /usr/sbin/cron");
  });

  it("I7: does not come later for a clock that was turned back", async () => {
    await grant();
    await root("cd /var/lib/latchkey/grants/ops-1; sed -i 's/^uptime .*/uptime -99999/' grant");
    await clock("-2d");
    expect(await root(`sh ${undo} --tick`)).toContain("account support removed");
  });
});
