import type { ValueMap } from "../vars/value.ts";
import { isImplicitHost } from "./select.ts";
import { groupTree } from "./group-tree.ts";
import type { AdjacentVars, Inventory, Places, VarsFile } from "./inventory.ts";

/** Variables of one origin, at a level of Ansible's order of precedence (3 to 10; a higher one wins). */
export interface HostLayer {
  readonly level: number;
  /** For people: a file's path, or which group or host of the inventory. */
  readonly origin: string;
  readonly values: ValueMap;
  readonly places?: Places | undefined;
}

/**
 * The variables that inventory, `group_vars` and `host_vars` give to a host, the weakest first.
 *
 * Levels: 3 groups of the inventory, 4 and 5 `group_vars/all` beside inventory and playbook, 6 and 7 the other
 * `group_vars`, 8 the host in the inventory, 9 and 10 `host_vars`. Source: "Understanding variable precedence".
 */
export const hostLayers = (
  inventory: Inventory,
  host: string,
  playbookVars: AdjacentVars | undefined,
): readonly HostLayer[] => {
  const groups = groupTree(inventory).withAncestors(inventory.hosts.get(host)?.groups ?? []);
  const playbook = playbookVars === undefined ? [] : [playbookVars];
  return [
    ...groupLayers(inventory, groups, playbook),
    ...hostLayer(inventory, host),
    ...fileLayers(9, inventory.adjacent, "hostVars", [host]),
    ...fileLayers(10, playbook, "hostVars", [host]),
  ];
};

/** This machine, where no source names it, is reached without SSH; any other host may be named by delegate_to. */
const implicitHostVars: ValueMap = { ansible_connection: "local", ansible_host: "127.0.0.1" };

const hostLayer = (inventory: Inventory, host: string): readonly HostLayer[] => {
  const unnamed = { vars: isImplicitHost(host) ? implicitHostVars : {}, places: undefined };
  const { vars: values, places } = inventory.hosts.get(host) ?? unnamed;
  return isEmpty(values) ? [] : [{ level: 8, origin: `host ${host} of the inventory`, values, places }];
};

/** Hosts of the same groups share these: made once a set of groups. */
const groupLayers = (
  inventory: Inventory,
  groups: readonly string[],
  playbook: readonly AdjacentVars[],
): readonly HostLayer[] => {
  const cache = cacheOf(inventory, playbook[0] ?? noPlaybook);
  let layers = cache.get(groups);
  if (layers === undefined) {
    layers = [
      ...["all", ...groups].flatMap((group) => inventoryGroupLayer(inventory, group)),
      ...fileLayers(4, inventory.adjacent, "groupVars", ["all"]),
      ...fileLayers(5, playbook, "groupVars", ["all"]),
      ...fileLayers(6, inventory.adjacent, "groupVars", groups),
      ...fileLayers(7, playbook, "groupVars", groups),
    ];
    cache.set(groups, layers);
  }
  return layers;
};

const inventoryGroupLayer = (inventory: Inventory, group: string): readonly HostLayer[] => {
  // The priority says something about the group, and nothing about its hosts.
  const { vars = {}, places } = inventory.groups.get(group) ?? {};
  const { ansible_group_priority: _priority, ...values } = vars;
  if (isEmpty(values)) return [];
  return [{ level: 3, origin: `group ${group} of the inventory`, values, places }];
};

/** Folder by folder in the order of the sources, and within a folder in the order of the names. */
const fileLayers = (
  level: number,
  folders: readonly AdjacentVars[],
  kind: "groupVars" | "hostVars",
  names: readonly string[],
): readonly HostLayer[] =>
  folders.flatMap((folder) =>
    names.flatMap((name) =>
      (folder[kind].get(name) ?? []).map((file: VarsFile) => ({
        level,
        origin: file.path,
        values: file.values,
        places: file.places,
      })),
    ),
  );

const isEmpty = (values: ValueMap): boolean => {
  for (const key in values) if (Object.hasOwn(values, key)) return false;
  return true;
};

const noPlaybook: AdjacentVars = { groupVars: new Map(), hostVars: new Map() };

type LayerCache = WeakMap<readonly string[], readonly HostLayer[]>;
const caches = new WeakMap<Inventory["groups"], WeakMap<AdjacentVars, LayerCache>>();

const cacheOf = (inventory: Inventory, playbook: AdjacentVars): LayerCache => {
  let byPlaybook = caches.get(inventory.groups);
  if (byPlaybook === undefined) caches.set(inventory.groups, (byPlaybook = new WeakMap()));
  let cache = byPlaybook.get(playbook);
  if (cache === undefined) byPlaybook.set(playbook, (cache = new WeakMap()));
  return cache;
};

/** The variables of all hosts and groups, and of the files beside inventory and playbook. */
export function* allVariables(inventory: Inventory, playbookVars: AdjacentVars): Generator<ValueMap> {
  for (const host of inventory.hosts.values()) yield host.vars;
  for (const group of inventory.groups.values()) yield group.vars;
  for (const folder of [...inventory.adjacent, playbookVars]) {
    for (const files of [...folder.groupVars.values(), ...folder.hostVars.values()]) {
      for (const file of files) yield file.values;
    }
  }
}
