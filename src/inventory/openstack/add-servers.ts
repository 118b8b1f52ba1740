import type { CloudServer } from "../../cloud/cloud.ts";
import type { PlainMap } from "../../vars/value.ts";
import { createConstructor } from "../constructed.ts";
import { hostNameProblem } from "../host-name.ts";
import type { InventoryBuilder } from "../inventory-builder.ts";
import { defaultUser, type KnownImage } from "./default-user.ts";
import { addressOf, serverFacts } from "./server-facts.ts";
import { serverGroups } from "./server-groups.ts";
import type { OpenStackSource } from "./source-options.ts";

/** A server, where it was found, and what is known of its image. */
export interface FoundServer {
  readonly server: CloudServer;
  readonly cloud: string;
  readonly region: string | undefined;
  readonly image: KnownImage | undefined;
}

/** Adds servers as hosts: with their names, and with their ids where two have one name or it cannot be a host's. */
export const addServers = (
  servers: readonly FoundServer[],
  source: OpenStackSource,
  builder: InventoryBuilder,
): void => {
  const counts = new Map<string, number>();
  for (const { server } of servers) counts.set(server.name, (counts.get(server.name) ?? 0) + 1);
  const constructor = createConstructor(source.constructed, builder);
  for (const found of servers) {
    const { server, image } = found;
    if (server.addresses.length === 0 && !source.showAll) continue;
    const isNamed =
      source.hostname === "name" && counts.get(server.name) === 1 && hostNameProblem(server.name) === undefined;
    const host = isNamed ? server.name : server.id;
    const facts = serverFacts(server, found);
    const vars = constructor.compose(host, { ...addressVars(server, source), openstack: facts });
    builder.addHost(host, "all", undefined);
    for (const [name, value] of Object.entries(vars)) builder.setHostVar(host, name, value, undefined);
    constructor.group(host, vars);
    if (source.legacyGroups) for (const group of serverGroups(server, facts)) builder.addToFoundGroup(host, group);
    const user = source.defaultUsers && image !== undefined ? defaultUser(image) : undefined;
    if (user !== undefined) addUserGroup(host, user, builder);
  }
};

const addressVars = (server: CloudServer, source: OpenStackSource): PlainMap => {
  const address = source.useNames ? server.name : addressOf(server, source);
  return address === undefined ? {} : { ansible_host: address, ansible_ssh_host: address };
};

/** As a group's variable, which weighs less than all that people write in group_vars. */
const addUserGroup = (host: string, user: string, builder: InventoryBuilder): void => {
  const group = `image_user_${user}`;
  builder.addToFoundGroup(host, group);
  builder.setGroupVar(group, "ansible_user", user, undefined);
};
