import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type CommandResult, type Lab, startLab } from "../lab/lab.ts";
import { describeSystemdLab } from "./describe-lab.ts";
import { bannerOf } from "./banner.ts";
import { latchkey, startLatchkey } from "./latchkey.ts";
import { tracesOf } from "./login-records.ts";

/** What only a host shows that systemd has booted: its timers, logins, sockets, and its next start. */
describeSystemdLab("a grant on a host with systemd", () => {
  let lab: Lab;
  let key: string;
  const environment = (): Record<string, string> => ({ XDG_STATE_HOME: join(lab.dir, "state") });
  const on = (command: string, ...options: string[]): Promise<CommandResult> =>
    latchkey([command, "-i", lab.inventory, ...options], environment());
  const grantOf = (ticket: string, duration: string): readonly string[] => [
    "grant",
    "-i",
    lab.inventory,
    "--ticket",
    ticket,
    "--for",
    duration,
    "--key",
    `${key}.pub`,
  ];
  const grant = (ticket: string, duration: string, ...options: string[]): Promise<CommandResult> =>
    latchkey([...grantOf(ticket, duration), ...options], environment());
  /** Tasks of our own as a grant, after which another connection is needed. */
  const play = (ticket: string, tasks: string): Promise<CommandResult> => {
    const path = join(lab.dir, "play.yml");
    const head = `- hosts: all\n  gather_facts: false\n  become: true\n`;
    const vars = `  vars: { latchkey_grant: { ticket: ${ticket}, owner: ops@example.com, expires: 4h } }\n`;
    writeFileSync(path, `${head}${vars}  tasks:\n${tasks}    - ansible.builtin.ping: {}\n`);
    return on("run", path);
  };
  const port = "    - latchkey.access.sshd_port: { port: 2222 }\n";
  const revoke = (ticket: string): Promise<CommandResult> => on("revoke", "--ticket", ticket);
  const login = (command: string): Promise<CommandResult> => lab.ssh("vm1", command, { user: "support", key });
  const root = async (script: string): Promise<string> => (await lab.exec("vm1", ["sh", "-c", script])).stdout.trim();
  /** What systemd still has of a grant and of the account that it made, and what it counts as failed. */
  const units = (): Promise<string> =>
    root(`systemctl list-units --all --plain --no-legend 'latchkey*' '*@6[01]???.service' 'user-6[01]???.slice' | cat
      systemctl list-unit-files --no-legend 'latchkey*'; systemctl list-units --failed --plain --no-legend
      ls /run/systemd/transient; mount | grep /run/user/6; ls /run/user | grep ^6`);
  /** Private directories of systemd's services, and what a system notes of its own start. */
  const OWN = /^\w+ \/(var\/)?tmp\/systemd-private-|^touched /;
  const traces = async (): Promise<readonly string[]> =>
    tracesOf(await lab.changed("vm1")).filter((line) => !OWN.test(line));
  /** Until it is so, on a machine that has much to do. */
  const soon = <T>(ask: () => Promise<T>): ReturnType<typeof expect.poll<T>> => expect.poll(ask, { timeout: 30_000 });
  const banner = (port: number): Promise<string> => bannerOf(lab.hosts[0]?.address ?? "", port);

  beforeAll(async () => {
    lab = await startLab({ hosts: 1, init: "systemd" });
    key = join(lab.dir, "support");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "engineer@vendor", "-f", key]);
  });
  beforeEach(() => lab.mark());
  afterAll(() => lab.stop());

  it("ends on the second by its timer, with sessions, the account's manager and what root started for it", async () => {
    expect(await grant("OPS-1", "16s")).toMatchObject({ code: 0 });
    const unit = "/etc/systemd/system/latchkey-ops-1.timer";
    expect(await root(`systemd-analyze verify ${unit} 2>&1; stat -c %a ${unit}`)).toBe("644");
    // Not while its service runs.
    await soon(() => root("systemctl show -p NextElapseUSecRealtime --value latchkey-ops-1.timer")).not.toBe("");
    await login(
      "sudo -n loginctl enable-linger support; systemd-run --user sleep 1001; sudo -n setsid -f sleep 1002 >&- 2>&-",
    );
    const session = login("exec sleep 1003");
    await soon(() => root("pgrep -cf 'sleep 100[123]'")).toBe("3");
    await soon(() => root("ls -A /var/lib/latchkey 2>&1")).toContain("No such file");
    expect((await session).code).not.toBe(0);
    expect(await root("pgrep -f 'sleep 100[123]'")).toBe("");
    expect((await login("true")).code).toBe(255);
    await soon(units).toBe("");
    expect(await traces()).toEqual([]);
    expect(await root("journalctl -b -p warning --no-pager _PID=1 | grep latchkey")).toBe("");
  });

  it("is closed at the next start of a host that was down at its end, and so is what nobody confirmed", async () => {
    expect(await grant("OPS-2", "4h")).toMatchObject({ code: 0 });
    const cutOff = startLatchkey([...grantOf("OPS-3", "4h"), "-e", "support_user=other"], environment());
    await cutOff.said("Install the keys");
    process.kill(cutOff.pid, "SIGKILL");
    await cutOff.done;
    expect(await root("cat /var/lib/latchkey/grants/ops-[23]/state")).toBe("openarming");
    // What the time would do while it is down.
    await root(`systemctl stop 'latchkey-*.timer'; cd /var/lib/latchkey/grants
      sed -i "s/^expires .*/expires $(($(date +%s) - 60))/" ops-2/grant
      sed -i "s/^armed .*/armed $(($(date +%s) - 301))/" ops-3/grant`);
    const boot = await root("cat /proc/sys/kernel/random/boot_id");
    // As when the power fails: nobody is asked to end, or waited for.
    await root("systemctl --force --force reboot");
    const started = "[ $(cat /proc/sys/kernel/random/boot_id) != $1 ] && systemctl is-system-running";
    await soon(async () => (await lab.exec("vm1", ["sh", "-c", started, "sh", boot])).stdout).toBe("running\n");
    await soon(() => root("ls -A /var/lib/latchkey 2>&1")).toContain("No such file");
    expect((await login("true")).code).toBe(255);
    await soon(units).toBe("");
    expect(await traces()).toEqual([]);
  });

  it("leaves nothing of a unit that failed before it was taken back", async () => {
    const fails = `    - ansible.builtin.command: touch /tmp/done
      vars: { latchkey_undo: "rm /tmp/done && [ ! -e /tmp/fails ]" }
`;
    expect(await play("OPS-4", fails)).toMatchObject({ code: 0 });
    await root(`touch /tmp/fails; sed -i "s/^expires .*/expires 1/" /var/lib/latchkey/grants/ops-4/grant
      systemctl start latchkey-ops-4.service; rm /tmp/fails; touch /tmp/done`);
    expect(await root("systemctl is-failed latchkey-ops-4.service")).toBe("failed");
    expect(await revoke("OPS-4")).toMatchObject({ code: 0 });
    await soon(units).toBe("");
    expect(await traces()).toEqual([]);
  });

  it("C6: has ssh.service listen on one port more without a restart, and takes it back, as a name and services", async () => {
    await root(`printf 'Port 22\\nPort 2200\\nListenAddress 0.0.0.0\\n' >>/etc/ssh/sshd_config; systemctl reload ssh
      echo 127.0.1.1 other >>/etc/hosts; cd /etc/systemd/system
      printf '[Service]\\nExecStart=sleep 1004\\n[Install]\\nWantedBy=multi-user.target\\n' | tee a.service >b.service
      systemctl daemon-reload; systemctl enable --now b`);
    await soon(() => banner(2200)).toBe("SSH-2.0-");
    await lab.mark();
    const names = "uname -n; hostnamectl --static; systemctl is-active a b; systemctl is-enabled a b";
    const facts = `${names}; systemctl show -p MainPID -p NRestarts -p ActiveEnterTimestamp ssh.service; ss -Hltn | sort`;
    const before = await root(facts);
    const tasks = `${port}    - ansible.builtin.hostname: { name: other }
    - ansible.builtin.service: { name: a, state: started, enabled: true }
    - ansible.builtin.systemd_service: { name: b, state: stopped, enabled: false }
`;
    expect(await play("OPS-5", tasks)).toMatchObject({ code: 0 });
    expect(await root(names)).toBe("other\nother\nactive\ninactive\nenabled\ndisabled");
    expect(await Promise.all([22, 2200, 2222].map(banner))).toEqual(["SSH-2.0-", "SSH-2.0-", "SSH-2.0-"]);
    expect(await revoke("OPS-5")).toMatchObject({ code: 0 });
    await soon(() => root(facts)).toBe(before);
    expect(await banner(22)).toBe("SSH-2.0-");
    await soon(units).toBe("");
    expect(await traces()).toEqual([]);
  });

  it("C6: has ssh.socket listen on one port more, and leaves it as it was", async () => {
    await root("systemctl disable --now ssh.service; systemctl enable --now ssh.socket");
    expect(await banner(22)).toBe("SSH-2.0-");
    await lab.mark();
    const socket = "systemctl show -p Listen -p DropInPaths -p ActiveState ssh.socket; ss -Hltn | sort";
    const before = await root(socket);
    // The session lasts while its listener is exchanged.
    const session = lab.ssh("vm1", "until [ -e /tmp/over ]; do sleep 0.1; done");
    await soon(() => root("pgrep -cf 'tmp/[o]ver'")).not.toBe("0");
    expect(await play("OPS-6", port)).toMatchObject({ code: 0 });
    expect(await Promise.all([22, 2222].map(banner))).toEqual(["SSH-2.0-", "SSH-2.0-"]);
    expect(await root(socket)).toContain(":2222 (Stream)");
    expect(await revoke("OPS-6")).toMatchObject({ code: 0 });
    await soon(() => root(socket)).toBe(before);
    expect(await banner(22)).toBe("SSH-2.0-");
    await root("touch /tmp/over");
    expect(await session).toMatchObject({ code: 0 });
    await root("rm /tmp/over");
    await soon(units).toBe("");
    expect(await traces()).toEqual([]);
  });
});
