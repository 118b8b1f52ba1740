import type { Inventory } from "../../inventory/inventory.ts";
import { allVariables, hostLayers } from "../../inventory/layers.ts";
import type { Play, Role, Task } from "../../playbook/playbook.ts";
import { exported, roleVariables } from "../../playbook/role-variables.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { inferTemplate } from "../../vars/types/infer.ts";
import type { TypeScope } from "../../vars/types/inference.ts";
import { any, type Type, union } from "../../vars/types/type.ts";
import { typeOfValue } from "../../vars/types/type-of-value.ts";
import type { Template, Value, ValueMap } from "../../vars/value.ts";
import type { Plan, PlannedPlaybook } from "../plan.ts";
import { hostsOfPlay } from "../checks/hosts-of-play.ts";
import { factType, magicType, slipOfOwnName } from "./known-types.ts";

/** A variable, and the hosts of the play that lack it where some do. */
export interface FoundVariable {
  readonly type: Type;
  readonly lackedBy?: readonly string[];
}

/** More hosts than this agree, or it does not matter. */
const maxHosts = 2000;

/** The variables that a play's tasks see besides their own and those that tasks set. */
export class PlayVariables {
  readonly #inventory: Inventory;
  readonly #extraVars: ValueMap;
  readonly #play: Play;
  readonly #planned: PlannedPlaybook;
  readonly #hosts: readonly string[];
  /** Names that tasks give a value of their own: what a template in a variable sees of them is not known. */
  readonly #setByTasks: ReadonlySet<string>;
  readonly #found = new Map<string, FoundVariable | undefined>();
  readonly #elsewhere: ReadonlySet<string>;
  /** Roles whose variables all tasks see. */
  readonly #roles: readonly Role[];
  readonly #typeOfTemplate = (template: Template): Type => inferTemplate(template, this.lateScope()).type;

  constructor(plan: Plan, planned: PlannedPlaybook, play: Play, setByTasks: ReadonlySet<string>) {
    this.#inventory = plan.inventory;
    this.#extraVars = plan.extraVars;
    this.#planned = planned;
    this.#play = play;
    this.#setByTasks = setByTasks;
    this.#hosts = hostsOfPlay(plan, play).slice(0, maxHosts);
    this.#elsewhere = namesAnywhere(plan, planned);
    const included = tasksOfPlay(play).flatMap(({ include }) => {
      const known = include?.known;
      return known?.role === undefined || !known.isPublic ? [] : [known.role];
    });
    this.#roles = [...play.publicRoles, ...included];
  }

  /** The names that the inventory, the play with its roles and tasks, and the command line define. */
  names(): readonly string[] {
    const { vars, varsFiles, varsPrompt } = this.#play;
    const ofRoles = [...this.#ofRoles("vars"), ...this.#ofRoles("defaults")];
    const maps = [this.#extraVars, vars, ...varsFiles.map((file) => file.values), ...ofRoles];
    const own = [...maps.flatMap((map) => Object.keys(map)), ...varsPrompt.map(({ name }) => name)];
    return [...new Set([...own, ...this.#setByTasks, ...this.#elsewhere])];
  }

  /** What nothing but the command line or the language itself decides. */
  strongest(name: string): Type | undefined {
    const magic = magicType(name, this.#inventory);
    if (magic !== undefined) return magic;
    return Object.hasOwn(this.#extraVars, name) ? this.typeOf(this.#extraVars[name] ?? null) : undefined;
  }

  /** A variable of the play, of facts, or of the inventory. */
  find(name: string): FoundVariable | undefined {
    if (!this.#found.has(name)) this.#found.set(name, this.#findNew(name));
    return this.#found.get(name);
  }

  /** The play, so that something is told of it once. */
  get play(): string {
    return this.#play.id;
  }

  /** Whether nothing but a host's facts gives this variable. */
  isFactOnly(name: string): boolean {
    if (factType(name) === undefined || this.#elsewhere.has(name)) return false;
    const { vars, varsFiles } = this.#play;
    const maps = [
      vars,
      ...varsFiles.map(({ values }) => values),
      ...this.#ofRoles("vars"),
      ...this.#ofRoles("defaults"),
    ];
    return valuesOf(maps, name).length === 0;
  }

  /** The type of a value that may hold templates, which see all variables that there will be. */
  typeOf(value: Value): Type {
    return typeOfValue(value, this.#typeOfTemplate);
  }

  /** What the values of variables see: they are rendered when they are used, wherever that is. */
  lateScope(): TypeScope {
    return {
      variable: (name) => {
        const strongest = this.strongest(name);
        if (strongest !== undefined) return strongest;
        return this.#setByTasks.has(name) ? any : this.find(name)?.type;
      },
    };
  }

  /** What roles hand to the whole play, the strongest first. */
  #ofRoles(kind: "vars" | "defaults"): readonly ValueMap[] {
    return this.#roles.toReversed().flatMap((role) => exported(role, kind));
  }

  #findNew(name: string): FoundVariable | undefined {
    const { vars, varsFiles, varsPrompt } = this.#play;
    if (varsPrompt.some((prompt) => prompt.name === name)) return { type: any };
    const files = varsFiles.map((file) => file.values).toReversed();
    const strong = valuesOf([...this.#ofRoles("vars"), ...files, vars], name);
    const [own] = strong;
    if (own !== undefined)
      return { type: strong.length === 1 ? this.typeOf(own) : union(strong.map((one) => this.typeOf(one))) };
    const weak = valuesOf(this.#ofRoles("defaults"), name).map((value) => this.typeOf(value));
    const found = this.#belowPlay(name);
    if (weak.length === 0) return found;
    // Hosts without a value of their own have the default.
    return { type: union(found === undefined ? weak : [...weak, found.type]) };
  }

  #belowPlay(name: string): FoundVariable | undefined {
    const fact = factType(name);
    const known = this.#elsewhere.has(name);
    if (fact !== undefined) return { type: known ? any : fact };
    if (!known && slipOfOwnName(name) !== undefined) return undefined;
    if (/^(?:ansible|getent)_/.test(name)) return { type: any };
    return known ? this.#ofInventory(name) : undefined;
  }

  #ofInventory(name: string): FoundVariable {
    const types: Type[] = [];
    const lackedBy: string[] = [];
    const seen = new Set<Value>();
    for (const host of this.#hosts) {
      const layer = hostLayers(this.#inventory, host, this.#planned.adjacent).findLast(({ values }) =>
        Object.hasOwn(values, name),
      );
      if (layer === undefined) {
        lackedBy.push(host);
        continue;
      }
      const value = layer.values[name] ?? null;
      // Hosts of one group share what it says.
      if (!seen.has(value)) types.push(this.typeOf(value));
      seen.add(value);
    }
    if (lackedBy.length === 0 && types.length > 0) return { type: union(types) };
    return { type: types.length === 0 ? any : union(types), lackedBy };
  }
}

const namesOfInventories = new WeakMap<Plan, WeakMap<PlannedPlaybook, ReadonlySet<string>>>();

/** The names of the variables of any host or group. */
const namesAnywhere = (plan: Plan, planned: PlannedPlaybook): ReadonlySet<string> => {
  let byPlaybook = namesOfInventories.get(plan);
  if (byPlaybook === undefined) namesOfInventories.set(plan, (byPlaybook = new WeakMap()));
  let names = byPlaybook.get(planned);
  if (names === undefined) {
    const all = new Set<string>();
    for (const values of allVariables(plan.inventory, planned.adjacent)) {
      for (const name of Object.keys(values)) all.add(name);
    }
    byPlaybook.set(planned, (names = all));
  }
  return names;
};

/** The value of a variable that comes with the task, and not with the play. */
export const variablesOfTask = (
  task: Task,
  name: string,
): { readonly strong: Value | undefined; readonly own: Value | undefined; readonly fallback: Value | undefined } => {
  const { role, vars, includeVars } = task;
  const ofRole = role === undefined ? { params: [], vars: [], defaults: [] } : roleVariables(role);
  return {
    // These win over what tasks have set.
    strong: valuesOf([...includeVars.toReversed(), ...ofRole.params], name)[0],
    own: valuesOf([...vars.toReversed(), ...ofRole.vars], name)[0],
    fallback: valuesOf(ofRole.defaults, name)[0],
  };
};

const valuesOf = (maps: readonly ValueMap[], name: string): readonly Value[] =>
  maps.flatMap((values): readonly Value[] => (Object.hasOwn(values, name) ? [values[name] ?? null] : []));
