import { describe, expect, it } from "vitest";
import { type Answer, demoAuth, fakeOpenStack } from "../../../test/helpers/fake-openstack.ts";
import type { Cloud, WantedRule } from "../cloud.ts";
import { openCloud } from "../open-cloud.ts";
import type { HttpRequest } from "./http.ts";

const path = "/network/v2.0/security-group-rules";
const wanted: WantedRule = {
  group: "g1",
  direction: "ingress",
  family: "IPv4",
  protocol: "tcp",
  ports: { min: 22, max: 22 },
  remotePrefix: "203.245.13.207",
  description: "Vendor support ops-7",
};
const there = {
  id: "r1",
  security_group_id: "g1",
  direction: "ingress",
  ethertype: "IPv4",
  protocol: "tcp",
  port_range_min: 22,
  port_range_max: 22,
  remote_ip_prefix: "203.245.13.207/32",
  description: "Vendor support ops-7",
  created_at: "2026-11-23T10:15:00Z",
};
const listed = (...rules: readonly object[]): Answer => ({ json: { security_group_rules: rules } });
const made = (rule: object = {}): Answer => ({ status: 201, json: { security_group_rule: { ...there, ...rule } } });
const neutron = (type: string, message = "no"): Answer => ({
  status: 409,
  json: { NeutronError: { type, message, detail: "" } },
});

/** A cloud that gives these lists, and these answers to what is to be made, each in turn. */
const cloudOf = (
  lists: readonly Answer[],
  posts: readonly Answer[],
  deletes: readonly Answer[] = [{ status: 204 }],
) => {
  const left = { GET: [...lists], POST: [...posts], DELETE: [...deletes] };
  const fake = fakeOpenStack((request: HttpRequest, asked) =>
    asked.startsWith(path) ? (left[request.method].shift() ?? { status: 418 }) : undefined,
  );
  const cloud = openCloud({ provider: "openstack", auth: demoAuth }, fake.io);
  if (!cloud.ok) throw new Error(cloud.error.message);
  const calls = () => fake.asked.slice(1).map((line) => line.replace(path, "").replace(/\?.*/, ""));
  return { cloud: cloud.value, calls };
};

const open = (cloud: Cloud, check = false) => cloud.openRule(wanted, { check });

describe("openRule", () => {
  it("looks first, makes the rule, and looks again", async () => {
    const { cloud, calls } = cloudOf([listed(), listed(there)], [made()]);
    expect(await open(cloud)).toMatchObject({ value: { isNew: true, rule: { id: "r1" } } });
    expect(calls()).toEqual(["GET ", "POST ", "GET "]);
  });

  it.each([
    ["as it is", {}],
    ["with bits behind the mask", { remote_ip_prefix: "203.245.13.207" }],
    ["by the protocol's number", { protocol: "6" }],
    ["of somebody else's", { description: "mine" }],
  ])("leaves an equal rule alone: %s", async (_what, own) => {
    const { cloud, calls } = cloudOf([listed({ ...there, ...own })], []);
    expect(await open(cloud)).toMatchObject({ value: { isNew: false, rule: { id: "r1" } } });
    expect(calls()).toEqual(["GET "]);
  });

  it.each([
    { remote_ip_prefix: "203.245.13.0/24" },
    { remote_ip_prefix: null },
    { port_range_max: 23 },
    { protocol: "udp" },
    { direction: "egress" },
    { ethertype: "IPv6" },
    { remote_group_id: "g2" },
  ])("does not take another one for equal: %j", async (own) => {
    const { cloud } = cloudOf([listed({ ...there, ...own, id: "r0" }), listed(there)], [made()]);
    expect(await open(cloud)).toMatchObject({ value: { isNew: true, rule: { id: "r1" } } });
  });

  it("only looks in a dry run", async () => {
    const { cloud, calls } = cloudOf([listed()], []);
    expect(await open(cloud, true)).toEqual({ ok: true, value: { isNew: true } });
    expect(calls()).toEqual(["GET "]);
  });

  it("takes a 409 of one type alone for a rule that is there, and then it is not ours", async () => {
    const exists = neutron("SecurityGroupRuleExists");
    const { cloud } = cloudOf([listed(), listed(there)], [exists]);
    expect(await open(cloud)).toMatchObject({ value: { isNew: false, rule: { id: "r1" } } });
    const id = "0455015b-e390-4a73-b4ce-58f20d51c3ef";
    const named = neutron("SecurityGroupRuleExists", `Security group rule already exists. Rule id is ${id}.`);
    const other = cloudOf([listed(), listed(), listed({ ...there, id, protocol: "any" })], [named]);
    expect(await open(other.cloud)).toMatchObject({ value: { isNew: false, rule: { id } } });
    const full = cloudOf([listed()], [neutron("OverQuota", "Quota exceeded for resources: ['security_group_rule'].")]);
    expect(await open(full.cloud)).toMatchObject({
      ok: false,
      error: { type: "OverQuota", message: expect.stringContaining("Quota exceeded") as string },
    });
  });

  it("finds the rule whose answer was lost, and knows it for its own by the description", async () => {
    const lost = cloudOf([listed(), listed(there)], [{ fault: "lost" }]);
    expect(await open(lost.cloud)).toMatchObject({ value: { isNew: true, rule: { id: "r1" } } });
    const others = cloudOf([listed(), listed({ ...there, description: "theirs" })], [{ status: 502 }]);
    expect(await open(others.cloud)).toMatchObject({ value: { isNew: false } });
    const again = cloudOf([listed(), listed(), listed(there)], [{ fault: "lost" }, neutron("SecurityGroupRuleExists")]);
    expect(await open(again.cloud)).toMatchObject({ value: { isNew: true, rule: { id: "r1" } } });
    const never = cloudOf(
      [listed(), listed(), listed(), listed()],
      [{ status: 502 }, { status: 502 }, { status: 502 }],
    );
    expect(await open(never.cloud)).toMatchObject({ ok: false, error: { status: 502 } });
  });

  it("keeps the first of twins, and takes its own away where it is the other", async () => {
    const elder = { ...there, id: "r2", created_at: "2026-11-23T10:14:59Z" };
    const { cloud, calls } = cloudOf([listed(), listed(there, elder)], [made()]);
    expect(await open(cloud)).toMatchObject({ value: { isNew: false, rule: { id: "r2" } } });
    expect(calls()).toEqual(["GET ", "POST ", "GET ", "DELETE /r1"]);
    const younger = { ...there, id: "r2" };
    const first = cloudOf([listed(), listed(younger, there)], [made()]);
    expect(await open(first.cloud)).toMatchObject({ value: { isNew: true, rule: { id: "r1" } } });
    expect(first.calls()).toEqual(["GET ", "POST ", "GET "]);
  });

  it("does not lose a rule that it made, whatever comes after", async () => {
    const elder = { ...there, id: "r2", created_at: "2026-11-23T10:14:59Z" };
    const stuck = cloudOf([listed(), listed(there, elder)], [made()], [{ status: 403 }]);
    expect(await open(stuck.cloud)).toMatchObject({ value: { isNew: true, rule: { id: "r1" } } });
    const blind = cloudOf([listed(), { status: 404 }], [made()]);
    expect(await open(blind.cloud)).toMatchObject({ value: { isNew: true, rule: { id: "r1" } } });
  });
});

describe("closeRule", () => {
  it.each<[Answer, unknown]>([
    [{ status: 204 }, { ok: true, value: "closed" }],
    [{ status: 404 }, { ok: true, value: "gone" }],
    [{ status: 403 }, { ok: false }],
  ])("after %j", async (answer, expected) => {
    const { cloud } = cloudOf([], [], [answer]);
    expect(await cloud.closeRule("r1")).toMatchObject(expected as object);
  });
});

describe("findGroup and groupsOfServer", () => {
  const at = (answers: Readonly<Record<string, unknown>>) => {
    const fake = fakeOpenStack((_request, asked) => {
      const found = Object.entries(answers).find(([start]) => asked.startsWith(start));
      return found === undefined ? undefined : { json: found[1] };
    });
    const cloud = openCloud({ provider: "openstack", auth: demoAuth }, fake.io);
    if (!cloud.ok) throw new Error(cloud.error.message);
    return cloud.value;
  };
  const groups = "/network/v2.0/security-groups";

  it("tells the ids of several groups of one name", async () => {
    const two = [
      { id: "a", name: "web" },
      { id: "b", name: "web" },
    ];
    const cloud = at({ [`${groups}?id=web`]: { security_groups: [] }, [groups]: { security_groups: two } });
    expect(await cloud.findGroup("web")).toMatchObject({
      error: { message: 'cloud "task" has several security groups "web": a, b' },
    });
  });

  it("finds the groups of a server by its ports, each once", async () => {
    const cloud = at({
      "/compute/v2.1/servers?name=%5Eweb.1%24": {
        servers: [
          { id: "s1", name: "web.1" },
          { id: "s2", name: "webx1" },
        ],
      },
      "/network/v2.0/ports?device_id=s1": {
        ports: [{ security_groups: ["a", "b"] }, { security_groups: ["a"] }],
      },
      [`${groups}?id=a&id=b`]: {
        security_groups: [
          { id: "a", name: "web" },
          { id: "b", name: "db" },
        ],
      },
    });
    expect(await cloud.groupsOfServer("web.1")).toEqual({
      ok: true,
      value: [
        { id: "a", name: "web" },
        { id: "b", name: "db" },
      ],
    });
  });
});
