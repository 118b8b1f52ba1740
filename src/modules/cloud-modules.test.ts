import { describe, expect, it } from "vitest";
import { untoldKeys } from "../../test/shell/returned-keys.ts";
import type { Cloud, CloudOptions, CloudRule, SecurityGroup, WantedRule } from "../cloud/cloud.ts";
import { err, ok } from "../util/result.ts";
import type { PlainMap } from "../vars/value.ts";
import { coerceArguments } from "./arguments.ts";
import type { ControllerContext, ControllerResult } from "./module.ts";
import { findModule } from "./registry.ts";

const details = { id: "r1", security_group_id: "sg", ethertype: "IPv4", protocol: "tcp", port_range_min: 22 };
const rule: CloudRule = {
  group: "sg",
  direction: "ingress",
  family: "IPv4",
  id: "r1",
  description: "",
  details: { ...details, port_range_max: 22, direction: "ingress", description: "", remote_ip_prefix: null },
};

/** A cloud with one rule, which remembers what it was asked for. */
const cloudWith = (own: Partial<Cloud> = {}) => {
  const asked: unknown[] = [];
  const chosen: CloudOptions[] = [];
  const cloud: Cloud = {
    place: async () => err({ kind: "module", message: "not asked" }),
    findGroup: async (name, project) => {
      asked.push(["group", name, ...(project === undefined ? [] : [project])]);
      return ok({ id: `id-${name}`, name, project: "p1" });
    },
    groupsOfServer: async () => ok([]),
    openRule: async (wanted: WantedRule, { check }) => {
      asked.push(["open", wanted, check]);
      return ok(check ? { isNew: true } : { isNew: true, rule });
    },
    closeRule: async (id) => {
      asked.push(["close", id]);
      return ok("closed");
    },
    findRules: async (filter) => {
      asked.push(["find", filter]);
      return ok([rule]);
    },
    listServers: async () => ok([]),
    ...own,
  };
  const call = async (name: string, args: PlainMap, check = false): Promise<ControllerResult> => {
    const module = await findModule(name)?.load();
    if (module?.runs !== "controller") throw new Error(`${name} is no module of the controller`);
    const made = coerceArguments(module, args);
    if (!made.ok) return { outcome: "failed", fields: { msg: made.error } };
    const context: Pick<ControllerContext, "cloud" | "check"> = {
      check,
      cloud: async (options) => {
        chosen.push(options);
        return ok(cloud);
      },
    };
    const result = await module.run(made.value as never, context as ControllerContext);
    expect(untoldKeys(module, result.fields)).toEqual([]);
    return result;
  };
  return { call, asked, chosen };
};

const name = "openstack.cloud.security_group_rule";
const ssh = { security_group: "web", protocol: "tcp", port_range_min: 22, port_range_max: "22" };

describe("security_group_rule", () => {
  it("opens a rule, in the words of any cloud, and returns Ansible's keys", async () => {
    const { call, asked, chosen } = cloudWith();
    const login = { cloud: "c", region_name: "R", verify: false, cacert: "ca.pem", api_timeout: 5 };
    const args = {
      ...ssh,
      ...login,
      remote_ip_prefix: "2001:db8::1",
      ethertype: "IPv6",
      description: "d",
      project: "p",
    };
    const result = await call(name, args);
    expect(result).toMatchObject({
      outcome: "changed",
      fields: { id: "r1", rule: { id: "r1", ether_type: "IPv4", port_range_max: 22, tags: [], updated_at: null } },
    });
    expect(asked).toEqual([
      ["group", "web", "p"],
      [
        "open",
        {
          group: "id-web",
          project: "p1",
          direction: "ingress",
          family: "IPv6",
          protocol: "tcp",
          ports: { min: 22, max: 22 },
          remotePrefix: "2001:db8::1",
          description: "d",
        },
        false,
      ],
    ]);
    expect(chosen).toEqual([
      { provider: "openstack", cloud: "c", region: "R", verify: false, caFile: "ca.pem", requestMs: 5000 },
    ]);
  });

  it("takes any for every protocol, -1 for every port, and a group as the other side", async () => {
    const { call, asked } = cloudWith();
    const all = { security_group: "web", protocol: "any", port_range_min: -1, port_range_max: -1, remote_group: "db" };
    expect(await call(name, { ...all, direction: "egress" }, true)).toEqual({ outcome: "changed", fields: {} });
    expect(asked.at(-1)).toEqual([
      "open",
      { group: "id-web", remoteGroup: "id-db", direction: "egress", family: "IPv4" },
      true,
    ]);
  });

  it("closes the rules that are equal, and in a dry run none", async () => {
    const { call, asked } = cloudWith();
    expect(await call(name, { ...ssh, state: "absent" }, true)).toEqual({ outcome: "changed", fields: {} });
    expect(asked.at(-1)).toMatchObject(["find", { group: "id-web", equal: { protocol: "tcp" } }]);
    expect(await call(name, { ...ssh, state: "absent" })).toEqual({ outcome: "changed", fields: {} });
    expect(asked.at(-1)).toEqual(["close", "r1"]);
    const nothing = cloudWith({ findRules: async () => ok([]) });
    expect(await nothing.call(name, { ...ssh, state: "absent" })).toEqual({ outcome: "ok", fields: {} });
  });

  it.each<[PlainMap, string]>([
    [{ remote_ip_prefix: "web" }, "no network"],
    [{ remote_ip_prefix: "2001:db8::/32" }, "is of IPv6"],
    [{ remote_ip_prefix: "10.0.0.0/8", remote_group: "db" }, "mutually exclusive"],
    [{ port_range_max: 21 }, "above"],
    [{ client_cert: "x" }, "client_cert"],
    [{ cloud: { auth: {} } }, "cloud"],
  ])("refuses %j", async (own, message) => {
    const { call, asked } = cloudWith();
    expect(await call(name, { ...ssh, ...own })).toMatchObject({
      outcome: "failed",
      fields: { msg: expect.stringContaining(message) as string },
    });
    expect(asked).toEqual([]);
  });

  it("says what the cloud said", async () => {
    const openRule: Cloud["openRule"] = async () => err({ kind: "module", message: "no", hint: "Ask for more." });
    const { call } = cloudWith({ openRule });
    expect(await call(name, ssh)).toEqual({ outcome: "failed", fields: { msg: "no. Ask for more." } });
  });
});

describe("security_group_rule_info", () => {
  const info = `${name}_info`;
  it.each<[PlainMap, number]>([
    [{}, 1],
    [{ protocol: "tcp", port_range_min: 22, port_range_max: 22, direction: "ingress", ethertype: "IPv4" }, 1],
    [{ protocol: "any" }, 0],
    [{ port_range_min: 23 }, 0],
    [{ remote_ip_prefix: "10.0.0.0/8" }, 0],
    [{ description: "mine" }, 0],
  ])("lists the rules that fit %j", async (args, count) => {
    const { fields } = await cloudWith().call(info, args);
    expect(fields["security_group_rules"]).toHaveLength(count);
  });

  it("asks for a rule or a group by its id", async () => {
    const { call, asked } = cloudWith();
    await call(info, { rule: "r1", security_group: "web" });
    expect(asked.at(-1)).toEqual(["find", { id: "r1", group: "id-web" }]);
  });
});

describe("cloud_group", () => {
  const group = "latchkey.access.cloud_group";
  const of = (...groups: readonly SecurityGroup[]) => cloudWith({ groupsOfServer: async () => ok(groups) });
  const [web, db, other] = [
    { id: "a", name: "web" },
    { id: "b", name: "db" },
    { id: "c", name: "web" },
  ];

  it("takes the one of a server, or the one that is named", async () => {
    expect(await of(web).call(group, { server: "s" })).toEqual({ outcome: "ok", fields: web });
    expect(await of(web, db).call(group, { server: "s", security_group: "db" })).toMatchObject({ fields: db });
    expect(await of(web, other).call(group, { server: "s", security_group: "c" })).toMatchObject({ fields: other });
    expect(await cloudWith().call(group, { security_group: "x" })).toMatchObject({ fields: { id: "id-x" } });
  });

  it.each<[readonly SecurityGroup[], PlainMap, string]>([
    [[], {}, 'server "s" does not have one security group alone: it has none'],
    [[web, db], {}, "it has web (a), db (b). Name one by its id."],
    [[web, other], { security_group: "web" }, 'not have one security group "web": it has web (a), web (c)'],
    [[web], { security_group: "db" }, 'not have one security group "db": it has web (a)'],
  ])("says of %j what there is", async (groups, args, message) => {
    expect(await of(...groups).call(group, { server: "s", ...args })).toMatchObject({
      outcome: "failed",
      fields: { msg: expect.stringContaining(message) as string },
    });
  });

  it("wants one of the two", async () => {
    expect(await cloudWith().call(group, {})).toMatchObject({ outcome: "failed" });
  });
});
