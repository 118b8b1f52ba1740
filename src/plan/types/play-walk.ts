import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { suggest } from "../../diagnostics/suggest.ts";
import type { Module } from "../../modules/module.ts";
import type { Entry, Included, Task } from "../../playbook/playbook.ts";
import { parsedExpression } from "../../vars/syntax/parsed.ts";
import { Guards } from "../../vars/types/guards.ts";
import { inferCondition, inferTemplate, nothingKnown } from "../../vars/types/infer.ts";
import type { Inferred, TypeScope, VariableUse } from "../../vars/types/inference.ts";
import type { TypeProblem } from "../../vars/types/type-problem.ts";
import { alternatives, any, describeType, openMap, type Type, union, weakened } from "../../vars/types/type.ts";
import { Expression, Template, type Value } from "../../vars/value.ts";
import { conditionsOfArguments, templatesIn } from "../checks/task-values.ts";
import type { AssignedVariables } from "./assigned.ts";
import { explainUndefined } from "./explain-undefined.ts";
import type { ExpressionReport } from "./expression-report.ts";
import { namesSetBy } from "../checks/names-set-in-run.ts";
import { bringsUnknownNames, includedNames, isSwitchedOff } from "./included-names.ts";
import { ungatheredFacts } from "./known-types.ts";
import { loopNames, loopVariables } from "./loop-types.ts";
import { describeOption, isWordOption, mayBecome, optionOf } from "./option-type.ts";
import { type PlayVariables, variablesOfTask } from "./play-variables.ts";
import { itemResult, resultType } from "./result-type.ts";

/** What the walk through a play's tasks begins with. */
export interface WalkInput {
  readonly variables: PlayVariables;
  readonly assigned: AssignedVariables;
  readonly report: ExpressionReport;
  readonly modules: ReadonlyMap<string, Module>;
  /** Tasks that set a variable anywhere in the plan, by the variable's name. */
  readonly setLater: ReadonlyMap<string, Task>;
  /** Of the play and its roles. */
  readonly handlers: readonly Task[];
  readonly playbookPath: string;
  /** Names of loops' variables in the play. */
  readonly loopNames: ReadonlySet<string>;
  /** Variables may come from where nobody can look: what is not known is of any type, and there. */
  readonly isAny: boolean;
  /** The same, when the last task of the play has run. */
  readonly isAnyLater: boolean;
  /** Whether hosts have facts when the play begins, or nobody can tell. */
  readonly hasFacts: boolean;
  /** Whether hosts may come to groups while the plan runs, and so to their variables. */
  readonly movesHosts: boolean;
}

/** What a template of a task sees, and how strictly it is judged. */
interface Sight {
  readonly scope: TypeScope;
  /** Whether a condition decides if it is evaluated at all. */
  readonly isConditional: boolean;
  /** What is not defined here is no failure (the name of a task). */
  readonly isShown?: boolean;
  /** Whether its failure is expected: ignored, or rescued. */
  readonly isExpected: boolean;
  /** Whether to leave out what only might be meant otherwise: who asserts something wants to know it. */
  readonly isAsserted?: boolean;
  /** Whether a variable comes with the play, and neither with the task nor with what brings it in. */
  readonly isOfPlay: (name: string) => boolean;
  /** The variable of the task's loop, where it can be seen. */
  readonly loopVar?: string | undefined;
}

/** Goes through the tasks of a play in their order, telling what is wrong with their expressions. */
export class PlayWalk {
  readonly #input: WalkInput;
  #assigned: AssignedVariables;
  /** What tasks have made sure of, or left the play for. */
  #asserted = new Guards();
  #hasFacts: boolean;
  #isAny: boolean;
  /** The variables of the loops of includes that the tasks are in. */
  #around: ReadonlyMap<string, Type> = new Map();
  /** Above zero in an include that a condition decides about. */
  #conditional = 0;
  /** Above zero in a block with a rescue. */
  #rescued = 0;
  readonly #handlers: Task[] = [];

  constructor(input: WalkInput) {
    this.#input = input;
    this.#assigned = input.assigned;
    this.#hasFacts = input.hasFacts;
    this.#isAny = input.isAny;
  }

  get hasFacts(): boolean {
    return this.#hasFacts;
  }

  /** The handlers that includes have brought. */
  get handlers(): readonly Task[] {
    return this.#handlers;
  }

  walk(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind === "task") {
        this.#task(entry);
        continue;
      }
      const before = this.#assigned.copy();
      const isRescued = entry.rescue.length > 0;
      if (isRescued) this.#rescued += 1;
      this.walk(entry.block);
      if (isRescued) this.#rescued -= 1;
      if (isRescued) this.#aside(before, entry.rescue);
      if (entry.always.length > 0) {
        this.#assigned.merge(before);
        this.walk(entry.always);
      }
    }
  }

  /** Handlers that were called have run now. */
  flush(): void {
    for (const name of namesSetBy([...this.#input.handlers, ...this.#handlers])) {
      if (this.#assigned.get(name) === undefined) this.#assigned.set(name, any, false);
    }
  }

  /** Tasks that run after some of those before them, or not at all. */
  #aside(before: AssignedVariables, entries: readonly Entry[]): void {
    const through = this.#assigned;
    this.#assigned = through.copy();
    this.#assigned.merge(before);
    for (const name of ["ansible_failed_task", "ansible_failed_result"]) this.#assigned.set(name, any, true);
    this.walk(entries);
    through.merge(this.#assigned);
    for (const name of this.#assigned.names()) through.set(name, this.#assigned.get(name)?.type ?? any, false);
    this.#assigned = through;
  }

  #task(task: Task): void {
    const module = this.#input.modules.get(task.module.shortName);
    const guards = new Guards(this.#asserted);
    for (const condition of [...task.when, ...conditionsOfArguments(task)]) addCondition(condition, guards);
    const plain = this.#scope(task, new Map(), guards);
    const isConditional = task.when.length > 0;
    const withTask = (name: string): boolean => {
      const { strong, own: ofTask, fallback } = variablesOfTask(task, name);
      return strong !== undefined || ofTask !== undefined || fallback !== undefined || this.#around.has(name);
    };
    const { ignore_errors: ignored = false } = task.inherited;
    const isExpected = this.#rescued > 0 || ignored !== false;
    const terms = this.#loopTerms(task, {
      scope: plain,
      isConditional,
      isExpected,
      isOfPlay: (name) => !withTask(name),
    });
    const loop = task.loop === undefined ? undefined : loopVariables(task, terms);
    // What is in it is not wanted now.
    if (isSwitchedOff(task)) {
      this.#apply(task, module, undefined, plain);
      return;
    }
    const loopVar = loopNames(task)?.item;
    const own: Sight = {
      scope: this.#scope(task, loop ?? new Map(), guards),
      isConditional,
      isExpected,
      loopVar,
      isOfPlay: (name) => loop?.has(name) !== true && !withTask(name),
    };
    const result = module === undefined ? openMap() : itemResult(module, loop);
    const after =
      task.register === undefined ? own : { ...own, scope: this.#withResult(own.scope, task.register, result) };
    for (const [index, condition] of task.when.entries()) {
      const isReached = index > 0 ? { ...own.scope, isConditional: true } : own.scope;
      this.#condition(condition, { ...own, scope: isReached, isConditional: index > 0 });
    }
    this.#arguments(task, module, task.loop !== undefined ? after : own);
    for (const condition of conditionsOfArguments(task)) this.#condition(condition, { ...own, isAsserted: true });
    for (const condition of [...task.changedWhen, ...task.failedWhen, ...task.until, ...task.breakWhen]) {
      this.#condition(condition, after);
    }
    this.#keywords(task, own);
    this.#apply(task, module, loop, own.scope);
    if (task.include?.known !== undefined) this.#included(task.include.known, task, loop);
  }

  /** What an include brings runs where it stands: under its conditions, and once for each item of its loop. */
  #included({ entries, handlers }: Included, task: Task, loop: ReadonlyMap<string, Type> | undefined): void {
    const [before, around, asserted] = [this.#assigned.copy(), this.#around, this.#asserted];
    const isConditional = task.when.length > 0;
    if (loop !== undefined) this.#around = new Map([...around, ...loop]);
    this.#asserted = new Guards(asserted);
    for (const condition of task.when) addCondition(condition, this.#asserted);
    if (isConditional) this.#conditional += 1;
    this.walk(entries);
    if (isConditional) this.#conditional -= 1;
    [this.#around, this.#asserted] = [around, asserted];
    this.#handlers.push(...handlers);
    if (isConditional || loop !== undefined) this.#assigned.merge(before);
  }

  /** The type of what a task goes through. */
  #loopTerms(task: Task, sight: Sight): Type {
    const { loop } = task;
    // Of files whose names hold what is not defined, the next one is tried.
    if (loop === undefined || loop.lookup === "first_found") return any;
    if (!(loop.terms instanceof Template)) {
      for (const template of templatesIn(loop.terms)) this.#template(template, sight);
      return this.#input.variables.typeOf(loop.terms);
    }
    const inferred = this.#template(loop.terms, sight);
    const { type } = inferred;
    const found = alternatives(type);
    const severity = sight.isExpected ? "warning" : "error";
    if (
      loop.lookup === undefined &&
      found !== undefined &&
      !found.some(({ kind }) => kind === "list" || kind === "null")
    ) {
      const isMap = found.every(({ kind }) => kind === "map");
      this.#input.report.add(loop.terms, inferred.place, {
        code: "V23",
        severity,
        message: `a loop goes through a list, and this is ${describeType(type)}`,
        hint: isMap ? "make a list of its entries: | dict2items" : "write a list, such as [one, two]",
      });
    }
    return type;
  }

  #arguments(task: Task, module: Module | undefined, sight: Sight): void {
    for (const [name, value] of Object.entries(task.args)) {
      if (module?.expressions?.includes(name) === true) continue;
      if (!(value instanceof Template)) {
        for (const template of templatesIn(value)) this.#template(template, sight, { module, name });
        continue;
      }
      const { type, place } = this.#template(value, sight, { module, name });
      const schema = module === undefined ? undefined : optionOf(module, name);
      if (schema === undefined || mayBecome(type, schema)) continue;
      this.#input.report.add(value, place, {
        code: "V23",
        severity: sight.isExpected ? "warning" : "error",
        message: `option "${name}" takes ${describeOption(schema)}, and this is ${describeType(type)}`,
      });
    }
  }

  /** What else of a task is rendered. Its own variables are rendered where they are used, and see what is there then. */
  #keywords(task: Task, sight: Sight): void {
    const { guards } = sight.scope;
    const { variables, isAnyLater } = this.#input;
    const lateScope = variables.lateScope();
    const variable = (name: string): Type | undefined => lateScope.variable(name) ?? (isAnyLater ? any : undefined);
    const scope = { variable, ...(guards === undefined ? {} : { guards }) };
    const late = { ...sight, scope, isOfPlay: () => false };
    for (const template of task.vars.flatMap(templatesIn)) this.#template(template, late);
    const { name, loop_control: control, ...own } = task.own;
    const shown = { ...sight, isShown: true };
    for (const template of templatesIn(name)) this.#template(template, shown);
    for (const template of templatesIn(control)) this.#template(template, shown);
    const rendered = ["delay", "retries", "run_once", "throttle"] as const;
    const others = rendered.flatMap((keyword) =>
      keyword in own ? [(own as Readonly<Record<string, Value>>)[keyword]] : [],
    );
    const values = [
      ...others,
      ...task.environment,
      ...task.moduleDefaults,
      ...task.notify,
      ...Object.values(task.inherited),
    ];
    for (const template of values.flatMap(templatesIn)) this.#template(template, sight);
  }

  #scope(task: Task, loop: ReadonlyMap<string, Type>, guards: Guards): TypeScope {
    return { guards, variable: (name) => this.#variable(task, name, loop) };
  }

  #withResult(scope: TypeScope, register: string, result: Type): TypeScope {
    return { ...scope, variable: (name) => (name === register ? result : scope.variable(name)) };
  }

  /** A variable as the task sees it, from the strongest origin to the weakest. */
  #variable(task: Task, name: string, loop: ReadonlyMap<string, Type>): Type | undefined {
    const { movesHosts, variables } = this.#input;
    // Who knows what hosts and groups there are by then.
    if (movesHosts && (name === "hostvars" || name === "groups")) return any;
    if (name === "ansible_facts" && !this.#hasFacts) return ungatheredFacts;
    const strongest = variables.strongest(name) ?? loop.get(name) ?? this.#around.get(name);
    if (strongest !== undefined) return strongest;
    // A keyword that is told of elsewhere was to be its loop.
    if (name === "item" && task.loop === undefined && hasMisspeltLoop(task)) return any;
    const { strong, own, fallback } = variablesOfTask(task, name);
    if (strong !== undefined) return variables.typeOf(strong);
    const assigned = this.#assigned.get(name);
    if (assigned?.isSure === true) return assigned.type;
    const found = variables.find(name);
    // What is set for some may be seen in place of what is weaker, by others.
    if (assigned !== undefined) {
      return own === undefined && found === undefined && fallback === undefined ? assigned.type : any;
    }
    if (this.#isAny) return any;
    if (own !== undefined) return variables.typeOf(own);
    if (fallback !== undefined) {
      const type = variables.typeOf(fallback);
      return found === undefined ? type : union([type, found.type]);
    }
    // Facts that nobody gathered are not there.
    return found !== undefined && !this.#hasFacts && variables.isFactOnly(name) ? undefined : found?.type;
  }

  /** Infers the type of a template, and reports what is wrong with it. */
  #template(
    template: Template | Expression,
    sight: Sight,
    option?: { readonly module: Module | undefined; readonly name: string },
  ): Inferred {
    if (template instanceof Expression) return nothingKnown;
    const inferred = inferTemplate(template, sight.scope);
    const isWord = option?.module !== undefined && isWordOption(option.module, option.name, template.source);
    this.#tell(
      template,
      { ...inferred, problems: inferred.problems.filter(({ kind }) => kind !== "text" || isWord) },
      sight,
    );
    return inferred;
  }

  #condition(condition: Expression, sight: Sight): void {
    this.#tell(condition, inferCondition(condition, sight.scope), sight);
  }

  #tell(source: Template | Expression, { problems, uses }: Inferred, sight: Sight): void {
    const { report } = this.#input;
    for (const problem of problems) {
      if (sight.isShown === true && problem.kind !== "variable") continue;
      if (sight.isAsserted === true && problem.severity === "warning") continue;
      const isUnsure = this.#conditional > 0 || sight.isConditional || problem.isConditional === true;
      const told = problem.kind === "variable" ? this.#undefined(problem.name ?? "", sight) : diagnosticOf(problem);
      // What may not be reached is wrong, and no reason to stop: who does not use it need not define it.
      const isMaybe = isUnsure && (problem.kind === "variable" || problem.kind === "host" || problem.isWeak === true);
      const severity = sight.isExpected || isMaybe ? "warning" : told.severity;
      report.add(source, problem.place, { ...told, severity });
    }
    if (this.#conditional === 0 && !sight.isConditional && sight.isShown !== true)
      for (const use of uses) this.#partly(source, use, sight);
  }

  #undefined(name: string, sight: Sight): Omit<Diagnostic, "span"> {
    const { setLater, variables, loopNames: loops } = this.#input;
    return {
      severity: sight.isShown === true ? "warning" : "error",
      ...explainUndefined(name, {
        later: setLater.get(name),
        isLoopVariable: name === "item" || loops.has(name),
        loopVar: sight.loopVar,
        names: () => [...variables.names(), ...this.#assigned.names()],
      }),
    };
  }

  /** A variable that only some hosts of the play have. Told once: it is one thing to mend. */
  #partly(source: Template | Expression, { name, place }: VariableUse, sight: Sight): void {
    const { variables, movesHosts, report } = this.#input;
    if (
      this.#isAny ||
      movesHosts ||
      !sight.isOfPlay(name) ||
      this.#assigned.get(name) !== undefined ||
      variables.strongest(name) !== undefined
    )
      return;
    const lackedBy = variables.find(name)?.lackedBy ?? [];
    if (lackedBy.length === 0 || !report.isNew(`partly ${variables.play} ${name}`)) return;
    const hint = `define it for all of them, or write ${name} | default(…)`;
    const hosts = foldedHosts(lackedBy);
    report.add(source, place, {
      code: "V26",
      severity: sight.isExpected ? "warning" : "error",
      message: `"${name}" is not defined on ${hosts}`,
      missing: [name],
      hint,
    });
  }

  /** What the task leaves behind for those after it. */
  #apply(task: Task, module: Module | undefined, loop: ReadonlyMap<string, Type> | undefined, scope: TypeScope): void {
    const { shortName } = task.module;
    this.#isAny ||= bringsUnknownNames(task, this.#input.playbookPath);
    if (shortName === "setup") this.#hasFacts = true;
    if (shortName === "add_host") for (const name of Object.keys(task.args)) this.#assigned.set(name, any, false);
    if (shortName === "include_vars") {
      for (const name of includedNames(task, this.#input.playbookPath) ?? []) this.#assigned.set(name, any, false);
    }
    if (shortName === "set_fact") this.#applyFacts(task, scope);
    if (task.register !== undefined) {
      this.#assigned.set(task.register, module === undefined ? openMap() : resultType(module, loop), true);
    }
    if (shortName === "assert") for (const that of conditionsOfArguments(task)) addCondition(that, this.#asserted);
    const { free_form: meta } = task.args;
    if (shortName === "meta" && meta === "flush_handlers") this.flush();
    const ends = shortName === "fail" || (shortName === "meta" && typeof meta === "string" && meta.startsWith("end_"));
    if (ends) for (const condition of task.when) addCondition(condition, this.#asserted);
  }

  #applyFacts(task: Task, scope: TypeScope): void {
    // As `name=value` everything is a text to begin with, and Ansible makes booleans of some.
    const isText = task.node.entries.some(({ key, value }) => key.value === task.action && value.kind === "scalar");
    const isSure = task.when.length === 0 && task.loop === undefined;
    for (const [name, value] of Object.entries(task.args)) {
      const type = value instanceof Template ? inferTemplate(value, scope).type : this.#input.variables.typeOf(value);
      this.#assigned.set(name, isText ? any : weakened(type), isSure);
    }
  }
}

const hasMisspeltLoop = ({ node }: Task): boolean =>
  node.entries.some(({ key }) => {
    const name = String(key.value);
    return name.startsWith("with_") || suggest(name, ["loop", "with_items"]) !== undefined;
  });

const addCondition = (condition: Expression, guards: Guards): void => {
  const parsed = parsedExpression(condition);
  if (parsed.ok) guards.add(parsed.value);
};

/** A problem as it is told. */
export const diagnosticOf = ({ kind, severity, message, hint }: TypeProblem): Omit<Diagnostic, "span"> => {
  return { code: codes[kind], severity, message, ...(hint === undefined ? {} : { hint }) };
};

const codes = {
  variable: "V21",
  key: "V21",
  result: "V24",
  host: "V40",
  call: "V22",
  types: "V23",
  text: "V23",
  condition: "V27",
} as const;

/** More names than this are counted. */
const maxNamed = 4;

const foldedHosts = (hosts: readonly string[]): string => {
  const named = hosts.slice(0, maxNamed).join(", ");
  const more = hosts.length - maxNamed;
  return more > 0 ? `${named} and ${more} more` : named;
};
