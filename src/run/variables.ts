import type { Inventory } from "../inventory/inventory.ts";
import { hostLayers } from "../inventory/layers.ts";
import { selectHosts } from "../inventory/select.ts";
import type { PlannedPlaybook, RunOptions } from "../plan/plan.ts";
import type { Play } from "../playbook/playbook.ts";
import { Omit } from "../vars/omit.ts";
import { type LookupEnvironment, render, type TemplateContext } from "../vars/template.ts";
import { LazyMap, type PlainMap, type Value, type ValueMap } from "../vars/value.ts";
import type { HostState } from "./host-state.ts";
import { magicVariable, magicVariableNames, type PlayInfo, playVariableNames } from "./magic-variables.ts";

/** Where a play runs: what its variables depend on besides the host. */
export interface PlayScope {
  readonly planned: PlannedPlaybook;
  readonly play: Play;
  readonly info: PlayInfo;
}

/** What a task adds to the variables of its host. */
export interface TaskScope {
  /** Variables of its blocks and its own, outermost first. */
  readonly vars: readonly ValueMap[];
  /** The loop's variables, and those of a rescue: they win over all but extra and magic variables. */
  readonly item: PlainMap;
  readonly check: boolean;
  readonly diff: boolean;
}

/** The variables of all hosts of a run, with Ansible's order of precedence. */
export class Variables {
  inventory: Inventory;
  readonly extraVars: ValueMap;
  readonly #options: RunOptions;
  readonly #states: ReadonlyMap<string, HostState>;
  readonly #lookups: (playbookPath: string) => LookupEnvironment;
  #layers = new WeakMap<Inventory, WeakMap<PlannedPlaybook, Map<string, readonly ValueMap[]>>>();

  constructor(
    inventory: Inventory,
    extraVars: ValueMap,
    options: RunOptions,
    states: ReadonlyMap<string, HostState>,
    lookups: (playbookPath: string) => LookupEnvironment,
  ) {
    this.inventory = inventory;
    this.extraVars = extraVars;
    this.#options = options;
    this.#states = states;
    this.#lookups = lookups;
  }

  /** The context in which a host's templates are rendered. */
  context(host: string, scope: PlayScope, task: TaskScope): TemplateContext {
    const layers = this.#belowMagic(host, scope, task);
    const state = this.#states.get(host);
    const source = {
      host,
      inventory: this.inventory,
      options: this.#options,
      playbookPath: scope.planned.playbook.path,
      play: scope.info,
      facts: () => state?.facts ?? {},
      hostvars: () => this.#hostvars(scope, task),
    };
    return {
      variable: (name) => magicVariable(name, source) ?? find(layers, name),
      names: () => new Set([...magicVariableNames, ...layers.flatMap((layer) => Object.keys(layer))]),
      hosts: (patterns) => selectHosts(patterns, this.inventory).hosts,
      lookups: this.#lookups(scope.planned.playbook.path),
    };
  }

  /** From the strongest to the weakest. */
  #belowMagic(host: string, scope: PlayScope, task: TaskScope): readonly ValueMap[] {
    const state = this.#states.get(host);
    return [
      this.extraVars,
      task.item,
      ...(state === undefined ? [] : [state.setVars, state.included]),
      ...task.vars.toReversed(),
      ...scope.play.varsFiles.map((file) => file.values).toReversed(),
      scope.play.vars,
      ...(state === undefined ? [] : [state.topFacts]),
      ...this.#inventoryLayers(host, scope.planned),
    ];
  }

  #inventoryLayers(host: string, planned: PlannedPlaybook): readonly ValueMap[] {
    let byPlaybook = this.#layers.get(this.inventory);
    if (byPlaybook === undefined) this.#layers.set(this.inventory, (byPlaybook = new WeakMap()));
    let byHost = byPlaybook.get(planned);
    if (byHost === undefined) byPlaybook.set(planned, (byHost = new Map()));
    let layers = byHost.get(host);
    if (layers === undefined) {
      layers = hostLayers(this.inventory, host, planned.adjacent)
        .map((layer) => layer.values)
        .toReversed();
      byHost.set(host, layers);
    }
    return layers;
  }

  /** `hostvars`: every host's variables without those of the play and the task that ask. */
  #hostvars(scope: PlayScope, task: TaskScope): LazyMap {
    const play = { ...scope.play, vars: {}, varsFiles: [] };
    const bare: TaskScope = { ...task, vars: [], item: {} };
    return new LazyMap(
      () => this.inventory.hosts.keys(),
      // The implicit localhost is in no inventory; it may have got facts all the same.
      (host) =>
        this.inventory.hosts.has(host) || this.#states.has(host)
          ? this.#hostMap(host, { ...scope, play }, bare)
          : undefined,
    );
  }

  #hostMap(host: string, scope: PlayScope, task: TaskScope): LazyMap {
    const context = this.context(host, scope, task);
    return new LazyMap(
      () => [...context.names()].filter((name) => !playVariableNames.has(name)),
      (name) => {
        const value = playVariableNames.has(name) ? undefined : context.variable(name);
        if (value === undefined || value instanceof LazyMap) return value;
        const rendered = render(value, context);
        return rendered.ok && !(rendered.value instanceof Omit) ? rendered.value : undefined;
      },
    );
  }
}

const find = (layers: readonly ValueMap[], name: string): Value | undefined => {
  for (const layer of layers) if (Object.hasOwn(layer, name)) return layer[name];
  return undefined;
};
