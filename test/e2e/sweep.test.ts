import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CommandResult, type Lab, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey } from "./latchkey.ts";
import { tracesOf } from "./login-records.ts";

/** What is left of grants is found on every host, and told; nothing of it is changed. */
describeLab("a sweep", () => {
  let lab: Lab;
  let key: string;
  const on = (command: string, ...options: string[]): Promise<CommandResult> =>
    latchkey([command, "-i", lab.inventory, ...options], { XDG_STATE_HOME: join(lab.dir, "state") });
  const sweep = (...options: string[]): Promise<CommandResult> =>
    on("status", "--sweep", "--known-keys", join(lab.dir, "known"), ...options);
  const verify = (...options: string[]): Promise<CommandResult> =>
    on("verify", "--known-keys", join(lab.dir, "known"), "--login-key", key, ...options);
  const root = async (host: string, script: string): Promise<CommandResult> => lab.exec(host, ["sh", "-ec", script]);

  beforeAll(async () => {
    lab = await startLab({ hosts: 2 });
    key = join(lab.dir, "vendor");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "kim@vendor", "-f", key]);
    writeFileSync(join(lab.dir, "known"), `# every key that was ever given out\n${readFileSync(`${key}.pub`, "utf8")}`);
  });
  afterAll(() => lab.stop());

  it("F9: tells a granted key from its copies, and finds nothing after the revoke", async () => {
    expect(await on("grant", "--ticket", "OPS-1", "--for", "1h", "--key", `${key}.pub`)).toMatchObject({ code: 0 });
    const granted = await sweep("--format", "json");
    const ofGrant = (host: string): object => ({
      host,
      class: "granted",
      grant: "ops-1",
      account: "support",
      file: "/home/support/.ssh/authorized_keys",
      line: 1,
      comment: "kim@vendor",
    });
    expect(JSON.parse(granted.stdout)).toMatchObject([ofGrant("vm1"), ofGrant("vm2")]);
    expect(granted.code).toBe(0);
    const openStill = await verify("--limit", "vm1", "--format", "csv");
    expect(openStill.code).toBe(2);
    for (const found of ["grant ops-1", '"key \\S+ kim@vendor of support, ', "/etc/passwd: it names support"]) {
      expect(openStill.stdout).toMatch(new RegExp(`^vm1,open,${found}`, "m"));
    }
    expect(openStill.stdout).toMatch(/^vm1,open,login: support can still log in/m);

    const line = readFileSync(`${key}.pub`, "utf8").trim();
    await root(
      "vm2",
      `mkdir -p -m 700 /root/.ssh; echo '#${line}' >>/root/.ssh/authorized_keys; echo '${line}' >>/root/.ssh/authorized_keys`,
    );
    await lab.mark();
    const copied = await sweep();
    expect(copied.code).toBe(2);
    const [, print = ""] = execFileSync("ssh-keygen", ["-lf", `${key}.pub`], { encoding: "utf8" }).split(" ");
    expect(copied.stdout).toMatch(/^HOST +ACCOUNT +FILE:LINE +KEY +OPTIONS +CLASS +GRANT\n/);
    expect(copied.stdout).toMatch(/^vm2 +root +\/root\/\.ssh\/authorized_keys:\d+ +\S+ kim@vendor +foreign copy$/m);
    expect(copied.stdout).toMatch(/^vm2 +root .* commented out$/m);
    expect(copied.stdout.split("\n").filter((text) => text.includes(print))).toHaveLength(4);
    expect((await lab.changed("vm2")).filter((path) => /authorized_keys|latchkey/.test(path))).toEqual([]);

    await root("vm2", "rm /root/.ssh/authorized_keys");
    expect(await on("revoke", "--ticket", "OPS-1")).toMatchObject({ code: 0 });
    expect(await verify()).toMatchObject({ code: 0, stdout: "HOST  STATE\nvm1   closed\nvm2   closed\n" });
    const after = await sweep("--format", "csv");
    expect(after).toMatchObject({ code: 0 });
    expect(after.stdout.split("\r\n").slice(1)).toEqual(["vm1,,,,,clean,,", "vm2,,,,,clean,,", ""]);
  });

  it("takes what a script set up under a grant, whose end removes it, and leaves the customer's own account", async () => {
    const line = readFileSync(`${key}.pub`, "utf8").trim();
    await root(
      "vm1",
      "useradd -m alice; mkdir -m 700 /home/alice/.ssh; echo '# mine' >/home/alice/.ssh/authorized_keys",
    );
    await root("vm1", "chown -R alice: /home/alice");
    await lab.mark();
    await root(
      "vm1",
      `useradd -m -s /bin/bash support; usermod -p '*' -a -G adm support; mkdir -m 700 /home/support/.ssh
      echo '${line}' | tee -a /home/alice/.ssh/authorized_keys >/home/support/.ssh/authorized_keys
      chown -R support: /home/support
      echo 'support ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/support; chmod 440 /etc/sudoers.d/support`,
    );
    const open = ["--ticket", "OPS-3", "--for", "1h", "--key", `${key}.pub`];
    expect(await on("grant", ...open, "--limit", "vm1")).toMatchObject({ code: 2 });
    const adopt = ["--adopt", "--known-keys", join(lab.dir, "known"), "--ticket", "OPS-3", "--for", "1h"];
    const dry = await on("grant", ...adopt, "--check");
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('"account support"') as string });
    expect((await sweep("--limit", "vm1")).code).toBe(2);
    expect(await on("grant", ...adopt)).toMatchObject({ code: 0 });
    expect((await sweep("--limit", "vm1", "--format", "csv")).stdout.match(/,granted,ops-3,/g)).toHaveLength(2);
    const login = await lab.ssh("vm1", "sudo -n id -u", { user: "support", key });
    expect(login.stdout).toBe("0\n");
    const status = JSON.parse((await on("status", "--format", "json")).stdout) as readonly object[];
    expect(status).toMatchObject([{ state: "open", grant: "ops-3", accounts: ["support"] }, { state: "closed" }]);
    expect(await on("revoke", "--ticket", "OPS-3")).toMatchObject({ code: 0 });
    // The script itself left its mark in the backups; the account's name is in none of them any more.
    const left = tracesOf(await lab.changed("vm1"));
    expect(left.filter((trace) => !/^changed \/etc\/\w+-$/.test(trace))).toEqual([]);
    expect((await root("vm1", "! grep -l ^support: /etc/*-")).code).toBe(0);
    expect(await sweep()).toMatchObject({ code: 0 });
    await root("vm1", "userdel -r alice 2>/dev/null");
  });

  it("says of a host that is out of reach what the ledger last knew, and names what is left of a lost journal", async () => {
    expect(await on("grant", "--ticket", "OPS-2", "--for", "1h", "--key", `${key}.pub`)).toMatchObject({ code: 0 });
    await root("vm1", "rm -r /var/lib/latchkey/grants/ops-2");
    const elsewhere = join(lab.dir, "elsewhere.ini");
    writeFileSync(
      elsewhere,
      readFileSync(lab.inventory, "utf8").replace(/^(vm2 ansible_host=)\S+/m, "$1127.0.0.1 ansible_port=1"),
    );
    const status = await latchkey(["status", "-i", elsewhere], { XDG_STATE_HOME: join(lab.dir, "state") });
    expect(status.stdout).toMatch(/^vm1 +leftover +support$/m);
    expect(status.stdout).toMatch(/^vm2 +unreachable .*; the ledger last knew grant ops-2 until 20\S+Z$/m);
    expect(status.code).not.toBe(0);
    expect(await on("status", "--limit", "vm1")).toMatchObject({ code: 2 });
    const orphans = await sweep("--limit", "vm1", "--format", "json");
    expect(JSON.parse(orphans.stdout)).toMatchObject([{ account: "support", class: "orphan" }]);
    expect(orphans.code).toBe(2);
  });

  it("says what it needs", async () => {
    const wrong = { code: 5, stdout: "" };
    expect(await on("status", "--sweep")).toMatchObject({
      ...wrong,
      stderr: expect.stringContaining("--known-keys") as string,
    });
    expect(await on("status", "--known-keys", "x")).toMatchObject(wrong);
    expect(await on("status", "--sweep", "--known-keys", key)).toMatchObject({
      ...wrong,
      stderr: expect.stringContaining("private key") as string,
    });
  });
});
