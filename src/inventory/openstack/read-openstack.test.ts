import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { shown } from "../../../test/helpers/inventory-of.ts";
import {
  fixedAddress,
  startToldCloud,
  type ToldCloud,
  toldServer,
  ubuntuImage,
} from "../../../test/helpers/told-cloud.ts";
import type { PlainMap } from "../../vars/value.ts";
import type { Inventory } from "../inventory.ts";
import { loadInventory } from "../load.ts";

let cloud: ToldCloud;
let lastAddress: number;
beforeEach(async () => {
  cloud = await startToldCloud();
  lastAddress = 4;
});
afterEach(() => cloud.stop());

/** A server with an address of its own. */
const own = (name: string, but: PlainMap = {}): PlainMap =>
  toldServer(name, { addresses: { private: [fixedAddress(`10.0.0.${++lastAddress}`)] }, ...but });
const floating = (addr: string): PlainMap => ({ addr, version: 4, "OS-EXT-IPS:type": "floating" });

const read = async (
  text = "",
  name = "openstack.yml",
): Promise<{ readonly inventory: Inventory; readonly said: string }> => {
  writeFileSync(join(cloud.folder, name), `plugin: openstack.cloud.openstack\n${text}`);
  const { inventory, diagnostics } = await loadInventory({
    sources: [name],
    cwd: cloud.folder,
    env: { HOME: cloud.folder },
  });
  return { inventory, said: shown(diagnostics).replaceAll(`${cloud.folder}/`, "") };
};
const demo = "only_clouds: [demo]\n";
const varsOf = (inventory: Inventory, host: string): PlainMap => inventory.hosts.get(host)?.vars as PlainMap;

describe("the inventory of an OpenStack cloud", () => {
  it("has what Ansible's plugin gives of a server", async () => {
    cloud.servers = [own("web1", { metadata: { role: "web", group: "front", groups: "a, b" } })];
    const { inventory, said } = await read(demo);
    expect(said).toBe("");
    expect(varsOf(inventory, "web1")).toMatchObject({
      ansible_host: "10.0.0.5",
      ansible_ssh_host: "10.0.0.5",
      openstack: {
        id: "00000000-0000-0000-0000-00000000web1",
        name: "web1",
        status: "ACTIVE",
        project_id: "744b82750aa94d3ba306623ad38aaf44",
        created_at: "2026-11-23T22:09:05Z",
        availability_zone: "nova",
        vm_state: "active",
        fault: null,
        metadata: { role: "web" },
        flavor: { id: "m1.small", name: "m1.small", original_name: "m1.small", ram: 2048 },
        image: { id: ubuntuImage, name: "Ubuntu 24.04" },
        cloud: { name: "demo", region: "RegionOne" },
      },
    });
    expect(inventory.hosts.get("web1")?.groups.toSorted()).toEqual([
      "RegionOne",
      "RegionOne_nova",
      "a",
      "b",
      "demo",
      "demo_RegionOne",
      "demo_RegionOne_nova",
      "flavor-m1.small",
      "front",
      "image-Ubuntu_24.04",
      "image_user_ubuntu",
      "instance-00000000-0000-0000-0000-00000000web1",
      "meta-group_front",
      "meta-groups_a__b",
      "meta-role_web",
      "nova",
      "status-ACTIVE",
    ]);
  });

  it("leaves out what a server was told at its start, and takes no text of a cloud for a template", async () => {
    cloud.servers = [own("web1", { metadata: { note: "{{ lookup('pipe', 'id') }}" } })];
    const { inventory } = await read(demo);
    expect(JSON.stringify(varsOf(inventory, "web1"))).not.toContain("c2VjcmV0");
    expect(varsOf(inventory, "web1")["openstack"]).toMatchObject({ metadata: { note: "{{ lookup('pipe', 'id') }}" } });
  });

  it("reaches a server by its access address, a floating one, then a fixed one", async () => {
    const both = { private: [fixedAddress("2001:db8::5", 6), fixedAddress("10.0.0.5"), floating("203.0.113.5")] };
    cloud.servers = [
      own("access", { addresses: both, accessIPv4: "198.51.100.5" }),
      own("floats", { addresses: both }),
      own("inside", { addresses: { private: [fixedAddress("2001:db8::6", 6), fixedAddress("10.0.0.6")] } }),
    ];
    const addresses = async (options: string): Promise<readonly unknown[]> => {
      const { inventory } = await read(demo + options);
      return ["access", "floats", "inside"].map((host) => varsOf(inventory, host)["ansible_host"]);
    };
    expect(await addresses("")).toEqual(["198.51.100.5", "203.0.113.5", "2001:db8::6"]);
    expect(await addresses("private: true")).toEqual(["2001:db8::5", "2001:db8::5", "2001:db8::6"]);
    expect(await addresses("only_ipv4: true\nprivate: true")).toEqual(["10.0.0.5", "10.0.0.5", "10.0.0.6"]);
    expect(await addresses("use_names: true")).toEqual(["access", "floats", "inside"]);
  });

  it("names a host by its id where its name is taken, or cannot be a host's", async () => {
    const id = (last: string): string => `00000000-0000-0000-0000-${last}`;
    cloud.servers = [
      own("db", { id: id("000000000001") }),
      own("db", { id: id("000000000002") }),
      own("my server", { id: id("000000000003") }),
      own("web"),
    ];
    const named = await read(demo);
    expect([...named.inventory.hosts.keys()]).toEqual([
      id("000000000001"),
      id("000000000002"),
      id("000000000003"),
      "web",
    ]);
    expect([...(await read(`${demo}inventory_hostname: uuid`)).inventory.hosts.keys()][3]).toBe(id("000000000web"));
  });

  it("leaves out servers without an address, unless all are asked for", async () => {
    cloud.servers = [own("bare", { addresses: {} }), own("web")];
    expect([...(await read(demo)).inventory.hosts.keys()]).toEqual(["web"]);
    const { inventory } = await read(`${demo}show_all: true`);
    expect(inventory.hosts.get("bare")?.vars).not.toHaveProperty("ansible_host");
  });

  it("gives the user of the image as a group's variable, which people's own win over", async () => {
    cloud.servers = [own("web1"), own("web2", { metadata: { os_distro: "rocky" } }), own("web3", { image: "" })];
    const { inventory } = await read(demo);
    expect(inventory.groups.get("image_user_ubuntu")).toMatchObject({
      hosts: ["web1"],
      vars: { ansible_user: "ubuntu" },
    });
    expect(inventory.groups.get("image_user_rocky")).toMatchObject({
      hosts: ["web2"],
      vars: { ansible_user: "rocky" },
    });
    expect(cloud.asked.filter((path) => path.startsWith("/v2/images/"))).toEqual([`/v2/images/${ubuntuImage}`]);
    cloud.asked = [];
    const without = await read(`${demo}latchkey_default_users: false\nlegacy_groups: false`);
    expect([...without.inventory.groups.keys()]).toEqual(["all", "ungrouped"]);
    expect(cloud.asked.filter((path) => path.includes("images"))).toEqual([]);
  });

  it("does not need the image service", async () => {
    cloud.servers = [own("web1", { image: { id: "6ea5cb93-9b7c-4b3c-a4ae-6bcf8e4be0a5" } })];
    const { inventory, said } = await read(demo);
    expect([said, [...inventory.hosts.keys()]]).toEqual(["", ["web1"]]);
  });

  it("asks for all projects where that is wanted", async () => {
    await read(`${demo}all_projects: true`);
    expect(cloud.asked).toContain("/v2.1/servers/detail?all_tenants=1");
  });

  it("makes variables and groups of expressions", async () => {
    cloud.servers = [own("web1", { metadata: { role: "web", tier: "" } }), own("db1", { status: "SHUTOFF" })];
    const { inventory, said } = await read(`${demo}legacy_groups: false
latchkey_default_users: false
compose:
  ansible_port: 2222
  role: openstack.metadata.role | default('none')
groups:
  stop-ped: openstack.status != 'ACTIVE'
  webs: openstack.metadata.role == 'web'
keyed_groups:
  - { key: role, prefix: role }
  - { key: openstack.metadata, prefix: m, trailing_separator: false, parent_group: metadata }
  - { key: openstack.availability_zone }
  - { key: openstack.metadata.role, separator: "-", prefix: 1st }
`);
    expect(said).toBe("");
    expect(varsOf(inventory, "web1")).toMatchObject({ ansible_port: 2222, role: "web" });
    expect(inventory.hosts.get("web1")?.groups.toSorted()).toEqual([
      "_nova",
      "_st_web",
      "m_role_web",
      "m_tier",
      "role_web",
      "webs",
    ]);
    expect(inventory.hosts.get("db1")?.groups.toSorted()).toEqual(["_nova", "role_none", "stop_ped"]);
    expect(inventory.groups.get("metadata")?.children.toSorted()).toEqual(["m_role_web", "m_tier"]);
  });

  it("says once what an expression has no value for, where that is an error", async () => {
    cloud.servers = [own("web1"), own("web2")];
    expect((await read(`${demo}compose: { x: openstack.metadata.role }\n`)).said).toMatch(
      /^openstack\.yml:3:15: for the host "web1": .*role/,
    );
    const lax = await read(`${demo}groups: { x: openstack.metadata.role == 'a' }\n`);
    expect([lax.said, lax.inventory.groups.has("x")]).toEqual(["", false]);
    const { said } = await read(`${demo}strict: true\ngroups: { x: openstack.metadata.role == 'a' }\n`);
    expect(said.match(/for the host/g)).toHaveLength(1);
    expect((await read(`${demo}groups: { x: "1 +" }\n`)).said).toContain("openstack.yml:3:");
  });

  it("says which cloud did not answer, and never a secret", async () => {
    cloud.servers = [own("web1")];
    const { inventory, said } = await read();
    expect([...inventory.hosts.keys()]).toEqual(["web1"]);
    expect(said).toContain('openstack.yml:1:1: warning: Keystone of cloud "wrong"');
    const strict = await read("fail_on_errors: true\n");
    expect([...strict.inventory.hosts.keys()]).toEqual([]);
    expect(strict.said).toContain('openstack.yml:1:1: Keystone of cloud "wrong"');
    // Where none answers there is nothing to go on with.
    const none = await read("only_clouds: [wrong]\n");
    expect(none.said).toContain('openstack.yml:1:1: Keystone of cloud "wrong"');
    expect(said + strict.said + none.said).not.toMatch(/wr0ng|t0ken/);
    expect((await read("only_clouds: [demo2]\n")).said).toContain('has no cloud "demo2"; there are demo, wrong');
  });

  it("finds clouds.yaml where the file says", async () => {
    cloud.servers = [own("web1")];
    const other = join(cloud.folder, "other.yaml");
    writeFileSync(other, "clouds: {}\n");
    expect((await read(`${demo}clouds_yaml_path: [absent.yaml, other.yaml]\n`)).said).toContain(
      "other.yaml has no cloud",
    );
  });

  it.each([
    ["only_cloud: [demo]", "there is no option only_cloud [V02]", 'did you mean "only_clouds"?'],
    ["server_filters: {}", "server_filters is not supported here [V04]", "--limit"],
    ["cache: true", "cache is not supported here [V04]", "anew each time"],
    ["private: 5", "private is true or false [V41]", ""],
    ["inventory_hostname: id", "inventory_hostname is name or uuid [V41]", ""],
    ["only_clouds: {a: b}", "only_clouds is a list of texts [V41]", ""],
    ["groups: [a]", "groups is a mapping of names to expressions [V41]", ""],
    ['compose: {a: "{{ b }}"}', "an expression stands here without braces [V41]", ""],
    ["keyed_groups: [{prefix: a}]", "an entry of keyed_groups is a mapping with a key [V41]", ""],
    ["keyed_groups: [{key: a, sep: b}]", "there is no sep here", "default_value"],
    ["keyed_groups: [{key: a, default_value: b, trailing_separator: true}]", "exclude each other", ""],
  ])("refuses %s", async (text, message, hint) => {
    const { said } = await read(`${text}\n`);
    expect(said).toMatch(/^openstack\.yml:2:\d+: /);
    expect(said).toContain(message);
    expect(said).toContain(hint);
    expect(cloud.asked).toEqual([]);
  });

  it("is a file of a name that Ansible's plugin accepts", async () => {
    expect((await read(demo, "hosts.yml")).said).toContain("the name of this file must end in openstack.yml");
    expect((await read(demo, "prod.openstack.yaml")).said).toBe("");
    const clouds = await loadInventory({ sources: ["clouds.yaml"], cwd: cloud.folder });
    expect(shown(clouds.diagnostics)).toContain("this is a configuration of clouds, and no inventory");
  });
});
