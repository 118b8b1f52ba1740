import type { Group, Inventory } from "./inventory.ts";

/** What follows from how the groups of an inventory contain each other. */
export class GroupTree {
  readonly #groups: ReadonlyMap<string, Group>;
  readonly #parents = new Map<string, string[]>();
  readonly #depths = new Map<string, number>();
  readonly #hosts = new Map<string, readonly string[]>();
  readonly #ancestors = new Map<string, readonly string[]>();

  constructor(groups: ReadonlyMap<string, Group>) {
    this.#groups = groups;
    for (const group of groups.values()) {
      for (const child of group.children) {
        const parents = this.#parents.get(child);
        if (parents === undefined) this.#parents.set(child, [group.name]);
        else parents.push(group.name);
      }
    }
  }

  /** The hosts of a group and of all groups below it: its own first, then level by level. */
  hostsOf(group: string): readonly string[] {
    let hosts = this.#hosts.get(group);
    if (hosts === undefined) {
      hosts = [...new Set(this.#below(group).flatMap((name) => this.#groups.get(name)?.hosts ?? []))];
      this.#hosts.set(group, hosts);
    }
    return hosts;
  }

  /**
   * These groups and all above them without `all`, the weakest first: what is nearer to the host wins, among equals
   * the higher `ansible_group_priority`, then the later name.
   */
  withAncestors(groups: readonly string[]): readonly string[] {
    const key = groups.join(" ");
    let found = this.#ancestors.get(key);
    if (found === undefined) {
      const names = new Set<string>();
      for (const group of groups) this.#addUpwards(group, names);
      names.delete("all");
      found = [...names].toSorted((a, b) => this.#compare(a, b));
      this.#ancestors.set(key, found);
    }
    return found;
  }

  /** Whether a group stands somewhere below another, or is the other one. */
  isBelow(group: string, other: string): boolean {
    return this.#below(other).includes(group);
  }

  #below(group: string): readonly string[] {
    // A set is read in the order in which it grows, so this walks level by level.
    const names = new Set([group]);
    for (const name of names) for (const child of this.#groups.get(name)?.children ?? []) names.add(child);
    return [...names];
  }

  #addUpwards(group: string, names: Set<string>): void {
    if (names.has(group)) return;
    names.add(group);
    for (const parent of this.#parents.get(group) ?? []) this.#addUpwards(parent, names);
  }

  #compare(a: string, b: string): number {
    return this.#depth(a) - this.#depth(b) || this.#priority(a) - this.#priority(b) || (a < b ? -1 : Number(a > b));
  }

  /** The longest way from `all`. */
  #depth(group: string): number {
    let depth = this.#depths.get(group);
    if (depth === undefined) {
      depth = 1 + Math.max(-1, ...(this.#parents.get(group) ?? []).map((parent) => this.#depth(parent)));
      this.#depths.set(group, depth);
    }
    return depth;
  }

  #priority(group: string): number {
    const priority = Number(this.#groups.get(group)?.vars["ansible_group_priority"] ?? 1);
    return Number.isNaN(priority) ? 1 : priority;
  }
}

const trees = new WeakMap<ReadonlyMap<string, Group>, GroupTree>();

/** The tree of an inventory's groups, made once. */
export const groupTree = (inventory: Inventory): GroupTree => {
  let tree = trees.get(inventory.groups);
  if (tree === undefined) {
    tree = new GroupTree(inventory.groups);
    trees.set(inventory.groups, tree);
  }
  return tree;
};

/** All hosts of a group, in the order in which a play takes them. */
export const groupHosts = (inventory: Inventory, group: string): readonly string[] =>
  groupTree(inventory).hostsOf(group);

/** All groups of a host but `all`, sorted by name: the magic variable `group_names`. */
export const groupNames = (inventory: Inventory, host: string): readonly string[] =>
  groupTree(inventory)
    .withAncestors(inventory.hosts.get(host)?.groups ?? [])
    .toSorted();
