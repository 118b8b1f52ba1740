import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli } from "../../src/cli/cli.ts";
import { capturedIo } from "../helpers/captured-io.ts";
import { type AddedServer, type Cloud, startCloud } from "./cloud.ts";
import { describeCloud } from "./describe-cloud.ts";

/** What the real Nova tells, as hosts and groups. */
describeCloud("the inventory of a cloud", () => {
  let cloud: Cloud;
  let added: readonly AddedServer[];

  beforeAll(async () => {
    cloud = await startCloud();
    added = await cloud.addServers([
      {
        name: "web1",
        zone: "az1",
        metadata: { role: "web", os_distro: "ubuntu" },
        addresses: [{ network: "inside", address: "10.0.0.5", floating: "203.0.113.5" }],
      },
      { name: "db", status: "SHUTOFF", flavor: "m1.large", addresses: [{ address: "10.0.1.6" }] },
      { name: "db", addresses: [{ address: "10.0.1.7" }] },
      // The catalogue has an image service that does not answer.
      { name: "web2", image: "5ea5cb93-9b7c-4b3c-a4ae-6bcf8e4be0a5", addresses: [{ address: "10.0.1.8" }] },
      { name: "bare" },
      { name: "other", project: "admin", addresses: [{ address: "10.0.2.5" }] },
    ]);
    writeFileSync(join(cloud.dir, "clouds.yaml"), cloud.cloudsYaml("demo"));
  });
  afterAll(() => cloud?.stop());

  const latchkey = async (
    env: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }> => {
    const { io, said } = capturedIo(cloud.dir, { HOME: cloud.dir, ...env });
    return { code: await runCli(["inventory", ...args], io), ...said };
  };
  const list = async (text: string, env: Readonly<Record<string, string>> = {}): Promise<Record<string, unknown>> => {
    const path = join(cloud.dir, "test.openstack.yml");
    writeFileSync(path, `plugin: openstack.cloud.openstack\n${text}`);
    const { code, out, err } = await latchkey(env, "-i", path, "--list");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    return JSON.parse(out) as Record<string, unknown>;
  };
  const idsOf = (name: string): readonly string[] => added.filter((each) => each.name === name).map(({ id }) => id);

  it("has the servers of the project by name, and by id where two have one name", async () => {
    const [web1 = ""] = idsOf("web1");
    const [db1 = "", db2 = ""] = idsOf("db");
    const inventory = await list("");
    expect(inventory["demo"]).toEqual({ hosts: expect.arrayContaining(["web1", "web2", db1, db2]) as unknown });
    expect(inventory["demo"]).toMatchObject({ hosts: { length: 4 } });
    expect(inventory).toMatchObject({
      _meta: {
        hostvars: {
          web1: {
            ansible_host: "203.0.113.5",
            ansible_user: "ubuntu",
            openstack: {
              id: web1,
              status: "ACTIVE",
              vm_state: "active",
              availability_zone: "az1",
              metadata: { role: "web" },
              flavor: { name: "m1.small", ram: 2048 },
              security_groups: [{ name: "default" }],
              cloud: { name: "demo", region: "RegionOne" },
            },
          },
          [db1]: { ansible_host: "10.0.1.6" },
        },
      },
      az1: { hosts: ["web1"] },
      demo_RegionOne_az1: { hosts: ["web1"] },
      "meta-role_web": { hosts: ["web1"] },
      "flavor-m1.large": { hosts: [db1] },
      "status-SHUTOFF": { hosts: [db1] },
      [`instance-${web1}`]: { hosts: ["web1"] },
    });
  });

  it("takes the address inside, and servers without one, where it is told so", async () => {
    const inventory = await list(
      "private: true\nshow_all: true\nkeyed_groups: [{ key: openstack.status | lower, prefix: is }]\n",
    );
    expect(inventory).toMatchObject({
      _meta: { hostvars: { web1: { ansible_host: "10.0.0.5" }, bare: { openstack: { addresses: {} } } } },
      is_shutoff: { hosts: idsOf("db").slice(0, 1) },
    });
  });

  it("gives an administrator the servers of every project", async () => {
    const inventory = await list("all_projects: true\nonly_clouds: [envvars]\n", cloud.environment("admin"));
    expect(inventory["envvars"]).toMatchObject({ hosts: { length: 5 } });
    expect(inventory).toMatchObject({ _meta: { hostvars: { other: { ansible_host: "10.0.2.5" } } } });
    const refused = await latchkey(cloud.environment("demo"), "-i", "test.openstack.yml", "--list");
    expect(refused).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("does not allow user demo") as string,
    });
  });

  it("prints the same without a file", async () => {
    const { code, out } = await latchkey(cloud.environment("demo"), "openstack");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ envvars: { hosts: { length: 4 } } });
  });

  it("says that the password is wrong, and not what it is", async () => {
    const environment = { ...cloud.environment("demo"), OS_PASSWORD: "wr0ng" };
    const { code, out, err } = await latchkey(environment, "openstack");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("refused user demo of project demo");
    expect(err).not.toContain("wr0ng");
  });
});
