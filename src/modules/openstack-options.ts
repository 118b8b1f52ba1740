import type { Cloud, CloudOptions, CloudRule } from "../cloud/cloud.ts";
import type { Failure } from "../util/failure.ts";
import type { PlainMap } from "../vars/value.ts";
import type { ControllerResult, ReturnedValues } from "./module.ts";

/** The options that all modules of openstack.cloud share: which cloud, and how to come in. */
export const openstackOptions = {
  cloud: {
    type: "string",
    description: "The cloud's name in clouds.yaml. Without it OS_CLOUD, the OS_* variables, or the only cloud there.",
  },
  auth: {
    type: "object",
    description:
      "What the login needs (auth_url, username, password, project_name …), over what clouds.yaml has for it. In a grant it is refused: the revoke has to find the cloud again.",
  },
  auth_type: {
    type: "string",
    description: "The kind of login: password, token or v3applicationcredential; by default by what auth has.",
  },
  region_name: { type: "string", description: "The region." },
  wait: { type: "boolean", default: true, description: "Without effect: a rule is there at once." },
  timeout: { type: "integer", default: 180, description: "Without effect: a rule is there at once." },
  api_timeout: { type: "integer", description: "The limit of one request in seconds (30 where nothing says another)." },
  validate_certs: { type: "boolean", description: "Whether certificates are checked." },
  ca_cert: { type: "string", description: "A file of the controller with certificate authorities." },
  interface: {
    type: "string",
    enum: ["admin", "internal", "public"],
    description: "Which of a service's addresses in the catalogue is used (public by default).",
  },
} as const;

/** Their other names. */
export const openstackAliases: Readonly<Record<string, string>> = {
  verify: "validate_certs",
  cacert: "ca_cert",
  endpoint_type: "interface",
};

/** The values of these options. */
export interface OpenStackArguments {
  readonly cloud?: string;
  readonly auth?: object;
  readonly auth_type?: string;
  readonly region_name?: string;
  readonly api_timeout?: number;
  readonly validate_certs?: boolean;
  readonly ca_cert?: string;
  readonly interface?: string;
}

/** What they say, in the words of the interface to clouds. */
export const cloudOptions = (args: OpenStackArguments): CloudOptions => ({
  provider: "openstack",
  ...(args.cloud === undefined ? {} : { cloud: args.cloud }),
  // What a task says is plain data.
  ...(args.auth === undefined ? {} : { auth: args.auth as PlainMap }),
  ...(args.auth_type === undefined ? {} : { authType: args.auth_type }),
  ...(args.region_name === undefined ? {} : { region: args.region_name }),
  ...(args.api_timeout === undefined ? {} : { requestMs: args.api_timeout * 1000 }),
  ...(args.validate_certs === undefined ? {} : { verify: args.validate_certs }),
  ...(args.ca_cert === undefined ? {} : { caFile: args.ca_cert }),
  ...(args.interface === undefined ? {} : { interface: args.interface }),
});

/** The result of a module whose cloud did not do what it asked. */
export const refused = ({ message, hint }: Failure): ControllerResult => ({
  outcome: "failed",
  fields: { msg: hint === undefined ? message : `${message}. ${hint}` },
});

/** A rule in the keys that Ansible's modules return. */
export const ruleFields = ({ details }: CloudRule): PlainMap => {
  const get = (name: string): PlainMap[string] => details[name] ?? null;
  return {
    created_at: get("created_at"),
    description: get("description"),
    direction: get("direction"),
    ether_type: get("ethertype"),
    id: get("id"),
    name: get("name"),
    port_range_max: get("port_range_max"),
    port_range_min: get("port_range_min"),
    project_id: get("project_id"),
    protocol: get("protocol"),
    remote_address_group_id: get("remote_address_group_id"),
    remote_group_id: get("remote_group_id"),
    remote_ip_prefix: get("remote_ip_prefix"),
    revision_number: get("revision_number"),
    security_group_id: get("security_group_id"),
    tags: details["tags"] ?? [],
    tenant_id: get("tenant_id"),
    updated_at: get("updated_at"),
  };
};

/** The same keys, told. */
export const ruleReturns: ReturnedValues = {
  created_at: { description: "When it was made.", type: "string" },
  description: { description: "Its description.", type: "string" },
  direction: { description: "ingress or egress.", type: "string" },
  ether_type: { description: "IPv4 or IPv6.", type: "string" },
  id: { description: "Its id.", type: "string" },
  name: { description: "Its name, or null.", type: "string" },
  port_range_max: { description: "The last port, or null.", type: "integer" },
  port_range_min: { description: "The first port, or null.", type: "integer" },
  project_id: { description: "The project's id.", type: "string" },
  protocol: { description: "The protocol, or null.", type: "string" },
  remote_address_group_id: { description: "The address group that is let in, or null.", type: "string" },
  remote_group_id: { description: "The group that is let in, or null.", type: "string" },
  remote_ip_prefix: { description: "The network that is let in, or null.", type: "string" },
  revision_number: { description: "How often it was changed.", type: "integer" },
  security_group_id: { description: "The id of its group.", type: "string" },
  tags: { description: "Its tags.", type: "array" },
  tenant_id: { description: "The project's id.", type: "string" },
  updated_at: { description: "When it was last changed.", type: "string" },
};

/** The groups that a task names, by their ids. */
export const findGroups = async (
  cloud: Cloud,
  { group, remote, project }: { readonly group?: string; readonly remote?: string; readonly project?: string },
) => {
  const find = async (name: string | undefined, of?: string) =>
    name === undefined ? undefined : cloud.findGroup(name, of);
  const found = await find(group, project);
  if (found?.ok === false) return found;
  const other = await find(remote);
  if (other?.ok === false) return other;
  return { ok: true as const, value: { group: found?.value, remote: other?.value } };
};
