import { basename, dirname } from "node:path";
import { groupHosts, groupNames } from "../inventory/group-tree.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Role, Task } from "../playbook/playbook.ts";
import type { RunOptions } from "../plan/plan.ts";
import { searchFolders } from "../playbook/search-folders.ts";
import type { LazyMap, Value } from "../vars/value.ts";

/** What the magic variables of a host depend on. */
export interface MagicSource {
  readonly host: string;
  readonly inventory: Inventory;
  readonly options: RunOptions;
  readonly playbookPath: string;
  readonly play: PlayInfo | undefined;
  /** The roles that the whole play sees. */
  readonly roles: readonly Role[];
  readonly task: Task | undefined;
  readonly facts: () => Value;
  readonly hostvars: () => LazyMap;
}

/** The hosts of the play that is running. */
export interface PlayInfo {
  readonly name: string;
  /** All hosts of the play. */
  readonly allHosts: readonly string[];
  /** Hosts of the batch. */
  readonly batch: readonly string[];
  /** Those of them that have not failed. */
  readonly active: (hosts: readonly string[]) => readonly string[];
}

type Magic = (source: MagicSource) => Value | undefined;

/** Every magic variable, and how it is made when it is asked for. Sources: Ansible's "Special Variables". */
const magic: Readonly<Record<string, Magic>> = {
  inventory_hostname: ({ host }) => host,
  inventory_hostname_short: ({ host }) => host.split(".")[0] ?? host,
  groups: ({ inventory }) => groupsOf(inventory),
  group_names: ({ inventory, host }) => groupNames(inventory, host),
  hostvars: ({ hostvars }) => hostvars(),
  playbook_dir: ({ playbookPath }) => dirname(playbookPath),
  inventory_file: ({ inventory, host }) => sourceOf(inventory, host) ?? null,
  inventory_dir: ({ inventory, host }) => {
    const source = sourceOf(inventory, host);
    return source === undefined ? null : dirname(source);
  },
  ansible_inventory_sources: ({ inventory }) => inventory.sources,
  ansible_facts: ({ facts }) => facts(),
  ansible_check_mode: ({ options }) => options.check,
  ansible_diff_mode: ({ options }) => options.diff,
  ansible_forks: ({ options }) => options.forks,
  ansible_verbosity: ({ options }) => options.verbosity,
  ansible_limit: ({ options }) => (options.limit.length === 0 ? undefined : options.limit.join(",")),
  ansible_run_tags: ({ options }) => (options.tags.length === 0 ? ["all"] : options.tags),
  ansible_skip_tags: ({ options }) => options.skipTags,
  ansible_play_name: ({ play }) => play?.name,
  ansible_play_hosts_all: ({ play }) => play?.allHosts,
  ansible_play_hosts: ({ play }) => play?.active(play.allHosts),
  ansible_play_batch: ({ play }) => play?.active(play.batch),
  play_hosts: ({ play }) => play?.active(play.batch),
  ansible_playbook_name: ({ playbookPath }) => basename(playbookPath),
  ansible_search_path: ({ task, playbookPath }) => searchFolders(task, playbookPath),
  role_name: ({ task }) => task?.role?.name,
  role_path: ({ task }) => task?.role?.path,
  ansible_role_name: ({ task }) => task?.role?.name,
  ansible_parent_role_names: ({ task }) => parents(task)?.map(({ name }) => name),
  ansible_parent_role_paths: ({ task }) => parents(task)?.map(({ path }) => path),
  ansible_play_role_names: ({ roles }) => roles.map(({ name }) => name),
  ansible_role_names: ({ roles }) => [...new Set(roles.flatMap(withDependencies))],
  ansible_dependent_role_names: ({ roles }) => [
    ...new Set(roles.flatMap(({ dependencies }) => dependencies.flatMap(withDependencies))),
  ],
  // The language that is spoken here, so that playbooks which ask for a version find one.
  ansible_version: () => ({ full: "2.19.0", string: "2.19.0", major: 2, minor: 19, revision: 0 }),
};

/** The nearest first; none where a list of roles brought the role. */
const parents = (task: Task | undefined): readonly Role[] | undefined =>
  task?.role?.isIncluded !== true || task.role.parents.length === 0 ? undefined : task.role.parents.toReversed();

const withDependencies = (role: Role): readonly string[] => [...role.dependencies.flatMap(withDependencies), role.name];

/** The names of the magic variables. */
export const magicVariableNames: readonly string[] = [...Object.keys(magic), "omit"];

/** Those that speak of the play that runs, or of all hosts: `hostvars` holds them not. */
export const playVariableNames: ReadonlySet<string> = new Set([
  "hostvars",
  "ansible_play_name",
  "ansible_play_hosts_all",
  "ansible_play_hosts",
  "ansible_play_batch",
  "play_hosts",
]);

/** A magic variable's value for a host, or undefined where there is none of this name. */
export const magicVariable = (name: string, source: MagicSource): Value | undefined =>
  Object.hasOwn(magic, name) ? magic[name]?.(source) : undefined;

/** The file that a host comes from; a host list of the command line (`a,b,`) is none. */
const sourceOf = (inventory: Inventory, host: string): string | undefined => {
  const source = inventory.hosts.get(host)?.source;
  return source?.includes(",") === true ? undefined : source;
};

const members = new WeakMap<Inventory, Readonly<Record<string, readonly string[]>>>();

/** Every group with all its hosts, those of its children included; made once for an inventory. */
const groupsOf = (inventory: Inventory): Readonly<Record<string, readonly string[]>> => {
  const known = members.get(inventory);
  if (known !== undefined) return known;
  const all = Object.fromEntries([...inventory.groups.keys()].map((name) => [name, groupHosts(inventory, name)]));
  members.set(inventory, all);
  return all;
};
