import type { SecurityGroup } from "../../cloud/cloud.ts";
import type { ControllerModule, ControllerResult } from "../module.ts";
import { refused } from "../openstack-options.ts";
import { type CloudGroupArguments, cloudGroupSchema, cloudGroupReturns } from "./cloud_group.schema.ts";

/** Finds the security group by which a server is reached. */
export const cloudGroup: ControllerModule<CloudGroupArguments> = {
  runs: "controller",
  name: "latchkey.access.cloud_group",
  summary: "Finds the security group of a cloud's server that a rule has to go into.",
  schema: cloudGroupSchema,
  rules: { oneOf: [["server", "security_group"]] },
  run: async ({ provider, cloud: name, region, server, security_group: wanted }, context) => {
    const cloud = await context.cloud({
      provider,
      ...(name === undefined ? {} : { cloud: name }),
      ...(region === undefined ? {} : { region }),
    });
    if (!cloud.ok) return refused(cloud.error);
    if (server === undefined) {
      const group = await cloud.value.findGroup(wanted ?? "");
      return group.ok ? told(group.value) : refused(group.error);
    }
    const groups = await cloud.value.groupsOfServer(server);
    return groups.ok ? choose(groups.value, server, wanted) : refused(groups.error);
  },
  returns: cloudGroupReturns,
  examples: `
- name: Find the group that the rule goes into
  latchkey.access.cloud_group:
    server: web-1
  delegate_to: localhost
  register: group
`,
};

/** A rule in a group that the server does not have would open nothing. */
const choose = (groups: readonly SecurityGroup[], server: string, wanted: string | undefined): ControllerResult => {
  const byId = groups.filter(({ id }) => id === wanted);
  const meant = wanted === undefined ? groups : byId.length > 0 ? byId : groups.filter(({ name }) => name === wanted);
  const [only, ...others] = meant;
  if (only !== undefined && others.length === 0) return told(only);
  const list = groups.map(({ id, name }) => `${name} (${id})`).join(", ");
  const has = groups.length === 0 ? "it has none" : `it has ${list}`;
  const message =
    wanted === undefined
      ? `server "${server}" does not have one security group alone: ${has}`
      : `server "${server}" does not have one security group "${wanted}": ${has}`;
  return refused({
    kind: "module",
    message,
    hint: groups.length === 0 ? "Without a group no firewall of the cloud is in its way." : "Name one by its id.",
  });
};

const told = ({ id, name }: SecurityGroup): ControllerResult => ({ outcome: "ok", fields: { id, name } });
