import { err, ok } from "../../util/result.ts";
import type { PlainMap } from "../../vars/value.ts";
import type { ControllerContext, ControllerModule, ControllerResult } from "../module.ts";
import { addHostSchema, addHostReturns } from "./add_host.schema.ts";

/** Adds a host to the inventory of this run; any other option is a variable of it. */
export const addHost: ControllerModule<PlainMap> = {
  runs: "controller",
  name: "ansible.builtin.add_host",
  summary: "Adds a host to the inventory of this run; any other option is a variable of it.",
  schema: addHostSchema,
  optionAliases: { host: "name", hostname: "name", group: "groups", groupname: "groups" },
  anyOptions: true,
  normalize: (args) => (args["name"] === "" ? err("name, host or hostname needs to be provided") : ok(args)),
  run: (args, context) => add(args, context),
  returns: addHostReturns,
  examples: `
- name: The machine that was just made
  ansible.builtin.add_host:
    name: 192.0.2.7
    groups: [fresh]
    ansible_user: debian
`,
};

const add = (args: PlainMap, context: ControllerContext): ControllerResult => {
  const { name, groups, ...others } = args;
  const { host, port } = splitPort(typeof name === "string" ? name : "");
  const hostVars: PlainMap = port === undefined ? others : { ...others, ansible_ssh_port: port };
  const wanted = (Array.isArray(groups) ? groups : [])
    .map((group) => String(group).trim())
    .filter((group) => group !== "");
  const isNew = context.addHost(host, wanted, hostVars);
  const fields = { add_host: { host_name: host, groups: wanted, host_vars: hostVars } };
  return { outcome: isNew ? "changed" : "ok", fields };
};

/** `name:22` and `[2001:db8::1]:22`; an IPv6 address without brackets has no port. */
const splitPort = (text: string): { readonly host: string; readonly port?: number } => {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host === undefined ? { host: text } : { host, port: Number(port) };
};
