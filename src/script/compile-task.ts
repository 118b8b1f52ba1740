import type { HostModule, Module, ModuleContext } from "../modules/module.ts";
import type { Task } from "../playbook/playbook.ts";
import type { GrantStep } from "../shell/compile.ts";
import type { ShellFunction } from "../shell/program.ts";
import { quote } from "../shell/quote.ts";
import { Fault } from "../vars/evaluate/fault.ts";
import { OMIT, Omit } from "../vars/omit.ts";
import { text } from "../vars/python/text.ts";
import { lookUp, loopTerms } from "../vars/template.ts";
import { Expression, type Plain, Template, type Value, type ValueMap } from "../vars/value.ts";
import { ScriptExpressions, word } from "./expression.ts";
import { HostValue, hostValueOf, isPlain, type Symbolic } from "./host-value.ts";
import { lineDecision, lineinfileOnHost } from "./line-edit.ts";
import { compileProgram, typeOf } from "./program.ts";
import { resultRoot, wantedKeys, wantsFunction } from "./results.ts";
import { type Branches, type Condition, explore, type HostRoot, type ScriptScope } from "./scope.ts";

/** What a task is compiled with. */
export interface TaskInput {
  readonly task: Task;
  readonly module: Module;
  /** Unique in the script. */
  readonly number: number;
  readonly scope: ScriptScope;
  readonly moduleContext: ModuleContext;
  readonly grant: string;
  /** The variables that call the handlers of a name. */
  readonly notes: (name: string) => readonly string[];
}

/** A task as functions of a shell; its text is made when it is known what later tasks need of it. */
export interface CompiledTask {
  readonly functions: readonly ShellFunction[];
  /** Defines `cu_step_N`. */
  readonly text: () => string;
  /** What it calls itself, in English and in Korean. */
  readonly names: readonly [string, string];
  /** For people: whether it may change something, and on which condition it runs. */
  readonly acts: boolean;
  readonly conditions: readonly string[];
  /** What set_fact makes: values, where they are the same whatever the host; the others are variables of the script. */
  readonly facts: ReadonlyMap<string, Symbolic>;
}

/** A task that is never run, whatever the host, and what it leaves behind. */
export interface LeftOut {
  readonly leftOut: true;
}

/** What one item of a task comes to; `alwaysFails` where it is certain now that it will fail, and with which words. */
type Action = { readonly alwaysFails?: string } & (
  | { readonly kind: "program"; readonly text: string; readonly slots: readonly number[] }
  | { readonly kind: "assert"; readonly conditions: readonly Condition[]; readonly message: string }
  | { readonly kind: "fail"; readonly message: string }
  | { readonly kind: "say"; readonly message: string }
  | { readonly kind: "set"; readonly assignments: readonly string[] }
  | { readonly kind: "nothing" }
);

interface Item {
  readonly when: Branches<Condition>;
  readonly action: Branches<Action> | undefined;
}

/**
 * Compiles a task.
 *
 * @throws Fault where it needs what a script does not have
 */
export const compileTask = (input: TaskInput): CompiledTask | LeftOut => {
  const compiler = new TaskCompiler(input);
  return compiler.compile();
};

class TaskCompiler {
  readonly #input: TaskInput;
  readonly #functions = new Set<ShellFunction>();
  readonly #programs: string[] = [];
  readonly #texts = new Map<string, string>();
  readonly #facts = new Map<string, Symbolic>();

  constructor(input: TaskInput) {
    this.#input = input;
  }

  compile(): CompiledTask | LeftOut {
    const { task } = this.#input;
    const scopes = this.#items();
    // What needs a controller may stand in a task that this host never runs.
    const conditions = scopes.map((scope) => this.#when(scope));
    if (conditions.every((when) => "leaf" in when && when.leaf === false)) return { leftOut: true };
    this.#refuse();
    const items = scopes.map((scope, index): Item => {
      const when = conditions[index] ?? { leaf: true };
      const never = "leaf" in when && when.leaf === false;
      return {
        when,
        action: never
          ? undefined
          : explore((decisions) => {
              const action = this.#action(scope, new ScriptExpressions(scope, decisions));
              const isCertain = "leaf" in when && when.leaf === true && decisions.size === 0;
              if (isCertain && action.alwaysFails !== undefined) throw new Fault(action.alwaysFails);
              return action;
            }),
      };
    });
    const finish = this.#finish(task);
    return {
      functions: [...this.#functions],
      text: () => this.#text(items, finish()),
      names: this.#names(),
      acts: this.#acts(),
      conditions: this.#hostConditions(),
      facts: this.#facts,
    };
  }

  /** What is known when the script is made is no condition any more. */
  #hostConditions(): readonly string[] {
    const expressions = new ScriptExpressions(this.#input.scope, new Map());
    return this.#input.task.when.filter((condition) => expressions.uses(condition)).map(({ source }) => source.trim());
  }

  #acts(): boolean {
    const { module } = this.#input;
    return module.runs === "host" && module.readOnly !== true;
  }

  #names(): readonly [string, string] {
    const { task, scope } = this.#input;
    const expressions = new ScriptExpressions(scope, new Map());
    const own = (value: Value | undefined): string | undefined => {
      if (value === undefined || value === null || expressions.uses(value)) return undefined;
      const rendered = expressions.render(value);
      return typeof rendered === "string" ? rendered : undefined;
    };
    const english = own(task.own.name) ?? (task.own.name instanceof Template ? task.own.name.source : task.action);
    return [english, own(scope.context.variable("latchkey_name_ko")) ?? english];
  }

  /** Fails for what a script has no room for, with the reason. */
  #refuse(): void {
    const { task, module } = this.#input;
    const { inherited, own } = task;
    if (isSet(inherited.delegate_to)) {
      throw new Fault(`"delegate_to" runs a task on another host, and a script has only the one that it runs on`);
    }
    const becomes = inherited.become_user;
    if (isSet(becomes) && becomes !== "root") {
      throw new Fault('"become_user" is another account than root, and a script runs as root');
    }
    if (isSet(inherited.check_mode) && inherited.check_mode !== false) {
      throw new Fault('"check_mode" only says what would be done, and a script does it');
    }
    if (isSet(own.async) && own.async !== 0) {
      throw new Fault('"async" goes on without its task, and a script ends with its last one');
    }
    if (isSet(inherited.timeout) && inherited.timeout !== 0) {
      throw new Fault('"timeout" needs somebody who watches the task, which is the controller');
    }
    if (module.runs === "controller" && !controllerModules.has(task.module.shortName)) {
      throw new Fault(`the module "${task.module.shortName}" works on the controller`);
    }
    if (module.runs === "host" && module.confirmBy !== undefined) {
      throw new Fault(`the module "${task.module.shortName}" needs a controller that comes back over a new connection`);
    }
    if (module.runs === "host" && module.next !== undefined && !hasOwnForm.has(task.module.shortName)) {
      throw new Fault(`the module "${task.module.shortName}" works out what it writes on the controller`);
    }
    const control = own.loop_control;
    if (task.breakWhen.length > 0 || (typeof control === "object" && control !== null && "pause" in control)) {
      throw new Fault('"break_when" and "pause" of a loop need the controller');
    }
  }

  #items(): readonly ScriptScope[] {
    const { task, scope } = this.#input;
    if (task.loop === undefined) return [scope];
    const { terms, lookup, span } = task.loop;
    const list = placedAt(span, () => new ScriptExpressions(scope, new Map()).render(terms));
    if (lookup !== undefined && lookup !== "items") return this.#lookedUp(lookup, list);
    const items = Array.isArray(list) ? (list as readonly Symbolic[]) : undefined;
    if (items === undefined) {
      if (lookup === "items" && isPlain(list)) return [this.#withItem(list, 0)];
      throw new Fault("a loop of a script goes through a list that is known when it is made");
    }
    const all =
      lookup === "items"
        ? items.flatMap((item) => (Array.isArray(item) ? (item as readonly Symbolic[]) : [item]))
        : items;
    return all.map((item, index) => this.#withItem(item, index));
  }

  #lookedUp(lookup: string, terms: Symbolic): readonly ScriptScope[] {
    if (!isPlain(terms)) throw new Fault(`with_${lookup} goes through what is known when the script is made`);
    const items = lookUp(lookup, loopTerms(terms), this.#input.scope.context);
    if (!items.ok) throw new Fault(items.error.message);
    return items.value.map((item, index) => this.#withItem(item, index));
  }

  #withItem(item: Symbolic, index: number): ScriptScope {
    const { task, scope } = this.#input;
    const control = (task.own.loop_control ?? {}) as Readonly<Record<string, Value>>;
    const name = typeof control["loop_var"] === "string" ? control["loop_var"] : "item";
    const indexName = control["index_var"];
    const known: Record<string, Plain> = { ansible_loop_var: name };
    if (isPlain(item)) known[name] = item;
    if (typeof indexName === "string") known[indexName] = index;
    const { context } = scope;
    return {
      ...scope,
      context: {
        ...context,
        variable: (wanted) => (Object.hasOwn(known, wanted) ? known[wanted] : context.variable(wanted)),
      },
      values: isPlain(item) ? scope.values : new Map([...scope.values, [name, item]]),
    };
  }

  #when(scope: ScriptScope): Branches<Condition> {
    const { when } = this.#input.task;
    return explore((decisions) => {
      const expressions = new ScriptExpressions(scope, decisions);
      return allOf(when.map((condition) => expressions.condition(condition)));
    });
  }

  #action(scope: ScriptScope, expressions: ScriptExpressions): Action {
    const { task, module } = this.#input;
    const { shortName } = task.module;
    if (module.runs === "host") return this.#program(module, scope, expressions);
    const args = Object.assign(
      {},
      ...task.moduleDefaults.map((map) => map[task.module.name] ?? {}),
      task.args,
    ) as ValueMap;
    const said = (option: string, usual: string): Symbolic => {
      const value = expressions.render(args[option] ?? usual);
      return value instanceof Omit ? usual : value;
    };
    switch (shortName) {
      case "assert":
        return this.#assert(args, expressions, said("msg" in args ? "msg" : "fail_msg", "Assertion failed"));
      case "fail": {
        const message = said("msg", "Failed as requested from task");
        return { kind: "fail", message: wordOf(message), alwaysFails: textOf(message) };
      }
      case "debug":
        if (args["var"] !== undefined) throw new Fault("debug with var shows a value of the run; use msg in a script");
        return { kind: "say", message: wordOf(said("msg", "Hello world!")) };
      case "set_fact":
        return this.#setFacts(args, scope, expressions);
      default:
        return { kind: "nothing" };
    }
  }

  /** What depends on the host goes into a variable of the script; it keeps its type. */
  #setFacts(args: ValueMap, scope: ScriptScope, expressions: ScriptExpressions): Action {
    const isCertain = this.#hostConditions().length === 0;
    const assignments = Object.entries(args).flatMap(([name, written]) => {
      const value = name === "cacheable" ? OMIT : expressions.render(written);
      if (value instanceof Omit) return [];
      const all = explore((decisions) => new ScriptExpressions(scope, decisions).render(written));
      if (isCertain && "leaf" in all && !(value instanceof HostValue)) {
        this.#facts.set(name, value);
        return [];
      }
      const slot = scope.slots.of([name]);
      this.#facts.set(name, hostValueOf(slot));
      return [assignment(slot.number, name, value)];
    });
    return { kind: "set", assignments };
  }

  #assert(args: ValueMap, expressions: ScriptExpressions, message: Symbolic): Action {
    const that = args["that"];
    const conditions = (Array.isArray(that) ? (that as readonly Value[]) : [that ?? true]).map((written) => {
      if (typeof written === "boolean") return written;
      const source = written instanceof Template ? written.source : text(written as Plain);
      const span = written instanceof Template ? written.span : this.#input.task.span;
      return expressions.condition(span === undefined ? new Expression(source) : new Expression(source, span));
    });
    return {
      kind: "assert",
      conditions: conditions.filter((condition) => condition !== true),
      message: wordOf(message),
      ...(conditions.includes(false) ? { alwaysFails: textOf(message) } : {}),
    };
  }

  #program(module: HostModule, scope: ScriptScope, expressions: ScriptExpressions): Action {
    const { task, moduleContext, grant } = this.#input;
    const { shortName, name } = task.module;
    const names = [`ansible.builtin.${shortName}`, name, shortName];
    const defaults = task.moduleDefaults.flatMap((map) => names.flatMap((known) => map[known] ?? [])).at(-1);
    const args: Record<string, Symbolic> = {};
    for (const [option, written] of Object.entries(Object.assign({}, defaults, task.args) as ValueMap)) {
      const value = expressions.render(written);
      if (value instanceof Omit) continue;
      const isSwitch = typeOf(module, option) === "boolean" && value instanceof HostValue;
      args[option] = isSwitch ? expressions.decide({ code: `cu_yes ${word(value)}` }) : value;
    }
    checkSecret(shortName, args);
    const environment = Object.assign({}, ...task.environment.map((entry) => expressions.render(entry))) as Readonly<
      Record<string, Symbolic>
    >;
    if (!isPlain(environment)) throw new Fault('"environment" holds what only the host knows');
    const isLine = shortName === "lineinfile";
    const program = compileProgram({
      module: isLine ? lineinfileOnHost(module) : module,
      ...(isLine ? { decision: lineDecision(args["state"]) } : {}),
      action: task.action,
      args,
      context: moduleContext,
      environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, text(value as Plain)])),
      grant: this.#grantStep(grant, scope, expressions),
    });
    if (!program.ok) throw new Fault(program.error);
    for (const fn of program.value.functions) this.#functions.add(fn);
    return { kind: "program", text: program.value.text, slots: program.value.slots };
  }

  /** The author's word of how the task is taken back, as a run has it. */
  #grantStep(id: string, scope: ScriptScope, expressions: ScriptExpressions): GrantStep {
    const [name] = this.#names();
    const written = scope.context.variable("latchkey_undo");
    const undo = written === undefined ? undefined : expressions.render(written);
    if (undo === undefined || undo === null || undo instanceof Omit) return { id, name };
    if (undo instanceof HostValue) throw new Fault('"latchkey_undo" holds what only the host knows');
    return { id, name, undo: typeof undo === "string" ? { command: undo } : "keep" };
  }

  // The text

  #finish(task: Task): () => Finish {
    const { notes } = this.#input;
    const scope = withResult(this.#input);
    const judged = (conditions: readonly Expression[]): Condition | undefined => {
      if (conditions.length === 0) return undefined;
      const expressions = new ScriptExpressions(scope, new Map());
      return allOf(conditions.map((condition) => expressions.condition(condition)));
    };
    const known = (value: Value | undefined): Plain => {
      const rendered = value === undefined ? null : new ScriptExpressions(scope, new Map()).render(value);
      if (rendered instanceof Omit) return null;
      if (!isPlain(rendered)) throw new Fault("a keyword of this task depends on what only the host knows");
      return rendered;
    };
    const changedWhen = judged(task.changedWhen);
    const failedWhen = judged(task.failedWhen);
    const until = judged(task.until);
    const ignore = known(task.inherited.ignore_errors) === true;
    const hidden = known(task.inherited.no_log) === true;
    const retries = Number(known(task.own.retries) ?? 3);
    const delay = Number(known(task.own.delay) ?? 5);
    const called = task.notify.flatMap((name) => notes(text(known(name))));
    return () => ({ changedWhen, failedWhen, until, ignore, hidden, retries, delay, called });
  }

  #text(items: readonly Item[], finish: Finish): string {
    const { number, module } = this.#input;
    const [english, korean] = this.#names();
    const { register } = this.#input.task;
    const slots = register === undefined ? [] : this.#input.scope.slots.below(register);
    const body = items.map((item) => this.#itemText(item, finish)).join("");
    return [
      ...this.#programs,
      wantsFunction(`cu_wants_${number}`, this.#wants()),
      `cu_step_${number}() {\n`,
      "cu_go || return\n",
      `cu_task ${quote(english)} ${quote(korean)}\n`,
      module.runs === "host" && module.readOnly !== true ? "" : "cu_quiet=1\n",
      slots.map((slot) => `h_${slot.number}_t=\n`).join(""),
      body,
      this.#flags("task"),
      finish.called.length === 0
        ? ""
        : `if [ "$cu_changed" = true ]; then ${finish.called.map((note) => `${note}=1`).join(" ")}; fi\n`,
      finish.hidden ? "cu_hide\n" : "",
      `cu_finish ${finish.ignore ? "1" : "''"}\n`,
      "}\n",
    ].join("");
  }

  #wants(): readonly string[] {
    const { task, scope } = this.#input;
    const own = task.register === undefined ? [] : wantedKeys(scope.slots.below(task.register));
    return task.module.shortName === "getent" ? [...own, "output) cu_slot=out ;;"] : own;
  }

  /** What of the result no body tells: of one attempt, or of the whole task. */
  #flags(of: "attempt" | "task"): string {
    const { register } = this.#input.task;
    const slots = register === undefined ? [] : this.#input.scope.slots.below(register);
    return slots
      .flatMap(({ number, path }) => {
        const tests: Readonly<Record<string, string>> = flagTests[of];
        const test = path.length === 2 ? tests[String(path[1])] : undefined;
        return test === undefined ? [] : [`cu_flag ${number} ${test}\n`];
      })
      .join("");
  }

  #itemText({ when, action }: Item, finish: Finish): string {
    if (action === undefined) return "";
    const run = branchText(action, (leaf) => this.#actionText(leaf));
    const judge = `${this.#flags("attempt")}${this.#judgeText(finish)}`;
    const attempt = finish.until === undefined ? `${run}${judge}` : retryText(`${run}${judge}`, finish);
    const whole = `${attempt}cu_ended\n`;
    return branchText(when, (condition) => {
      if (condition === true) return `cu_missing=\n${whole}`;
      if (condition === false) return "";
      return `cu_missing=\nif ${condition.code}; then\n${whole}elif [ -n "$cu_missing" ]; then\ncu_undefined\ncu_ended\nfi\n`;
    });
  }

  #actionText(action: Action): string {
    const { number } = this.#input;
    switch (action.kind) {
      case "program": {
        const name = this.#programName(action.text);
        const need = action.slots.length === 0 ? "" : `cu_need ${action.slots.join(" ")}\n`;
        return `${need}cu_module ${name} cu_wants_${number}\n${this.#afterModule()}`;
      }
      case "assert":
        return action.conditions
          .map((condition) => {
            if (condition === false) return `cu_fail ${action.message}\n`;
            return condition === true
              ? ""
              : `[ -n "$cu_outcome" ] || { ${condition.code}; } || cu_fail ${action.message}\n`;
          })
          .join("")
          .concat('[ -n "$cu_outcome" ] || cu_outcome=ok\n')
          .replace(/^/, "cu_outcome=\n");
      case "fail":
        return `cu_fail ${action.message}\n`;
      case "say":
        return `cu_said ${action.message}\n`;
      case "set":
        return `${action.assignments.join("")}if [ -n "$cu_missing" ]; then cu_undefined; else cu_outcome=ok; fi\n`;
      case "nothing":
        return "cu_outcome=ok\n";
    }
  }

  #programName(program: string): string {
    const known = this.#texts.get(program);
    if (known !== undefined) return known;
    const name = `cu_program_${this.#input.number}_${this.#texts.size + 1}`;
    this.#texts.set(program, name);
    this.#programs.push(`${name}() {\n${program}}\n`);
    return name;
  }

  /** What commands print, and what an entry of the name service says, in variables. */
  #afterModule(): string {
    const { task, scope } = this.#input;
    const own = task.register === undefined ? [] : scope.slots.below(task.register);
    const streams = own.flatMap(({ number, path }) => {
      const [, key] = path;
      if (path.length !== 2 || (key !== "stdout" && key !== "stderr")) return [];
      return [`cu_stream ${number} "$cu_${key}"\n`];
    });
    const message = own.flatMap(({ number, path }) =>
      path.length === 2 && path[1] === "msg" ? [`h_${number}=$cu_msg h_${number}_t=s\n`] : [],
    );
    const { database } = task.args;
    const entries =
      task.module.shortName === "getent" && typeof database === "string" ? scope.slots.below(`getent_${database}`) : [];
    const key = entries.length === 0 ? undefined : this.#getentKey();
    const fields = entries.flatMap(({ number, path }) => {
      if (path[1] !== key) return [];
      return [path.length === 2 ? `cu_entry ${number}\n` : `cu_column ${number} ${String(path[2])}\n`];
    });
    return [...streams, ...message, ...fields].join("");
  }

  #getentKey(): string | undefined {
    const { task, scope } = this.#input;
    const key = new ScriptExpressions(scope, new Map()).render(task.args["key"] ?? null);
    return typeof key === "string" ? key : undefined;
  }

  #judgeText({ changedWhen, failedWhen }: Finish): string {
    const tell = (condition: Condition, yes: string, no: string): string => {
      if (typeof condition === "boolean") return condition ? yes : no;
      return `cu_missing=\nif ${condition.code}; then ${yes}; elif [ -n "$cu_missing" ]; then cu_undefined; else ${no}; fi\n`;
    };
    const changed =
      changedWhen === undefined
        ? ""
        : `if [ "$cu_outcome" != failed ]; then\n${tell(changedWhen, "cu_outcome=changed", "cu_outcome=ok")}\nfi\n`;
    const failed = failedWhen === undefined ? "" : `${tell(failedWhen, "cu_outcome=failed", "cu_not_failed")}\n`;
    return changed + failed;
  }
}

interface Finish {
  readonly changedWhen: Condition | undefined;
  readonly failedWhen: Condition | undefined;
  readonly until: Condition | undefined;
  readonly ignore: boolean;
  readonly hidden: boolean;
  readonly retries: number;
  readonly delay: number;
  readonly called: readonly string[];
}

/** What a script knows of an outcome, as words of test(1). */
const flagTests = {
  attempt: { changed: '"$cu_outcome" = changed', failed: '"$cu_outcome" = failed', skipped: "0 = 1" },
  task: { changed: '"$cu_changed" = true', failed: '"${cu_failed-}" = 1', skipped: '"$cu_items${cu_failed-}" = 0' },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

/** The scope in which a task's own result is judged. */
const withResult = ({ task, module, scope }: TaskInput): ScriptScope => {
  const root = rootOf({ task, module, scope });
  return root === undefined ? scope : { ...scope, roots: new Map([...scope.roots, root]) };
};

/** The variable that a task registers. */
export const rootOf = ({
  task,
  module,
  scope,
}: Pick<TaskInput, "task" | "module" | "scope">): readonly [string, HostRoot] | undefined => {
  if (task.register === undefined) return undefined;
  const told = module.runs === "host" ? module : undefined;
  return [
    task.register,
    resultRoot(task.register, { module: told, isLoop: task.loop !== undefined, slots: scope.slots }),
  ];
};

/** Code that gives a variable a value. */
const assignment = (number: number, name: string, value: Symbolic): string => {
  const set = (to: string, type: string): string => `h_${number}=${to} h_${number}_t=${type}\n`;
  if (value instanceof HostValue) {
    const { only } = value;
    const from = only?.slots[0]?.number;
    if (only?.type !== "any" || from === undefined) return set(word(value), only?.type === "number" ? "i" : "s");
    return `cu_need ${from}\n[ -n "$cu_missing" ] || ${set(`$h_${from}`, `$h_${from}_t`)}`;
  }
  if (value === null) return set("''", "n");
  if (typeof value === "string") return set(quote(value), "s");
  if (typeof value === "number") return set(quote(String(value)), "i");
  if (typeof value === "boolean") return set(String(value), "b");
  throw new Fault(`"${name}" is a list or a mapping that depends on the host`);
};

/** The modules of the controller that a script has in its own way. */
const controllerModules = new Set(["assert", "fail", "debug", "set_fact", "meta"]);

/**
 * The modules that come back to the controller and work in a script all the same: of a content a script has all from the
 * start, and a plain line needs no pattern.
 */
const hasOwnForm = new Set(["copy", "template", "lineinfile"]);

const isSet = (value: Value | undefined): boolean => value !== undefined && value !== null;

const placedAt = <T>(span: Task["span"], run: () => T): T => {
  try {
    return run();
  } catch (error) {
    if (error instanceof Fault) error.span ??= span;
    throw error;
  }
};

/** A password's hash lets whoever reads the script try passwords. */
const checkSecret = (module: string, args: Readonly<Record<string, Symbolic>>): void => {
  const { password } = args;
  if (module === "user" && password !== undefined && (typeof password !== "string" || /[^*!]/.test(password))) {
    throw new Fault(
      "the task sets a password, and a script carries no secret: everybody who has it could try passwords",
    );
  }
  if (JSON.stringify(Object.values(args)).includes("PRIVATE KEY")) {
    throw new Fault("the task holds a private key, and a script carries no secret");
  }
};

const allOf = (conditions: readonly Condition[]): Condition => {
  if (conditions.includes(false)) return false;
  const codes = conditions.flatMap((condition) => (typeof condition === "boolean" ? [] : [condition.code]));
  return codes.length === 0 ? true : { code: codes.join(" && ") };
};

const textOf = (value: Symbolic): string => (value instanceof HostValue ? word(value) : text(value as Plain));

const wordOf = (value: Symbolic): string => (value instanceof HostValue ? word(value) : quote(text(value as Plain)));

const branchText = <T>(branches: Branches<T>, leafText: (leaf: T) => string): string => {
  if ("leaf" in branches) return leafText(branches.leaf);
  const { code, yes, no } = branches;
  const [first, second] = [branchText(yes, leafText), branchText(no, leafText)];
  if (first === second) return first;
  return `if ${code}; then\n${first || ":\n"}else\n${second || ":\n"}fi\n`;
};

const retryText = (attempt: string, { until, retries, delay }: Finish): string => {
  const condition = typeof until === "object" ? until.code : until === true ? ":" : "false";
  return [
    `cu_left=${retries}\n`,
    `while :; do\ncu_missing=\n${attempt}`,
    `if ${condition}; then break; fi\n`,
    `if [ "$cu_left" -le 0 ] || [ -n "$cu_missing" ]; then cu_outcome=failed; break; fi\n`,
    `cu_left=$((cu_left - 1))\nsleep ${delay}\ndone\n`,
  ].join("");
};
