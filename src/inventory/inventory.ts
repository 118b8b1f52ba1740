import type { ValueMap } from "../vars/value.ts";

/** A host of the inventory. */
export interface Host {
  readonly name: string;
  /** Variables set on the host itself (inventory file level), later sources over earlier ones. */
  readonly vars: ValueMap;
  /** The groups that list it directly, in the order of the sources. */
  readonly groups: readonly string[];
}

/** A group of the inventory. `all` and `ungrouped` always exist. */
export interface Group {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly children: readonly string[];
  readonly vars: ValueMap;
}

/** What the sources of `-i` say together. Immutable; `add_host` and `group_by` give a new one. */
export interface Inventory {
  /** In the order in which the sources name them. */
  readonly hosts: ReadonlyMap<string, Host>;
  readonly groups: ReadonlyMap<string, Group>;
  /** Absolute paths of the sources, for `inventory_file`, `inventory_dir` and `ansible_inventory_sources`. */
  readonly sources: readonly string[];
}
