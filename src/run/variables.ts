import type { Inventory } from "../inventory/inventory.ts";
import { hostLayers } from "../inventory/layers.ts";
import { selectHosts } from "../inventory/select.ts";
import type { PlannedPlaybook, RunOptions } from "../plan/plan.ts";
import type { Play, Role, Task } from "../playbook/playbook.ts";
import { exported, roleVariables } from "../playbook/role-variables.ts";
import { Omit } from "../vars/omit.ts";
import { type LookupEnvironment, render, type TemplateContext } from "../vars/template.ts";
import { LazyMap, type PlainMap, type Value, type ValueMap } from "../vars/value.ts";
import type { HostState } from "./host-state.ts";
import type { RunIo } from "./run-services.ts";
import { searchFolders } from "../playbook/search-folders.ts";
import { LateVarsFiles } from "./late-vars-files.ts";
import { magicVariable, magicVariableNames, type PlayInfo, playVariableNames } from "./magic-variables.ts";

/** Where a play runs: what its variables depend on besides the host. */
export interface PlayScope {
  readonly planned: PlannedPlaybook;
  readonly play: Play;
  readonly info: PlayInfo;
  /** Roles whose variables all tasks see: those of the play, and those that it has included for everybody by now. */
  readonly roles: Role[];
}

/** What a task adds to the variables of its host. */
export interface TaskScope {
  /** The task; none where something of the play itself is rendered. */
  readonly task: Task | undefined;
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
  readonly #late: LateVarsFiles;
  readonly #lookups: (folders: readonly string[]) => LookupEnvironment;
  readonly #lookupsOf = new WeakMap<Task | PlannedPlaybook, LookupEnvironment>();
  #layers = new WeakMap<Inventory, WeakMap<PlannedPlaybook, Map<string, readonly ValueMap[]>>>();

  constructor(
    inventory: Inventory,
    extraVars: ValueMap,
    options: RunOptions,
    states: ReadonlyMap<string, HostState>,
    lookups: (folders: readonly string[]) => LookupEnvironment,
    readVars: RunIo["readVars"],
  ) {
    this.inventory = inventory;
    this.extraVars = extraVars;
    this.#options = options;
    this.#states = states;
    this.#lookups = lookups;
    this.#late = new LateVarsFiles(readVars);
  }

  /** The context in which a host's templates are rendered. */
  context(host: string, scope: PlayScope, task: TaskScope): TemplateContext {
    return this.#contextWith(host, scope, task, this.#lateVars(host, scope).values);
  }

  /** Why a file of `vars_files` that the host's variables name cannot be had. */
  varsFilesProblem(host: string, scope: PlayScope): string | undefined {
    return this.#lateVars(host, scope).problem;
  }

  #lateVars(host: string, scope: PlayScope): ReturnType<LateVarsFiles["of"]> {
    if (scope.play.lateVarsFiles.length === 0) return { values: [], problem: undefined };
    const { check, diff } = this.#options;
    const context = this.#contextWith(host, scope, { task: undefined, item: {}, check, diff }, []);
    const hasFacts = Object.keys(this.#states.get(host)?.topFacts ?? {}).length > 0;
    return this.#late.of(scope.play, context, hasFacts);
  }

  #contextWith(host: string, scope: PlayScope, task: TaskScope, late: readonly ValueMap[]): TemplateContext {
    const layers = this.#belowMagic(host, scope, task, late);
    const state = this.#states.get(host);
    const source = {
      host,
      inventory: this.inventory,
      options: this.#options,
      // An imported playbook has a folder of its own.
      playbookPath: scope.play.span.file.path,
      play: scope.info,
      roles: scope.roles,
      task: task.task,
      facts: () => state?.facts ?? {},
      hostvars: () => this.#hostvars(scope, task),
    };
    const context: TemplateContext = {
      variable: (name) => (name === "vars" ? all : (magicVariable(name, source) ?? find(layers, name))),
      names: () => new Set([...magicVariableNames, ...layers.flatMap((layer) => Object.keys(layer))]),
      hosts: (patterns) => selectHosts(patterns, this.inventory).hosts,
      lookups: this.#taskLookups(scope.planned, task.task),
    };
    const all = new LazyMap(context.names, context.variable, context);
    return context;
  }

  #taskLookups(planned: PlannedPlaybook, task: Task | undefined): LookupEnvironment {
    const known = this.#lookupsOf.get(task ?? planned) ?? this.#lookups(searchFolders(task, planned.playbook.path));
    this.#lookupsOf.set(task ?? planned, known);
    return known;
  }

  /** From the strongest to the weakest. */
  #belowMagic(host: string, scope: PlayScope, task: TaskScope, late: readonly ValueMap[]): readonly ValueMap[] {
    const state = this.#states.get(host);
    const { vars = [], includeVars = [], role } = task.task ?? {};
    const ofRole = role === undefined ? undefined : roleVariables(role);
    return [
      this.extraVars,
      task.item,
      ...(state === undefined || task.task === undefined ? [] : state.includeItems.toReversed()),
      ...includeVars.toReversed(),
      ...(ofRole?.params ?? []),
      ...(state === undefined ? [] : [state.setVars, state.included]),
      ...vars.toReversed(),
      ...(ofRole?.vars ?? []),
      ...scope.roles.toReversed().flatMap((each) => exported(each, "vars")),
      ...late,
      ...scope.play.varsFiles.map((file) => file.values).toReversed(),
      scope.play.vars,
      ...(state === undefined ? [] : [state.topFacts]),
      ...this.#inventoryLayers(host, scope.planned),
      ...(ofRole?.defaults ?? []),
      ...scope.roles.toReversed().flatMap((each) => exported(each, "defaults")),
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
    const play = { ...scope.play, vars: {}, varsFiles: [], lateVarsFiles: [] };
    const bare: TaskScope = { ...task, task: undefined, item: {} };
    return new LazyMap(
      () => this.inventory.hosts.keys(),
      // The implicit localhost is in no inventory; it may have got facts all the same.
      (host) =>
        this.inventory.hosts.has(host) || this.#states.has(host)
          ? this.#hostMap(host, { ...scope, play, roles: [] }, bare)
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
