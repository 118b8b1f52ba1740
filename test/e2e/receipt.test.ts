import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CommandResult, type Lab, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey } from "./latchkey.ts";
import { tracesOf } from "./login-records.ts";

/** What is left in the customer's hands when access has ended. */
describeLab("the receipt of a revoke", () => {
  let lab: Lab;
  let key: string;
  let file: string;
  const environment = (): Record<string, string> => ({ XDG_STATE_HOME: join(lab.dir, "state") });
  const on = (command: string, ...options: string[]): Promise<CommandResult> =>
    latchkey([command, "-i", lab.inventory, ...options], environment());
  const grant = (ticket: string): Promise<CommandResult> =>
    on("grant", "--ticket", ticket, "--for", "4h", "--key", `${key}.pub`);
  const support = (command: string): Promise<CommandResult> => lab.ssh("vm1", command, { user: "support", key });
  const verify = (...options: string[]): Promise<CommandResult> => latchkey(["verify", file, ...options]);
  const lastLine = ({ stdout }: CommandResult): string => stdout.trimEnd().split("\n").at(-1) ?? "";

  beforeAll(async () => {
    lab = await startLab({ hosts: 1 });
    key = join(lab.dir, "a");
    file = join(lab.dir, "receipt.json");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "a", "-f", key]);
  });
  afterAll(() => lab.stop());

  it("says what was looked at, is signed, and is not believed once it was changed", async () => {
    expect(await grant("OPS-1")).toMatchObject({ code: 0 });
    expect(await support("id -un")).toMatchObject({ stdout: "support\n" });
    const revoked = await on("revoke", "--ticket", "OPS-1", "--receipt", file, "--sign", key, "--login-key", key);
    expect(revoked).toMatchObject({ code: 0, stderr: "" });
    expect(revoked.stdout).toMatch(/\nvm1: closed, \d\d places looked at, clean\nCLOSED: 1 host\nreceipt: /);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const written = readFileSync(file, "utf8");
    expect(JSON.parse(written)).toMatchObject({
      clean: true,
      hosts: [
        {
          host: "vm1",
          address: lab.hosts[0]?.address,
          outcome: "closed",
          grants: ["ops-1"],
          tickets: ["OPS-1"],
          undone: expect.arrayContaining(["account support removed"]) as string[],
          checks: expect.arrayContaining([
            "/etc/passwd: clean",
            "visudo -c: clean",
            "Try the key while the account is there: login as support refused",
            "Try the key when all is closed: login as support refused",
          ]) as string[],
          residue: [],
          problems: [],
        },
      ],
    });
    expect(tracesOf(await lab.changed("vm1"))).toEqual([]);

    const verified = await verify("--signer", `${key}.pub`);
    expect(verified).toMatchObject({ code: 0, stderr: "" });
    const [, print = ""] = execFileSync("ssh-keygen", ["-lf", `${key}.pub`], { encoding: "utf8" }).split(" ");
    expect(verified.stdout).toContain(print);
    expect(lastLine(verified)).toBe("CLOSED: 1 host");
    writeFileSync(file, written.replace("OPS-1", "OPS-2"));
    const tampered = await verify();
    expect(tampered).toMatchObject({ code: 2 });
    expect(lastLine(tampered)).toMatch(/^BAD SIGNATURE: /);
  });

  it("F4: names a file that the account left behind", async () => {
    await lab.exec("vm1", ["install", "-d", "-m", "1777", "/opt/shared", "/var/lib/docker"]);
    await lab.exec("vm1", ["sh", "-ec", "mkdir '/srv/a disk'; mount -t tmpfs -o mode=1777 none '/srv/a disk'"]);
    await grant("OPS-3");
    expect(await support("touch /opt/shared/left /var/lib/docker/x '/srv/a disk/left'")).toMatchObject({ code: 0 });
    const revoked = await on("revoke", "--ticket", "OPS-3", "--receipt", file);
    expect(revoked.stdout).toMatch(
      /\n {2}left: files of user \d+ and group \d+: \/opt\/shared\/left \/srv\/a disk\/left\n/,
    );
    await lab.exec("vm1", ["umount", "/srv/a disk"]);
    const verified = await verify();
    expect(verified).toMatchObject({ code: 2, stdout: expect.stringContaining("/opt/shared/left") as string });
    expect(lastLine(verified)).toBe("CLOSED WITH LEFTOVERS: 1 of 1 host");
  });
});
