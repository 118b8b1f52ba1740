import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Lab, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey } from "./latchkey.ts";

/** What the server would do, by its settings, and what it does. */
describeLab("a login that is checked and tried", () => {
  let lab: Lab;
  let key: string;
  const environment = (): Record<string, string> => ({ XDG_STATE_HOME: join(lab.dir, "state") });
  const root = async (script: string): Promise<string> => (await lab.exec("vm1", ["sh", "-c", script])).stdout.trim();
  /** How often the server was asked for this account and let nobody in. */
  const refusals = async (): Promise<number> =>
    Number(await root("grep -c 'authenticating user support' /var/log/auth.log"));
  /** The result of one task. */
  const task = async (text: string): Promise<Record<string, unknown>> => {
    const playbook = join(lab.dir, "login.yml");
    writeFileSync(playbook, `- hosts: all\n  gather_facts: false\n  tasks:\n    - ${text}\n`);
    const { stdout } = await latchkey(["run", playbook, "-i", lab.inventory, "--reporter", "jsonl"], environment());
    const events = stdout.split("\n").filter((line) => line !== "");
    const end = events
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ type }) => type === "step.end");
    return { outcome: end?.["outcome"], ...(end?.["result"] as object) };
  };
  const login = (rest: string): Promise<Record<string, unknown>> =>
    task(`latchkey.access.login: { user: support, key_file: ${key}, ${rest} }`);
  const check = (): Promise<Record<string, unknown>> =>
    task(
      `{ latchkey.access.login_check: { user: support, address: "${lab.controller}", key: "{{ lookup('file', '${key}.pub') }}" }, become: true }`,
    );

  beforeAll(async () => {
    lab = await startLab({ hosts: 1 });
    key = join(lab.dir, "support");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "support", "-f", key]);
  });
  afterAll(() => lab.stop());

  it("G6: does not say that a login is refused where nobody was asked", async () => {
    const outcomes = [
      await login("expect: refused }\n      vars: { ansible_port: 1"),
      await task(`latchkey.access.login: { user: support, key_file: ${key}.none, expect: refused }`),
      await login("expect: refused }\n      vars: { ansible_ssh_common_args: -o UserKnownHostsFile=/dev/null"),
    ];
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        outcome: "failed",
        msg: expect.stringContaining("So nothing is known about the login of support.") as string,
      });
      expect(outcome).not.toHaveProperty("login");
    }
  });

  it("is let in after a grant, as was foretold", async () => {
    expect(await check()).toMatchObject({
      outcome: "failed",
      blockers: ["there is no account support: create it first"],
    });
    const granted = await latchkey(
      ["grant", "-i", lab.inventory, "--ticket", "OPS-1", "--for", "4h", "--key", `${key}.pub`],
      environment(),
    );
    expect(granted).toMatchObject({ code: 0 });
    expect(await check()).toMatchObject({ outcome: "ok", allowed: true, blockers: [] });
    expect(await login("expect: works")).toMatchObject({ outcome: "ok", login: "works", name: "support" });
    expect(await login("expect: refused")).toMatchObject({ outcome: "failed", login: "works" });
  });

  it("is refused by a setting, and the setting is named", async () => {
    await root("echo 'AllowUsers nobody@192.0.2.9' >/etc/ssh/sshd_config.d/zz.conf");
    expect(await check()).toMatchObject({
      outcome: "failed",
      blockers: [expect.stringContaining("/etc/ssh/sshd_config.d/zz.conf:1") as string],
    });
    await root("rm /etc/ssh/sshd_config.d/zz.conf");
  });

  it("is refused for an account that expired", async () => {
    const before = await root("getent shadow support | cut -d: -f8");
    await root("chage -E 1 support");
    expect(await check()).toMatchObject({ outcome: "failed", allowed: false });
    expect(await login("expect: refused")).toMatchObject({ outcome: "ok", login: "refused" });
    await root(`chage -E ${before === "" ? "-1" : before} support`);
  });

  it("C11, C12: is refused without the key, at the first and only attempt", async () => {
    await root(": >~support/.ssh/authorized_keys");
    expect(await check()).toMatchObject({
      outcome: "failed",
      blockers: [expect.stringContaining("does not hold the key")],
    });
    const before = await refusals();
    expect(await login("expect: refused")).toMatchObject({ outcome: "ok", login: "refused" });
    expect(await login("expect: works")).toMatchObject({
      outcome: "failed",
      login: "refused",
      msg: expect.stringMatching(/^support cannot log in: .*refused the login\. Shown: key /) as string,
    });
    await expect.poll(async () => (await refusals()) - before).toBe(2);
  });
});
