import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ValueMap } from "../vars/value.ts";

/** A host of the inventory. */
export interface Host {
  readonly name: string;
  /** Variables set on the host itself (inventory file level), later sources over earlier ones. */
  readonly vars: ValueMap;
  /** The groups that list it directly, in the order of the sources; only `ungrouped` when there is no other. */
  readonly groups: readonly string[];
  /** What named it first: an absolute path, or the text of a host list; absent for hosts that a play added. */
  readonly source?: string;
}

/** A group of the inventory. `all` and `ungrouped` always exist. */
export interface Group {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly children: readonly string[];
  readonly vars: ValueMap;
}

/** Variables of one file of a `group_vars` or `host_vars` directory. */
export interface VarsFile {
  readonly path: string;
  readonly values: ValueMap;
  /** Why it could not be taken out of its vault: a mistake only where some host needs it. */
  readonly closed?: Diagnostic;
}

/** What stands in the `group_vars` and `host_vars` directories of one folder, by group and host name. */
export interface AdjacentVars {
  readonly groupVars: ReadonlyMap<string, readonly VarsFile[]>;
  readonly hostVars: ReadonlyMap<string, readonly VarsFile[]>;
}

/** What the sources of `-i` say together. Immutable; `add_host` and `group_by` give a new one. */
export interface Inventory {
  /** In the order in which the sources name them. */
  readonly hosts: ReadonlyMap<string, Host>;
  readonly groups: ReadonlyMap<string, Group>;
  /** Absolute paths of the sources, for `inventory_file`, `inventory_dir` and `ansible_inventory_sources`. */
  readonly sources: readonly string[];
  /** `group_vars` and `host_vars` beside the sources, in the order of the sources. */
  readonly adjacent: readonly AdjacentVars[];
}
