import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCloudIo } from "../../src/cli/cloud-edge.ts";
import type { CloudOptions, WantedRule } from "../../src/cloud/cloud.ts";
import { readConfig } from "../../src/cloud/openstack/config.ts";
import { createOpenStack, type OpenStackCloud } from "../../src/cloud/openstack/openstack.ts";
import type { Io } from "../../src/cli/io.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { describeCloud } from "./describe-cloud.ts";

/** What Latchkey's own client does with the real services. `fetch` looks: the stock client takes seconds for each word. */
describeCloud("the provider openstack", () => {
  let cloud: Cloud;
  let folder: string;
  let [network, token, userId] = ["", "", ""];
  /** A client of Latchkey's, with these variables and in this folder. */
  const open = (options: Partial<CloudOptions> = {}, env = cloud.environment("demo")): OpenStackCloud => {
    const io = createCloudIo({ env, cwd: folder } as Io, () => {}, AbortSignal.timeout(60_000));
    const config = readConfig({ provider: "openstack", ...options }, io);
    if (!config.ok) throw new Error(config.error);
    return createOpenStack(config.value, io);
  };
  /** Asks a service without Latchkey. */
  const ask = async (url: string, token: string, body?: object): Promise<unknown> => {
    const answer = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { "x-auth-token": token, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const group = async (name: string): Promise<string> => {
    const made = (await ask(`${network}/security-groups`, token, { security_group: { name } })) as {
      security_group: { id: string };
    };
    return made.security_group.id;
  };
  const ssh = (of: string, own: Partial<WantedRule> = {}): WantedRule => ({
    group: of,
    direction: "ingress",
    family: "IPv4",
    protocol: "tcp",
    ports: { min: 22, max: 22 },
    remotePrefix: "203.245.13.207",
    description: "Vendor support ops-7",
    ...own,
  });
  const rulesOf = async (of: string): Promise<unknown> => {
    const url = `${network}/security-group-rules?direction=ingress&security_group_id=${of}`;
    return ((await ask(url, token)) as { security_group_rules: unknown }).security_group_rules;
  };
  const failure = (message: string): object => ({
    ok: false,
    error: { message: expect.stringContaining(message) as string },
  });

  beforeAll(async () => {
    cloud = await startCloud();
    folder = mkdtempSync(join(tmpdir(), "latchkey-provider-"));
    const { OS_AUTH_URL: keystone = "" } = cloud.environment("demo");
    const domain = { name: "Default" };
    const answer = await fetch(`${keystone}/auth/tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        auth: {
          identity: { methods: ["password"], password: { user: { name: "demo", password: "secret", domain } } },
          scope: { project: { name: "demo", domain } },
        },
      }),
    });
    const said = (await answer.json()) as {
      token: { user: { id: string }; catalog: { type: string; endpoints: { region: string; url: string }[] }[] };
    };
    token = answer.headers.get("x-subject-token") ?? "";
    userId = said.token.user.id;
    const endpoints = said.token.catalog.find(({ type }) => type === "network")?.endpoints ?? [];
    network = `${endpoints.find(({ region }) => region === "RegionOne")?.url}/v2.0`;
    await cloud.addServers([
      { name: "a", metadata: { role: "web" } },
      { name: "b" },
      { name: "with.group", security_groups: ["default"], addresses: [{ address: "10.0.0.5" }] },
    ]);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await cloud?.stop();
  });

  it("opens a rule once, and closes it once", async () => {
    const id = await group("once");
    const { openRule, closeRule } = open();
    const wanted = ssh(id);
    expect(await openRule(wanted, { check: true })).toEqual({ ok: true, value: { isNew: true } });
    expect(await rulesOf(id)).toEqual([]);
    const opened = await openRule(wanted, { check: false });
    expect(opened).toMatchObject({ ok: true, value: { isNew: true, rule: { remotePrefix: "203.245.13.207/32" } } });
    const made = opened.ok ? (opened.value.rule?.id ?? "") : "";
    expect(await rulesOf(id)).toMatchObject([
      { id: made, protocol: "tcp", remote_ip_prefix: "203.245.13.207/32", port_range_min: 22, port_range_max: 22 },
    ]);
    for (const prefix of ["203.245.13.207", "203.245.13.207/32"]) {
      const again = await openRule({ ...wanted, remotePrefix: prefix, protocol: "6" }, { check: false });
      expect(again).toMatchObject({ ok: true, value: { isNew: false, rule: { id: made } } });
    }
    expect(await closeRule(made)).toEqual({ ok: true, value: "closed" });
    expect(await closeRule(made)).toEqual({ ok: true, value: "gone" });
    expect(await rulesOf(id)).toEqual([]);
  });

  it("knows a network with bits behind its mask, and IPv6, for what they are", async () => {
    const id = await group("networks");
    const { openRule } = open();
    const six = { family: "IPv6" as const };
    const wanted = [
      ssh(id, { remotePrefix: "203.245.13.207/24" }),
      ssh(id, { remotePrefix: "203.245.13.0/24" }),
      ssh(id, { ...six, remotePrefix: "2001:DB8:0::1" }),
      ssh(id, { ...six, remotePrefix: "2001:db8::1/128" }),
      ssh(id, { remotePrefix: "0.0.0.0/0" }),
    ];
    const isNew: unknown[] = [];
    for (const each of wanted) {
      const opened = await openRule(each, { check: false });
      isNew.push(opened.ok ? opened.value.isNew : opened.error.message);
    }
    expect(isNew).toEqual([true, false, true, false, true]);
    const anywhere = {
      group: id,
      direction: "ingress",
      family: "IPv4",
      protocol: "tcp",
      ports: ssh(id).ports,
    } as const;
    expect(await openRule(anywhere as WantedRule, { check: false })).toMatchObject({ value: { isNew: false } });
    expect(await rulesOf(id)).toHaveLength(3);
  });

  it("opens one rule where sixteen ask for it at once", async () => {
    const id = await group("many");
    const { openRule } = open();
    const opened = await Promise.all(Array.from({ length: 16 }, () => openRule(ssh(id), { check: false })));
    expect(opened.filter((each) => each.ok)).toHaveLength(16);
    expect(opened.filter((each) => each.ok && each.value.isNew)).toHaveLength(1);
    expect(await rulesOf(id)).toHaveLength(1);
  });

  it("finds a group by name or id, and tells the ids of several of one name", async () => {
    const [first, second] = [await group("twice"), await group("twice")];
    const { findGroup } = open();
    expect(await findGroup(first)).toMatchObject({ value: { id: first, name: "twice" } });
    const both = await findGroup("twice");
    expect(both).toMatchObject(failure('several security groups "twice"'));
    expect(both).toMatchObject(failure(first));
    expect(both).toMatchObject(failure(second));
    expect(await findGroup("none")).toMatchObject(failure('has no security group "none"'));
    expect(await findGroup("default", "demo")).toMatchObject({ ok: true });
  });

  it("reads every page", async () => {
    const id = await group("pages");
    const { openRule, client } = open();
    for (const min of [1, 2, 3, 4, 5]) await openRule(ssh(id, { ports: { min, max: 9 } }), { check: false });
    const query = [["security_group_id", id] as const, ["limit", "2"] as const];
    const listed = await client.list("network", "/security-group-rules", "security_group_rules", { query });
    expect(new Set(listed.ok ? listed.value.map((found) => found["id"]) : []).size).toBe(7);
    const pages = await client.list("compute", "/servers/detail", "servers", { query: [["limit", "1"]] });
    expect(pages).toMatchObject({ ok: true });
    expect(new Set(pages.ok ? pages.value.map(({ name }) => name) : [])).toEqual(new Set(["a", "b", "with.group"]));
    const servers = await open().listServers();
    expect(servers.ok ? servers.value.find(({ name }) => name === "a") : servers).toMatchObject({
      status: "ACTIVE",
      metadata: { role: "web" },
    });
  });

  it("finds the groups of a server, by its name or id", async () => {
    const servers = await open().listServers();
    const id = servers.ok ? servers.value.find(({ name }) => name === "with.group")?.id : undefined;
    for (const named of ["with.group", id ?? ""]) {
      expect(await open().groupsOfServer(named)).toMatchObject({ ok: true, value: [{ name: "default" }] });
    }
    expect(await open().groupsOfServer("withxgroup")).toMatchObject(failure('has no server "withxgroup"'));
  });

  it("says what is wrong, and what to do", async () => {
    const env = cloud.environment("demo");
    const found = (own: Record<string, string>, options: Partial<CloudOptions> = {}) =>
      open(options, { ...env, ...own }).findGroup("default");
    expect(await found({ OS_PASSWORD: "wrong" })).toMatchObject(failure("refused user demo of project demo"));
    expect(await found({ OS_PROJECT_NAME: "none" })).toMatchObject(failure("refused user demo of project none"));
    expect(await found({}, { region: "Nowhere" })).toMatchObject(
      failure('is not in region "Nowhere", only in RegionOne, RegionTwo'),
    );
    expect(await found({}, { interface: "internal" })).toMatchObject(failure("no internal address, only public"));
    expect(await found({ OS_AUTH_URL: env["OS_AUTH_URL"]?.replace("/v3", "/nowhere") ?? "" })).toMatchObject(
      failure("there is no Keystone v3 at"),
    );
    const reader = open({}, cloud.environment("ro"));
    const own = await reader.findGroup("once");
    expect(own).toMatchObject({ ok: true });
    const refused = await reader.openRule(ssh(own.ok ? own.value.id : ""), { check: false });
    expect(refused).toMatchObject(failure("does not allow user ro of project demo"));
    expect(refused).toMatchObject({ error: { status: 403, hint: expect.stringContaining("member") as string } });
  });

  it("comes in by HTTPS with the authority's file alone", async () => {
    const env = { ...cloud.environment("demo"), OS_AUTH_URL: cloud.secureAuthUrl };
    expect(await open({}, env).findGroup("default")).toMatchObject(failure("certificate"));
    expect(await open({ caFile: cloud.caFile }, env).findGroup("default")).toMatchObject({ ok: true });
    expect(await open({}, { ...env, OS_CACERT: cloud.caFile }).findGroup("default")).toMatchObject({ ok: true });
    expect(await open({ verify: false }, env).findGroup("default")).toMatchObject({ ok: true });
  });

  it("comes in by an application credential, by a token, and by clouds.yaml", async () => {
    const { OS_AUTH_URL: url = "" } = cloud.environment("demo");
    const created = await ask(`${url}/users/${userId}/application_credentials`, token, {
      application_credential: { name: "ours" },
    });
    const { application_credential: made } = created as { application_credential: { id: string; secret: string } };
    const region = { region: "RegionOne" };
    const credential = {
      auth_url: url,
      application_credential_id: made.id,
      application_credential_secret: made.secret,
    };
    expect(await open({ auth: credential, ...region }, {}).findGroup("once")).toMatchObject({ ok: true });
    const wrong = { ...credential, application_credential_secret: "no" };
    expect(await open({ auth: wrong, ...region }, {}).findGroup("once")).toMatchObject(
      failure("refused application credential"),
    );
    const issued = { auth_url: url, token, project_name: "demo", project_domain_name: "Default" };
    expect(await open({ auth: issued, authType: "token", ...region }, {}).findGroup("once")).toMatchObject({
      ok: true,
    });
    const written = cloud.cloudsYaml("demo");
    writeFileSync(join(folder, "clouds.yaml"), written.replace(/^ *password:.*\n/m, ""));
    writeFileSync(join(folder, "secure.yaml"), "clouds: { demo: { auth: { password: secret } } }\n");
    for (const [options, env] of [
      [{}, {}],
      [{ cloud: "demo" }, {}],
      [{}, { OS_CLOUD: "demo" }],
    ] as const) {
      const own = open(options, env);
      expect(await own.findGroup("once")).toMatchObject({ ok: true });
      expect(await own.place()).toMatchObject({ value: { cloud: "demo", url, region: "RegionOne" } });
    }
    expect(await open({ region: "RegionTwo" }, {}).findGroup("once")).toMatchObject(failure("has no security group"));
  });

  // The last one: the services take a project's quota once.
  it("takes no used-up quota for a rule that is there", async () => {
    const id = await group("full");
    expect(await cloud.openstack(["quota", "set", "--secgroup-rules", "0", "demo"], "admin")).toMatchObject({
      code: 0,
    });
    expect(await open().openRule(ssh(id), { check: false })).toMatchObject({
      ok: false,
      error: { status: 409, type: "OverQuota", message: expect.stringContaining("Quota exceeded") as string },
    });
    expect(await rulesOf(id)).toEqual([]);
  });
});
