import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Lab, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey, recapOf } from "./latchkey.ts";
import { tracesOf } from "./login-records.ts";

/** The whole way of a grant on five hosts; the steps depend on each other, in this order. */
describeLab("a grant and its revoke", () => {
  let lab: Lab;
  let key: string;
  let run: (playbook: string, ...options: string[]) => ReturnType<typeof latchkey>;
  beforeAll(async () => {
    lab = await startLab({ hosts: 5 });
    key = join(lab.dir, "support_ed25519");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "engineer@vendor", "-f", key]);
    const variables = join(lab.dir, "support.json");
    const publicKey = readFileSync(`${key}.pub`, "utf8").trim();
    const given = { support_keys: [publicKey], support_sources: [lab.controller] };
    writeFileSync(variables, JSON.stringify(given));
    run = (playbook, ...options) =>
      latchkey(["run", `playbooks/${playbook}`, "-i", lab.inventory, "-e", `@${variables}`, ...options]);
  });
  afterAll(() => lab.stop());

  it("shows by --check --diff what the grant then changes, and touches nothing", async () => {
    const dry = await run("grant.yml", "--check", "--diff");
    expect(dry).toMatchObject({ code: 0 });
    for (const host of lab.hosts) expect(tracesOf(await lab.changed(host.name, { touched: true }))).toEqual([]);
    const real = await run("grant.yml");
    expect(real).toMatchObject({ code: 0 });
    expect(recapOf(dry.stdout)).toEqual(recapOf(real.stdout));
    expect(recapOf(real.stdout)).toHaveLength(lab.hosts.length);
    for (const recap of recapOf(real.stdout)) expect(recap.changed).toBeGreaterThan(0);
  });

  it("changes nothing the second time", async () => {
    const again = await run("grant.yml");
    expect(again).toMatchObject({ code: 0 });
    expect(recapOf(again.stdout).map(({ changed }) => changed)).toEqual(lab.hosts.map(() => 0));
  });

  it("lets the support key in, and to root by sudo, from the given address only", async () => {
    for (const host of lab.hosts) {
      const login = await lab.ssh(host.name, "id -un; sudo -n id -u", { user: "support", key });
      expect(login).toEqual({ code: 0, stdout: "support\n0\n", stderr: "" });
      const written = await lab.exec(host.name, ["cat", "/home/support/.ssh/authorized_keys"]);
      expect(written.stdout).toContain(`from="${lab.controller}"`);
    }
  });

  it("F7: ends the sessions that are open when it is revoked, and refuses the next, on the same connection too", async () => {
    const shared = ["-o", `ControlPath=${join(lab.dir, "shared")}`];
    const options = ["-o", "ControlMaster=yes", ...shared];
    const open = lab.ssh("vm1", "echo in; exec sleep 1000", { user: "support", key, options });
    await expect
      .poll(() => lab.exec("vm1", ["pgrep", "-xu", "support", "sleep"]))
      .toMatchObject({
        code: 0,
      });
    const channel = await lab.ssh("vm1", "id -un", { user: "support", key: "/nonexistent", options: shared });
    expect(channel).toMatchObject({ code: 0, stdout: "support\n" });
    expect(await run("revoke.yml")).toMatchObject({ code: 0 });
    expect((await open).code).not.toBe(0);
    for (const host of lab.hosts) {
      const refused = await lab.ssh(host.name, "true", { user: "support", key, options: shared });
      expect(refused.code).toBe(255);
      expect(refused.stderr).toContain("Permission denied");
    }
  });

  it("leaves no trace but logs and login records, and no process", async () => {
    for (const host of lab.hosts) {
      expect(tracesOf(await lab.changed(host.name))).toEqual([]);
      const processes = await lab.exec(host.name, ["ps", "-eo", "user:32="]);
      expect(processes.stdout).not.toContain("support");
    }
  });

  it("changes nothing when revoked twice", async () => {
    const again = await run("revoke.yml");
    expect(again).toMatchObject({ code: 0 });
    expect(recapOf(again.stdout).map(({ changed }) => changed)).toEqual(lab.hosts.map(() => 0));
  });
});
