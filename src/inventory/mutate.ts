import type { PlainMap } from "../vars/value.ts";
import { groupTree } from "./group-tree.ts";
import type { Group, Host, Inventory } from "./inventory.ts";
import { OverlayMap } from "./overlay-map.ts";

/** The inventory with a host, its groups and variables added (`add_host`); the same one where nothing is new. */
export const addHost = (inventory: Inventory, name: string, groups: readonly string[], vars: PlainMap): Inventory => {
  const known = inventory.hosts.get(name);
  const host: Host = known ?? { name, vars: {}, groups: [] };
  const isNewValue = ([key, value]: readonly [string, unknown]): boolean =>
    !Object.hasOwn(host.vars, key) || JSON.stringify(host.vars[key]) !== JSON.stringify(value);
  let changed = inventory;
  if (known === undefined || Object.entries(vars).some(isNewValue)) {
    changed = withHost(changed, { ...host, vars: { ...host.vars, ...vars } });
  }
  const wanted = groups.length > 0 ? groups : known === undefined ? ["ungrouped"] : [];
  return wanted.reduce((result, group) => addToGroup(result, name, group, []), changed);
};

/**
 * The inventory with a host in a group, and the group below its parents (`group_by`); the same one where nothing is
 * new. Groups that do not exist are made; a parent that stands below the group stays where it is.
 */
export const addToGroup = (
  inventory: Inventory,
  host: string,
  group: string,
  parents: readonly string[],
): Inventory => {
  let changed = withGroup(inventory, group);
  for (const parent of parents) changed = withChild(withGroup(changed, parent), parent, group);
  const known = changed.hosts.get(host);
  if (known === undefined || known.groups.includes(group)) return changed;
  if (group === "ungrouped" && known.groups.length > 0) return changed;
  changed = withMember(changed, group, host);
  if (group !== "ungrouped" && known.groups.includes("ungrouped")) changed = withoutMember(changed, "ungrouped", host);
  const groups = [...known.groups.filter((name) => name !== "ungrouped" || group === "ungrouped"), group];
  return withHost(changed, { ...known, groups });
};

const withHost = (inventory: Inventory, host: Host): Inventory => ({
  ...inventory,
  hosts: OverlayMap.with(inventory.hosts, host.name, host),
});

const putGroup = (inventory: Inventory, group: Group): Inventory => ({
  ...inventory,
  groups: OverlayMap.with(inventory.groups, group.name, group),
});

const groupOf = (inventory: Inventory, name: string): Group =>
  inventory.groups.get(name) ?? { name, hosts: [], children: [], vars: {} };

/** A new group is a child of `all`. */
const withGroup = (inventory: Inventory, name: string): Inventory =>
  inventory.groups.has(name) ? inventory : withChild(putGroup(inventory, groupOf(inventory, name)), "all", name);

const withChild = (inventory: Inventory, parent: string, child: string): Inventory => {
  const group = groupOf(inventory, parent);
  if (parent === child || group.children.includes(child)) return inventory;
  if (groupTree(inventory).isBelow(parent, child)) return inventory;
  return putGroup(inventory, { ...group, children: [...group.children, child] });
};

const withMember = (inventory: Inventory, name: string, host: string): Inventory => {
  const group = groupOf(inventory, name);
  return putGroup(inventory, { ...group, hosts: group.hosts.concat(host) });
};

const withoutMember = (inventory: Inventory, name: string, host: string): Inventory => {
  const group = groupOf(inventory, name);
  return putGroup(inventory, { ...group, hosts: group.hosts.filter((other) => other !== host) });
};
