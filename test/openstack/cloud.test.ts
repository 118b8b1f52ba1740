import { afterAll, beforeAll, expect, it } from "vitest";
import { type Cloud, startCloud } from "./cloud.ts";
import { describeCloud } from "./describe-cloud.ts";

/** What the other tests of this folder rest on, seen by the stock client. */
describeCloud("the cloud", () => {
  let cloud: Cloud;

  beforeAll(async () => {
    cloud = await startCloud();
  });
  afterAll(() => cloud?.stop());

  it("gives each of its users a token, by HTTP and by HTTPS", async () => {
    for (const user of ["admin", "demo", "ro"] as const) {
      expect(await cloud.openstackJson(["token", "issue"], user)).toMatchObject({ id: expect.any(String) as string });
    }
    const secure = ["--os-auth-url", cloud.secureAuthUrl, "token", "issue"];
    expect(await cloud.openstack(["--os-cacert", "/srv/cloud/ca.pem", ...secure])).toMatchObject({ code: 0 });
    expect((await cloud.openstack(secure)).stderr).toContain("CERTIFICATE_VERIFY_FAILED");
  });

  it("keeps one of two equal rules of a security group, and lets a reader write none", async () => {
    const rule = ["security", "group", "rule"];
    const create = [...rule, "create", "--protocol", "tcp", "--dst-port", "22", "--remote-ip", "203.245.13.207", "web"];
    expect(await cloud.openstack(["security", "group", "create", "web"])).toMatchObject({ code: 0 });
    expect((await cloud.openstack(create, "ro")).code).toBe(1);
    expect(await cloud.openstackJson(create)).toMatchObject({ remote_ip_prefix: "203.245.13.207/32" });
    const again = await cloud.openstack(create);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("ConflictException: 409");
    const listed = await cloud.openstackJson([...rule, "list", "--ingress", "web"], "ro");
    expect(listed).toMatchObject([{ "IP Protocol": "tcp", "IP Range": "203.245.13.207/32", "Port Range": "22:22" }]);
    const elsewhere = await cloud.openstack(["--os-region-name", "RegionTwo", ...rule, "list", "web"]);
    expect(elsewhere.stderr).toContain("No SecurityGroup found for web");
  });

  it("has servers with addresses, metadata, zones and groups, each in its project", async () => {
    const [web] = await cloud.addServers([
      {
        name: "web1",
        zone: "az1",
        metadata: { role: "web" },
        security_groups: ["default"],
        addresses: [{ network: "inside", address: "10.0.0.5", floating: "203.0.113.5" }],
      },
      { name: "db1", status: "SHUTOFF", flavor: "m1.large" },
      { name: "other", project: "admin" },
    ]);
    const listed = await cloud.openstackJson(["server", "list", "-n", "--long", "--sort-column", "Name"]);
    expect(listed).toMatchObject([
      { Name: "db1", Status: "SHUTOFF", "Flavor ID": "m1.large", Networks: {}, "Availability Zone": "nova" },
      {
        ID: web?.id,
        Name: "web1",
        Status: "ACTIVE",
        "Flavor ID": "m1.small",
        Networks: { inside: ["10.0.0.5", "203.0.113.5"] },
        "Availability Zone": "az1",
        Properties: { role: "web" },
      },
    ]);
    expect(listed).toHaveLength(2);
    const shown = await cloud.openstackJson(["server", "show", "web1"]);
    expect(shown).toMatchObject({ security_groups: [{ name: "default" }] });
  });

  it("is as it was seeded after a reset", async () => {
    await cloud.reset();
    expect(await cloud.openstackJson(["security", "group", "list"])).toMatchObject([{ Name: "default" }]);
    expect(await cloud.openstackJson(["server", "list", "-n", "--all-projects"], "admin")).toEqual([]);
  });
});
