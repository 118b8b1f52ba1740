import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type CommandResult, type Lab, runAsRoot, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey, startLatchkey } from "./latchkey.ts";
import { tracesOf } from "./login-records.ts";

/** The customer's line on a host: what a web server serves is piped into a shell. */
describeLab("a script that is served", () => {
  let lab: Lab;
  let folder: string;
  let key: string;
  // The lab's address is its own, and so are all ports of it.
  const [servePort, nginxPort] = [8080, 8081];
  const root = async (script: string): Promise<string> => (await lab.exec("vm1", ["sh", "-c", script])).stdout;
  const urlOf = (port: number): string => `http://${lab.controller}:${port}`;

  /** The server block of the README, but for TLS, which would need a certificate of a name. */
  const nginxConfig = (): string => {
    const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
    const block = /```nginx\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    const server = block
      .replace("listen 443 ssl", `listen ${lab.controller}:${nginxPort}`)
      .replaceAll(/^ *ssl_.*\n/gm, "")
      .replace("root /srv/latchkey", `root ${folder}`);
    return `user root; pid ${lab.dir}/nginx.pid; events {}\nhttp { access_log off; ${server} }`;
  };
  const nginx = (...args: readonly string[]): Promise<CommandResult> =>
    runAsRoot("nginx", ["-p", lab.dir, "-e", join(lab.dir, "nginx.log"), "-c", join(lab.dir, "nginx.conf"), ...args]);

  beforeAll(async () => {
    lab = await startLab({ hosts: 2 });
    folder = join(lab.dir, "scripts");
    mkdirSync(join(folder, "below"), { recursive: true });
    key = join(lab.dir, "support");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "support", "-f", key]);
    const script = ["script", "playbooks/grant.yml", "--key", `${key}.pub`, "-o", join(folder, "index.sh")];
    expect(await latchkey(script)).toMatchObject({ code: 0 });
    writeFileSync(join(folder, ".env"), "secret\n");
    writeFileSync(join(folder, "index.sh.sig"), "signature\n");
    symlinkSync("/etc/passwd", join(folder, "out.sh"));
    writeFileSync(join(lab.dir, "nginx.conf"), nginxConfig());
    expect(await nginx()).toMatchObject({ code: 0, stderr: "" });
  });
  afterAll(async () => {
    await nginx("-s", "quit");
    await vi.waitFor(() => expect(existsSync(join(lab.dir, "nginx.pid"))).toBe(false), 10_000);
    await lab.stop();
  });

  /** What any server of scripts has to do. */
  const expectServed = async (port: number): Promise<void> => {
    const url = urlOf(port);
    await lab.mark();
    expect(await root(`curl -sLf ${url}/ | sh -`)).toMatch(/^ACCESS IS OPEN for support until /m);
    expect(await lab.ssh("vm1", "sudo -n id -un", { user: "support", key })).toMatchObject({ stdout: "root\n" });
    expect(await root(`curl -sLf ${url}/ | SUPPORTDEL=yes sh -`)).toMatch(/^ACCESS IS CLOSED/m);
    expect(await lab.ssh("vm1", "true", { user: "support", key })).toMatchObject({ code: 255 });
    expect(tracesOf(await lab.changed("vm1"))).toEqual([]);
    // What was not downloaded says nothing, neither OPEN nor CLOSED.
    expect(await root(`curl -sLf ${url}/absent | sh -`)).toBe("");
    const asked = (args: string): Promise<string> =>
      root(`curl -so /dev/null -w '%{http_code} %{content_type}' ${args}`);
    expect(await asked(`${url}/`)).toBe("200 text/x-shellscript; charset=utf-8");
    expect(await asked(`-I ${url}/`)).toBe("200 text/x-shellscript; charset=utf-8");
    expect(await asked(`${url}/index.sh.sig`)).toBe("200 text/plain; charset=utf-8");
    for (const path of ["/.env", "/out.sh", "/below/", "/below", "/../lab.env", "/..%2flab.env"])
      expect(await asked(`--path-as-is ${url}${path}`), path).toMatch(/^(30|40)/);
    for (const method of ["POST", "PUT", "DELETE"])
      expect(await asked(`-X ${method} -d x ${url}/`), method).toMatch(/^40[35]/);
    const headers = await root(`curl -sI ${url}/`);
    for (const header of [/^ETag: "/im, /^X-Content-Type-Options: nosniff/im, /^Cache-Control: no-cache/im])
      expect(headers).toMatch(header);
  };

  it("is run from latchkey serve, which ends when it is told to", async () => {
    const listen = `${lab.controller}:${servePort}`;
    const serving = startLatchkey(["serve", "--dir", folder, "--listen", listen]);
    await serving.said(" at http:");
    await expectServed(servePort);
    const second = await latchkey(["serve", "--dir", folder, "--listen", listen]);
    expect(second).toMatchObject({ code: 5, stdout: "", stderr: expect.stringContaining("in use") as string });
    serving.signal("SIGTERM");
    expect(await serving.done).toMatchObject({ code: 0, stderr: expect.stringContaining("no TLS") as string });
  });

  it("is run from nginx with the README's settings", () => expectServed(nginxPort));

  it("makes the grant that one over SSH is: seen by status, extended, and each ended by the other's means", async () => {
    const options = ["-i", lab.inventory, "-f", "2"];
    const on = async (host: string, script: string): Promise<string> =>
      (await lab.exec(host, ["sh", "-c", script])).stdout;
    await lab.mark();
    const over = ["grant", "--ticket", "support", "--for", "24h", "--key", `${key}.pub`, "-l", "vm2", ...options];
    expect(await latchkey(over)).toMatchObject({ code: 0 });
    expect(await on("vm1", `curl -sLf ${urlOf(nginxPort)}/ | sh -`)).toContain("ACCESS IS OPEN");
    const files = "/etc/passwd /etc/shadow /etc/group /etc/sudoers.d/zz-support /home/support/.ssh/authorized_keys";
    // Its number and its end are of the moment.
    const left = async (host: string): Promise<string> =>
      (await on(host, `grep -h support ${files}; stat -c '%n %a %U %G' ${files} /home/support /home/support/.ssh`))
        .replaceAll(/20\d{12}Z/g, "END")
        .replaceAll(/\b6[01]\d{3}\b/g, "ID")
        .replaceAll(/TIMEOUT=\d+s/g, "TIMEOUT");
    expect(await left("vm1")).toBe(await left("vm2"));
    expect(await left("vm1")).toContain("NOTAFTER=END");
    const undo = "/var/lib/latchkey/grants/support/undo";
    expect(await on("vm1", `cat ${undo}`)).toBe(await on("vm2", `cat ${undo}`));

    expect(await latchkey(["extend", "--grant", "support", "--for", "30h", ...options])).toMatchObject({ code: 0 });
    const status = await latchkey(["status", "--format", "json", ...options]);
    const rows = JSON.parse(status.stdout) as readonly { host: string; until: string; guaranteed: string }[];
    expect(rows).toMatchObject([
      { host: "vm1", state: "open", grant: "support", ticket: "support", accounts: ["support"], overdue: false },
      { host: "vm2", state: "open", grant: "support", ticket: "support", accounts: ["support"], overdue: false },
    ]);
    expect(new Set(rows.map(({ until }) => until)).size).toBe(1);
    expect(await on("vm1", `curl -sLf ${urlOf(nginxPort)}/ | sh -s -- status`)).toContain(
      "ACCESS IS OPEN for support until",
    );

    expect(await latchkey(["revoke", "--grant", "support", "-l", "vm1", ...options])).toMatchObject({ code: 0 });
    expect(await on("vm2", `curl -sLf ${urlOf(nginxPort)}/revoke.sh | sh -`)).toMatch(/^ACCESS IS CLOSED/m);
    for (const host of ["vm1", "vm2"]) expect(tracesOf(await lab.changed(host)), host).toEqual([]);
  });
});
