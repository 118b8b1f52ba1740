import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { latchkey } from "../e2e/latchkey.ts";
import { type CommandResult, type Lab, startLab } from "../lab/lab.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { describeCloud } from "./describe-cloud.ts";

const bastion = "203.245.13.207/32";
const theirs = "198.51.100.0/24";

/** Hosts behind the firewall of a cloud, from before a grant until after it, as the stock client sees the firewall. */
describeCloud("a grant for servers of a cloud", () => {
  let lab: Lab;
  let cloud: Cloud;
  let inventory: readonly string[];
  let key: string;
  const rule = ["security", "group", "rule"];

  const run = (args: readonly string[], own: Record<string, string> = {}): Promise<CommandResult> => {
    const state = { XDG_STATE_HOME: join(lab.dir, "state") };
    return latchkey(args, { ...cloud.environment("demo"), ...state, ...own });
  };
  const grant = (ticket: string, ...more: readonly string[]): Promise<CommandResult> => {
    const sources = JSON.stringify({ support_sources: [bastion, theirs] });
    const asked = ["--ticket", ticket, "--for", "4h", "--key", `${key}.pub`, "-e", sources];
    return run(["grant", ...inventory, ...asked, ...more]);
  };
  /** The sources that the group lets in, with the descriptions of their rules. */
  const letIn = async (): Promise<readonly string[]> => {
    const listed = (await cloud.openstackJson([...rule, "list", "--ingress", "web"])) as { "IP Range": string }[];
    return listed.map((found) => found["IP Range"]).toSorted();
  };
  const status = async (): Promise<{ readonly code: number | null; readonly rows: unknown }> => {
    const { code, stdout } = await run(["status", ...inventory, "--format", "json"]);
    return { code, rows: JSON.parse(stdout) as unknown };
  };

  beforeAll(async () => {
    [lab, cloud] = await Promise.all([startLab({ hosts: 2 }), startCloud()]);
    key = join(lab.dir, "support");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "support", "-f", key]);
    await cloud.openstack(["security", "group", "create", "web"]);
    const ssh = ["--protocol", "tcp", "--dst-port", "22", "--description", "ours for years"];
    await cloud.openstack([...rule, "create", ...ssh, "--remote-ip", theirs, "web"]);
    const server = { security_groups: ["web"] };
    await cloud.addServers([
      { ...server, name: "web-1", addresses: [{ address: "10.0.0.5" }] },
      { ...server, name: "web-2", addresses: [{ address: "10.0.0.6" }] },
    ]);
    const servers = join(lab.dir, "servers.ini");
    writeFileSync(servers, "vm1 openstack_server=web-1\nvm2 openstack_server=web-2 openstack_security_group=web\n");
    inventory = ["-i", lab.inventory, "-i", servers];
  });
  afterAll(async () => {
    await lab?.stop();
    await cloud?.stop();
  });

  it("opens what is not open yet, once for both, and nothing in a dry run", async () => {
    expect(await letIn()).toEqual([theirs]);
    expect(await grant("OPS-7", "--check")).toMatchObject({ code: 0 });
    expect(await letIn()).toEqual([theirs]);
    const granted = await grant("OPS-7", "--reporter", "jsonl");
    expect(granted).toMatchObject({ code: 0 });
    expect(await letIn()).toEqual([theirs, bastion]);
    // Opened before the host is asked for anything.
    expect(granted.stdout.indexOf("security_group_rule")).toBeLessThan(granted.stdout.indexOf("host.connect"));
    const ledger = readFileSync(join(lab.dir, "state/latchkey/ledger.jsonl"), "utf8");
    const records = ledger.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as object]));
    expect(records).toMatchObject([
      { verb: "opening", grant: "ops-7", outcome: "ok", provider: "openstack", region: "RegionOne" },
      { verb: "open", grant: "ops-7", outcome: "ok", provider: "openstack", region: "RegionOne" },
      { verb: "open", grant: "ops-7", outcome: "ok", provider: "openstack", region: "RegionOne" },
      { verb: "grant", outcome: "ok" },
      { verb: "grant", outcome: "ok" },
    ]);
    for (const text of [granted.stdout, granted.stderr, ledger]) expect(text).not.toMatch(/secret|gAAAA/);
    expect(await status()).toMatchObject({ code: 0, rows: [{ state: "open" }, { state: "open" }] });
    expect(await grant("OPS-7")).toMatchObject({ code: 0 });
  });

  it("keeps the rule for the host that still needs it", async () => {
    const revoked = await run(["revoke", ...inventory, "--ticket", "OPS-7", "--limit", "vm1"]);
    expect(revoked).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("stays for grant ops-7 on vm2") as string,
    });
    expect(await letIn()).toEqual([theirs, bastion]);
  });

  it("tells of a rule that could not be closed until it is, and leaves alone what is not the grant's", async () => {
    const failed = await run(["revoke", ...inventory, "--ticket", "OPS-7"], { OS_PASSWORD: "wrong" });
    expect(failed).toMatchObject({ code: 2, stdout: expect.stringContaining("stays open: Keystone") as string });
    expect(await status()).toMatchObject({
      code: 2,
      rows: [
        { host: "vm1", state: "closed" },
        { host: "vm2", state: "closed" },
        { host: "vm2", state: "leftover", grant: "ops-7", problem: expect.stringContaining("outlived") as string },
      ],
    });
    expect(await run(["revoke", ...inventory, "--ticket", "OPS-7"])).toMatchObject({ code: 0 });
    expect(await letIn()).toEqual([theirs]);
    expect(await status()).toMatchObject({ code: 0, rows: [{ state: "closed" }, { state: "closed" }] });
    expect(await run(["ledger", "verify"])).toMatchObject({ code: 0 });
  });

  it("closes what it opened for hosts that it cannot reach, now and at the revoke", async () => {
    // Nothing listens there.
    const away = ["-e", "ansible_host=127.0.0.9"];
    const granted = await grant("OPS-8", ...away);
    expect(granted).toMatchObject({ code: 4, stdout: expect.stringContaining("is closed") as string });
    expect(await grant("OPS-9", "--limit", "vm1")).toMatchObject({ code: 0 });
    const revoked = await run(["revoke", ...inventory, "--ticket", "OPS-9", ...away]);
    expect(revoked).toMatchObject({ code: 4, stdout: expect.stringContaining("is closed") as string });
    expect(await letIn()).toEqual([theirs]);
  });
});
