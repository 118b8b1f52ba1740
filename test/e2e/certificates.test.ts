import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type CommandResult, type Lab, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey } from "./latchkey.ts";
import { tracesOf } from "./login-records.ts";

/** A key's fingerprint. */
const print = (path: string): string =>
  execFileSync("ssh-keygen", ["-lf", path], { encoding: "utf8" }).split(" ")[1] ?? "";

interface Receipt {
  readonly grants: readonly string[];
  readonly checks: readonly string[];
  readonly undone: readonly string[];
}

/** Who gets in and for what: by an authority's certificate, for one command, and proven by a login. */
describeLab("a grant to whom an authority certifies", () => {
  let lab: Lab;
  const file = (name: string): string => join(lab.dir, name);
  const on = (command: string, ...options: string[]): Promise<CommandResult> =>
    latchkey([command, "-i", lab.inventory, ...options], { XDG_STATE_HOME: file("state") });
  const grant = (ticket: string, ...options: string[]): Promise<CommandResult> =>
    on("grant", "--ticket", ticket, "--for", "4h", ...options);
  const root = async (script: string): Promise<string> => (await lab.exec("vm1", ["sh", "-c", script])).stdout.trim();
  const login = async (key: string, command = "sudo -n id -u"): Promise<string> => {
    const { code, stdout, stderr } = await lab.ssh("vm1", command, { user: "support", key: file(key) });
    return code === 255 ? (stderr.includes("Permission denied") ? "refused" : stderr) : stdout.trim();
  };
  /** Alice with a certificate of the authority for these principals. */
  const certified = (...principals: readonly string[]): Promise<string> => {
    const names = principals.length === 0 ? [] : ["-n", principals.join(",")];
    const words = ["-q", "-s", file("ca"), "-I", "alice", ...names, "-V", "-5m:+1h", file("alice.pub")];
    execFileSync("ssh-keygen", words);
    return login("alice");
  };
  const traces = async (): Promise<readonly string[]> => tracesOf(await lab.changed("vm1"));

  beforeAll(async () => {
    lab = await startLab({ hosts: 1 });
    for (const name of ["ca", "alice", "key"]) {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file(name)]);
    }
  });
  afterAll(() => lab.stop());
  afterEach(async () => {
    await on("revoke", "--limit", "all");
    await lab.mark();
  });

  it("lets them in with a certificate for its id, from where they may come, until it is revoked", async () => {
    expect(await grant("OPS-1", "--ca", file("ca.pub"), "-e", `support_sources=${lab.controller}`)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("no login was tried") as string,
    });
    expect([await certified("ops-1"), await certified("ops-2"), await certified()]).toEqual([
      "0",
      "refused",
      "refused",
    ]);
    const ledger = JSON.parse(
      (await latchkey(["ledger", "export"], { XDG_STATE_HOME: file("state") })).stdout,
    ) as object;
    expect(ledger).toMatchObject([{ verb: "grant", authorities: [print(file("ca.pub"))] }]);
    // The authority's own key is none that lets in.
    expect(await login("ca")).toBe("refused");
    expect(await on("revoke", "--ticket", "OPS-1")).toMatchObject({ code: 0 });
    expect(await certified("ops-1")).toBe("refused");
    expect(await traces()).toEqual([]);
    await grant("OPS-1", "--ca", file("ca.pub"), "-e", "support_sources=203.0.113.7");
    expect(await certified("ops-1")).toBe("refused");
  });

  it("trusts one authority for two grants, each for certificates of its own", async () => {
    await grant("OPS-A", "--ca", file("ca.pub"));
    await grant("OPS-B", "--ca", file("ca.pub"));
    expect([await certified("ops-a"), await certified("ops-b")]).toEqual(["0", "0"]);
    // What it prolongs is its own, and so is what it takes back.
    expect(await on("extend", "--grant", "ops-a", "--for", "6h")).toMatchObject({ code: 0 });
    const status = JSON.parse((await on("status", "--format", "json")).stdout) as readonly object[];
    const authority = `authority ${print(file("ca.pub"))}`;
    expect(status).toMatchObject([
      { grant: "ops-a", keys: [authority] },
      { grant: "ops-b", keys: [authority] },
    ]);
    await on("revoke", "--grant", "ops-a");
    expect([await certified("ops-a"), await certified("ops-b")]).toEqual(["refused", "0"]);
    await on("revoke", "--grant", "ops-b");
    expect(await certified("ops-b")).toBe("refused");
    expect(await traces()).toEqual([]);
  });

  it("gives one command to keys and certificates, and no sudo unless that is said", async () => {
    const command = String.raw`printf '<%s>' "$SSH_ORIGINAL_COMMAND" '\'; sudo -n true 2>/dev/null || echo no`;
    const given = ["--ca", file("ca.pub"), "--key", `${file("key")}.pub`, "--command", command];
    expect(await grant("OPS-2", ...given, "--login-key", file("key"))).toMatchObject({ code: 0 });
    expect(await login("key", 'id; "x')).toBe(String.raw`<id; "x><\>no`);
    expect(await certified("ops-2")).toBe(String.raw`<sudo -n id -u><\>no`);
    await on("revoke", "--ticket", "OPS-2");
    expect(await traces()).toEqual([]);
    const refused = await grant("OPS-2", ...given.slice(0, -1), "echo \\");
    expect(refused.stdout).toContain("support_command is one line, and does not end in a backslash");
  });

  it("is for a grant, and for no key that is let in by itself", async () => {
    const authority = readFileSync(file("ca.pub"), "utf8").trim();
    const plain = await on("run", "-e", JSON.stringify({ support_authorities: [authority] }), "playbooks/grant.yml");
    expect(plain).toMatchObject({ code: 2, stdout: expect.stringContaining("support_authorities is for a grant") });
    const both = await grant("OPS-3", "--ca", file("ca.pub"), "--key", file("ca.pub"));
    expect(both).toMatchObject({ code: 2, stdout: expect.stringContaining("No key may stand in both") });
    expect(await traces()).toEqual([]);
  });

  it("is taken back where somebody left the key without its limits", async () => {
    const line = readFileSync(`${file("key")}.pub`, "utf8").trim();
    await root(`cd /etc/ssh; mkdir other_keys; echo '${line}' >other_keys/support
      echo 'AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/other_keys/%u' >sshd_config.d/keys.conf`);
    await lab.mark();
    const failed = await grant("OPS-4", "--key", `${file("key")}.pub`);
    expect(failed.code).toBe(2);
    expect(failed.stdout).toMatch(
      /\/etc\/ssh\/other_keys\/support:1 lets in the key SHA256:\S+ without the expiry-time and restrict/,
    );
    expect(failed.stdout).toContain("TASK [Roll back grant ops-4]");
    expect(await traces()).toEqual([]);
    await root("cd /etc/ssh; rm -r other_keys sshd_config.d/keys.conf");
  });

  it("is proven by a login and its sudo, or taken back with the reason", async () => {
    const given = ["--key", `${file("key")}.pub`];
    const trial = (key: string): Promise<CommandResult> => grant("OPS-5", ...given, "--login-key", file(key));
    const wrong = await trial("alice");
    expect(wrong).toMatchObject({ code: 2, stdout: expect.stringContaining("support cannot log in: ") });
    expect(wrong.stdout).toContain("TASK [Roll back grant ops-5]");
    expect(await traces()).toEqual([]);
    await root("echo 'support ALL=(ALL) ALL' >/etc/sudoers.d/zzz; chmod 440 /etc/sudoers.d/zzz");
    await lab.mark();
    const asked = await trial("key");
    expect(asked.stdout).toContain("support cannot become root through sudo: a rule of the host that comes later");
    // sudo may have written a mail about it.
    expect(await root("getent passwd support; rm /etc/sudoers.d/zzz")).toBe("");
    await lab.mark();
    expect(await trial("key")).toMatchObject({ code: 0, stderr: "" });
    const noKey = await grant("OPS-5", "--ca", file("ca.pub"), "--login-key", file("key"));
    expect(noKey).toMatchObject({ code: 5, stderr: expect.stringContaining("no login is tried with a certificate") });
  });

  it("is proven to be over by logins that are refused, while the account is there and when it is gone", async () => {
    const withdraw = (): Promise<CommandResult> =>
      on("revoke", "--ticket", "OPS-6", "--login-key", file("key"), "--receipt", file("receipt"));
    const none = await on("revoke", "--ticket", "OPS-6", "--login-key", `${file("key")}.pub`);
    expect(none).toMatchObject({ code: 5, stderr: expect.stringContaining("it holds no private key") as string });
    await grant("OPS-6", "--key", `${file("key")}.pub`);
    const session = lab.ssh("vm1", "exec sleep 1000", { user: "support", key: file("key") });
    await expect.poll(() => root("pgrep -cxu support sleep")).toBe("1");
    /** How often it was refused while it was there, and when it was not. */
    const refusals = async (): Promise<readonly number[]> =>
      (await root('for who in authenticating invalid; do grep -c "$who user support" /var/log/auth.log; done'))
        .split("\n")
        .map(Number);
    const [before = 0, gone = 0] = await refusals();
    expect(await withdraw()).toMatchObject({ code: 0, stdout: expect.stringContaining("CLOSED: 1 host") as string });
    expect((await session).code).not.toBe(0);
    await expect.poll(refusals).toEqual([before + 1, gone + 1]);
    const [host] = (JSON.parse(readFileSync(file("receipt"), "utf8")) as { hosts: readonly Receipt[] }).hosts;
    expect(host?.grants).toEqual(["ops-6"]);
    expect(host?.checks.slice(0, 2)).toEqual([
      "Try the key while the account is there: login as support refused",
      "Try the key when all is closed: login as support refused",
    ]);
    expect(host?.undone).toContain("/home/support/.ssh/authorized_keys removed");
    expect(await traces()).toEqual([]);

    await grant("OPS-6", "--key", `${file("key")}.pub`);
    const line = readFileSync(`${file("key")}.pub`, "utf8").trim();
    await root(`echo '${line}' >/home/support/.ssh/authorized_keys2`);
    const still = await withdraw();
    expect(still).toMatchObject({ code: 2, stdout: expect.stringContaining("NOT CLOSED") as string });
    expect(still.stdout).toContain("support can still log in with this key");
    // All the same the rest is done.
    expect(await root("getent passwd support")).toBe("");
    expect(await traces()).toEqual([]);
  });
});
