import { err, ok, type Result } from "../../util/result.ts";
import type { PlainMap } from "../../vars/value.ts";
import type { Cloud, CloudServer, SecurityGroup, ServerAddress } from "../cloud.ts";
import { type CloudFailure, createClient, type ClientIo, type OpenStackClient } from "./client.ts";
import type { OpenStackConfig } from "./config.ts";
import { listOf, mapOf, textOf } from "./json.ts";
import { closeRule, findRules, openRule } from "./rules.ts";

/** An OpenStack cloud: Keystone v3, Neutron 2.0, and Nova where servers are asked for. */
export interface OpenStackCloud extends Cloud {
  /** For what only OpenStack has. */
  readonly client: OpenStackClient;
}

/** Creates one; nothing is asked before it is needed. */
export const createOpenStack = (config: OpenStackConfig, io: ClientIo): OpenStackCloud => {
  const client = createClient(config, io);
  return {
    client,
    place: async () => {
      const project = await client.project();
      if (!project.ok) return project;
      const { name, authUrl, region } = config;
      const place = { provider: "openstack" as const, cloud: name, url: authUrl, project: project.value };
      return ok(region === undefined ? place : { ...place, region });
    },
    findGroup: (nameOrId, project) => findGroup(client, nameOrId, project),
    groupsOfServer: (nameOrId) => groupsOfServer(client, nameOrId),
    openRule: (wanted, options) => openRule(client, wanted, options),
    closeRule: (id) => closeRule(client, id),
    findRules: (filter) => findRules(client, filter),
    listServers: ({ allProjects } = { allProjects: false }) => listServers(client, allProjects),
  };
};

const fail = (message: string, hint?: string): Result<never, CloudFailure> =>
  err({ kind: "module", message, ...(hint === undefined ? {} : { hint }) });

const findGroup = async (
  client: OpenStackClient,
  nameOrId: string,
  project?: string,
): Promise<Result<SecurityGroup, CloudFailure>> => {
  const owner = project === undefined ? ok(undefined) : await findProject(client, project);
  if (!owner.ok) return owner;
  const of = owner.value === undefined ? [] : [["project_id", owner.value] as const];
  // An id wins over a name, as it does everywhere in OpenStack; a name may be given twice.
  for (const key of ["id", "name"] as const) {
    const query = [[key, nameOrId] as const, ...of];
    const found = await client.list("network", "/security-groups", "security_groups", { query });
    if (!found.ok) return found;
    const groups = found.value.map(toGroup);
    const [first, ...others] = groups;
    if (first === undefined) continue;
    if (others.length === 0) return ok(first);
    return fail(
      `cloud "${client.config.name}" has several security groups "${nameOrId}": ${groups.map(({ id }) => id).join(", ")}`,
      "Name the one that is meant by its id.",
    );
  }
  return fail(
    `cloud "${client.config.name}" has no security group "${nameOrId}" in this project`,
    "See `openstack security group list`.",
  );
};

const toGroup = ({ id, name, project_id: owner }: PlainMap): SecurityGroup => {
  const project = textOf(owner);
  return { id: textOf(id) ?? "", name: textOf(name) ?? "", ...(project === undefined ? {} : { project }) };
};

/** Among those that the user may use; whoever may see all of them finds the others as well. */
const findProject = async (client: OpenStackClient, nameOrId: string): Promise<Result<string, CloudFailure>> => {
  const own = await client.project();
  if (!own.ok || own.value === nameOrId) return own;
  for (const path of ["/auth/projects", "/projects"]) {
    const found = await client.list("identity", path, "projects");
    if (!found.ok) return found;
    const ids = found.value
      .filter(({ id, name }) => id === nameOrId || name === nameOrId)
      .map(({ id }) => textOf(id) ?? "");
    if (ids.length === 1) return ok(ids[0] ?? "");
    if (ids.length > 1) return fail(`there are several projects "${nameOrId}": ${ids.join(", ")}`, "Give the id.");
  }
  return fail(`cloud "${client.config.name}" has no project "${nameOrId}"`);
};

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Of its ports: what a server itself tells are names, and several groups may have one. */
const groupsOfServer = async (
  client: OpenStackClient,
  nameOrId: string,
): Promise<Result<readonly SecurityGroup[], CloudFailure>> => {
  const id = uuid.test(nameOrId) ? ok(nameOrId) : await findServer(client, nameOrId);
  if (!id.ok) return id;
  const ports = await client.list("network", "/ports", "ports", { query: [["device_id", id.value]] });
  if (!ports.ok) return ports;
  const of = `server "${nameOrId}" of cloud "${client.config.name}"`;
  if (ports.value.length === 0)
    return fail(`${of} has no port: there is no such server in this project, or no network`);
  const ids = [
    ...new Set(ports.value.flatMap((port) => listOf(port["security_groups"]).map((id) => textOf(id) ?? ""))),
  ];
  if (ids.length === 0) return ok([]);
  const query = ids.map((group) => ["id", group] as const);
  const groups = await client.list("network", "/security-groups", "security_groups", { query });
  return groups.ok ? ok(groups.value.map(toGroup)) : groups;
};

const findServer = async (client: OpenStackClient, name: string): Promise<Result<string, CloudFailure>> => {
  // Nova takes a name for a regular expression, in the dialect of its database.
  const pattern = `^${name.replaceAll(/[^A-Za-z0-9 _-]/g, ".")}$`;
  const found = await client.list("compute", "/servers", "servers", { query: [["name", pattern]] });
  if (!found.ok) return found;
  const ids = found.value.filter((server) => server["name"] === name).map((server) => textOf(server["id"]) ?? "");
  const of = `cloud "${client.config.name}"`;
  if (ids.length === 1) return ok(ids[0] ?? "");
  return ids.length === 0
    ? fail(`${of} has no server "${name}" in this project`, "See `openstack server list`.")
    : fail(`${of} has several servers "${name}": ${ids.join(", ")}`, "Name the one that is meant by its id.");
};

/** With a microversion that has the flavour's properties in it, where the cloud knows it. */
const listServers = async (
  client: OpenStackClient,
  allProjects: boolean,
): Promise<Result<readonly CloudServer[], CloudFailure>> => {
  const query = allProjects ? [["all_tenants", "1"] as const] : [];
  const headers = { "openstack-api-version": "compute 2.47" };
  const newer = await client.list("compute", "/servers/detail", "servers", { query, headers });
  const isOld = !newer.ok && newer.error.status === 406;
  const found = isOld ? await client.list("compute", "/servers/detail", "servers", { query }) : newer;
  return found.ok ? ok(found.value.map(toServer)) : found;
};

const toServer = (details: PlainMap): CloudServer => {
  const { id, name, status, addresses, metadata } = details;
  return {
    id: textOf(id) ?? "",
    name: textOf(name) ?? "",
    status: textOf(status) ?? "",
    addresses: Object.entries(mapOf(addresses)).flatMap(([network, list]) =>
      listOf(list).map((entry) => toAddress(network, mapOf(entry))),
    ),
    metadata: Object.fromEntries(Object.entries(mapOf(metadata)).map(([key, value]) => [key, textOf(value) ?? ""])),
    details,
  };
};

const toAddress = (network: string, entry: PlainMap): ServerAddress => ({
  network,
  address: textOf(entry["addr"]) ?? "",
  family: entry["version"] === 6 ? "IPv6" : "IPv4",
  floating: entry["OS-EXT-IPS:type"] === "floating",
});
