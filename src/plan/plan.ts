import type { ConnectionDefaults } from "../inventory/connection.ts";
import type { AdjacentVars, Inventory } from "../inventory/inventory.ts";
import type { Playbook } from "../playbook/playbook.ts";
import type { ValueMap } from "../vars/value.ts";

/** The immutable result of loading: what is to be done, where, with which variables. Nothing of it has run yet. */
export interface Plan {
  readonly playbooks: readonly PlannedPlaybook[];
  readonly inventory: Inventory;
  /** Variables of `-e`, which win over all others. */
  readonly extraVars: ValueMap;
  readonly options: RunOptions;
}

/** A playbook with the variables of the `group_vars` and `host_vars` beside it. Tasks left out by tags are gone. */
export interface PlannedPlaybook {
  readonly playbook: Playbook;
  readonly adjacent: AdjacentVars;
}

/** How many hosts of a play may fail or be out of reach: a number of them, or a share in percent. */
export interface FailureLimit {
  readonly count: number;
  readonly unit: "hosts" | "percent";
}

/** What the command line says about a run. */
export interface RunOptions {
  readonly check: boolean;
  readonly diff: boolean;
  /** How many hosts at a time. */
  readonly forks: number;
  readonly limit: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly forceHandlers: boolean;
  /** Ask before each task. */
  readonly step: boolean;
  /** The name of the task to begin with, or a pattern of it. */
  readonly startAtTask?: string;
  /** A grant that fails half-way stays as it is, for a look. */
  readonly keepPartial: boolean;
  /** More hosts of a play than this may not fail or be out of reach; absent sets no limit. */
  readonly maxFail?: FailureLimit;
  readonly verbosity: number;
  readonly connection: ConnectionDefaults;
}

/** The options of a run for which nothing is said. */
export const usualOptions: Omit<RunOptions, "limit"> = {
  check: false,
  diff: false,
  forks: 50,
  tags: [],
  skipTags: [],
  forceHandlers: false,
  step: false,
  keepPartial: false,
  verbosity: 0,
  connection: {},
};
