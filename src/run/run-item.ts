import type { ConnectionSettings } from "../inventory/connection.ts";
import type { Module } from "../modules/module.ts";
import type { Task } from "../playbook/playbook.ts";
import type { Failure } from "../util/failure.ts";
import { err, ok, type Result } from "../util/result.ts";
import { Omit } from "../vars/omit.ts";
import { text } from "../vars/python/text.ts";
import { splitLines } from "../vars/python/split-lines.ts";
import { evaluateCondition, render, type TemplateContext } from "../vars/template.ts";
import { type Expression, type Plain, type PlainMap, Template, type Value, type ValueMap } from "../vars/value.ts";
import { createControllerContext } from "./controller-context.ts";
import type { Ahead } from "./ahead.ts";
import { connectionKey } from "./connections.ts";
import { type ModuleCall, type ModuleOutcome, runModule } from "./run-module.ts";
import type { RunServices } from "./run-services.ts";
import { isIgnored, StepKeywords } from "./step-keywords.ts";
import { templateFailure, unreachableKinds } from "./step-failure.ts";
import type { PlayScope, TaskScope } from "./variables.ts";

/** A step on one host: what is the same for all its attempts and items. */
export interface StepScope {
  readonly services: RunServices;
  readonly play: PlayScope;
  readonly host: string;
  readonly task: Task;
  readonly module: Module;
  readonly step: number;
  /** Under no_log: nothing of what the module says may reach an event. */
  readonly hidden: boolean;
  readonly vars: TaskScope;
  /** What was sent to the host before its step began. */
  readonly ahead?: Ahead | undefined;
}

/** How one item (or the whole of a task without a loop) ended. */
export interface ItemRecord {
  readonly outcome: "ok" | "changed" | "skipped" | "failed" | "unreachable" | "cancelled";
  readonly result: PlainMap;
  /** The module skipped itself in a dry run: it would run. */
  readonly wouldRun: boolean;
  readonly failure?: Failure;
  readonly moduleOutcome?: ModuleOutcome;
  /** `ignore_errors` or `ignore_unreachable` covers the failure; of a loop, the failure of each item. */
  readonly ignored?: boolean;
  /** The handlers that it names, should the task count as changed. */
  readonly notify?: readonly string[];
  /** The items of a loop, in order. */
  readonly items?: readonly ItemRecord[];
}

/** Runs a task for one item: conditions, attempts, the module, and what its ending means. */
export const runItem = async (scope: StepScope, item: PlainMap): Promise<ItemRecord> => {
  const vars = { ...scope.vars, item: { ...scope.vars.item, ...item } };
  const record = await runIfWanted(scope, vars);
  const context = contextOf(scope, vars);
  const notify = record.outcome === "ok" || record.outcome === "changed" ? namesIn(scope.task.notify, context) : ok([]);
  const end = notify.ok ? { ...record, notify: notify.value } : failed(notify.error, "template", record.result);
  return { ...end, ignored: isIgnored(new StepKeywords(scope.task, context), end.outcome) };
};

/** The names of handlers, rendered; a template may give a list of them. */
const namesIn = (values: readonly Value[], context: TemplateContext): Result<readonly string[], string> => {
  const names: string[] = [];
  for (const value of values) {
    const rendered = render(value, context);
    if (!rendered.ok) return err(rendered.error.message);
    const listed = rendered.value;
    if (listed instanceof Omit || listed === null) continue;
    names.push(...(Array.isArray(listed) ? listed : [listed]).map((name: Plain) => text(name)));
  }
  return ok(names);
};

const runIfWanted = async (scope: StepScope, vars: TaskScope): Promise<ItemRecord> => {
  const context = contextOf(scope, vars);
  const runs = allTrue(scope.task.when, context);
  if (!runs.ok) return failed(runs.error, "template");
  if (runs.value !== undefined) {
    return skipped({ skip_reason: "Conditional result was False", false_condition: runs.value });
  }
  return runAttempts(scope, vars);
};

const contextOf = (scope: StepScope, vars: TaskScope): TemplateContext =>
  scope.services.variables.context(scope.host, scope.play, vars);

/** The source of the first condition that is false; undefined where all hold. */
const allTrue = (conditions: readonly Expression[], context: TemplateContext): Result<string | undefined, string> => {
  for (const condition of conditions) {
    const holds = evaluateCondition(condition, context);
    if (!holds.ok) return err(templateFailure(holds.error, condition.span));
    if (!holds.value) return ok(condition.source);
  }
  return ok(undefined);
};

const runAttempts = async (scope: StepScope, vars: TaskScope): Promise<ItemRecord> => {
  const { task, services, host, step } = scope;
  const keywords = new StepKeywords(task, contextOf(scope, vars));
  const retries = keywords.number("retries");
  const delay = keywords.number("delay");
  if (!retries.ok) return failed(retries.error, "template");
  if (!delay.ok) return failed(delay.error, "template");
  const repeats = task.until.length > 0 || retries.value !== undefined;
  const most = repeats ? Math.max(0, retries.value ?? 3) : 0;
  const delayMs = 1000 * Math.max(0, delay.value ?? 5);
  for (let left = most; ; left--) {
    const record = await attempt(scope, vars, keywords);
    const attempts = most - left + 1;
    const done = isDone(scope, vars, record);
    if (!done.ok) return failed(done.error, "template");
    const again = repeats && !done.value && record.outcome !== "unreachable" && record.outcome !== "cancelled";
    const counted = repeats ? { ...record, result: { ...record.result, attempts } } : record;
    if (!again) return counted;
    // Used up, they are counted without the first, as Ansible does.
    if (left === 0) return outOfAttempts({ ...record, result: { ...record.result, attempts: most } });
    services.emit({ type: "step.retry", step, host, left, delayMs });
    await services.io.wait(delayMs, services.signal);
    if (services.signal.aborted) return cancelled();
  }
};

const outOfAttempts = (record: ItemRecord): ItemRecord => ({
  ...record,
  outcome: "failed",
  result: { ...record.result, failed: true },
  failure: record.failure ?? { kind: "module", message: "`until` was not met in any attempt" },
});

/** Whether `until` is met; without it, whether the attempt did not fail. */
const isDone = (scope: StepScope, vars: TaskScope, record: ItemRecord): Result<boolean, string> => {
  if (scope.task.until.length === 0) return ok(record.outcome !== "failed");
  const unmet = allTrue(scope.task.until, contextOf(scope, withResult(scope, vars, record.result)));
  return unmet.ok ? ok(unmet.value === undefined) : unmet;
};

const withResult = (scope: StepScope, vars: TaskScope, result: PlainMap): TaskScope => {
  const { register } = scope.task;
  return register === undefined ? vars : { ...vars, item: { ...vars.item, [register]: result } };
};

const attempt = async (scope: StepScope, vars: TaskScope, keywords: StepKeywords): Promise<ItemRecord> => {
  const ahead = scope.ahead?.take(scope.task);
  const ready = ahead === undefined ? readyCall(scope, vars, keywords) : ok(ahead);
  if (!ready.ok) return failed(ready.error, "template");
  const { call, target } = ready.value;
  const outcome = await runModule(call, ahead?.sent);
  if (!outcome.ok) return fromFailure(outcome.error, call.timeoutMs);
  scope.services.states.get(target)?.plan(outcome.value.planned);
  return judge(scope, vars, outcome.value);
};

/** A module's call that can go, and the host where it works: another one with `delegate_to`. */
export interface ReadyCall {
  readonly call: ModuleCall;
  readonly target: string;
  /** Whose shell runs it: calls with equal marks share one. */
  readonly shell: string;
}

/** Renders what a task needs for its call. */
export const readyCall = (scope: StepScope, vars: TaskScope, keywords: StepKeywords): Result<ReadyCall, string> => {
  const { services, host, task, module } = scope;
  const context = contextOf(scope, vars);
  const prepared = prepare(scope, vars, keywords, context);
  if (!prepared.ok) return prepared;
  const { args, environment, settings, timeoutMs } = prepared.value;
  const { signal } = services;
  // What a dry run would have made is where the task runs, which may be another host.
  const target = settings.target.name;
  const call: ModuleCall = {
    module,
    action: task.action,
    args,
    context: createControllerContext({ scope, context, settings, check: vars.check, diff: vars.diff }),
    session: () => services.connections.session(settings, signal),
    environment,
    planned: vars.check ? (services.states.get(target)?.planned ?? []) : [],
    timeoutMs,
    onOutput: (stream, text) => {
      if (!scope.hidden) services.emit({ type: "step.output", step: scope.step, host, stream, text });
    },
  };
  return ok({ call, target, shell: `${connectionKey(settings)}\n${settings.become?.method} ${settings.become?.user}` });
};

interface Prepared {
  readonly args: PlainMap;
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: ConnectionSettings;
  readonly timeoutMs: number | undefined;
}

const prepare = (
  scope: StepScope,
  vars: TaskScope,
  keywords: StepKeywords,
  context: TemplateContext,
): Result<Prepared, string> => {
  const settings = connectionOf(scope, vars, keywords, context);
  if (!settings.ok) return settings;
  const environment = environmentOf(scope.task, context);
  if (!environment.ok) return environment;
  const args = argumentsOf(scope, context);
  if (!args.ok) return args;
  const timeout = keywords.number("timeout");
  if (!timeout.ok) return timeout;
  const timeoutMs = timeout.value === undefined || timeout.value <= 0 ? undefined : timeout.value * 1000;
  return ok({ args: args.value, environment: environment.value, settings: settings.value, timeoutMs });
};

/** How a task's host is reached: its variables over the task's keywords over the command line. */
export const connectionOf = (
  scope: Pick<StepScope, "services" | "play" | "host">,
  vars: TaskScope,
  keywords: StepKeywords,
  context: TemplateContext,
): Result<ConnectionSettings, string> => {
  const { services, play, host } = scope;
  const delegate = keywords.text("delegate_to");
  if (!delegate.ok) return delegate;
  const target = delegate.value ?? host;
  const targetContext = delegate.value === undefined ? context : services.variables.context(target, play, vars);
  const text = (name: "connection" | "remote_user" | "become_user" | "become_method" | "become_flags") =>
    keywords.text(name);
  const [connection, remoteUser, becomeUser] = [text("connection"), text("remote_user"), text("become_user")];
  const [becomeMethod, becomeFlags] = [text("become_method"), text("become_flags")];
  const become = keywords.bool("become");
  const port = keywords.number("port");
  for (const read of [connection, remoteUser, becomeUser, becomeMethod, becomeFlags, become, port]) {
    if (!read.ok) return read;
  }
  return services.connections.settings(target, targetContext, {
    connection: valueOf(connection),
    remoteUser: valueOf(remoteUser),
    become: valueOf(become),
    becomeUser: valueOf(becomeUser),
    becomeMethod: valueOf(becomeMethod),
    becomeFlags: valueOf(becomeFlags),
    port: valueOf(port),
  });
};

const valueOf = <T>(result: Result<T, string>): T | undefined => (result.ok ? result.value : undefined);

const environmentOf = (task: Task, context: TemplateContext): Result<Readonly<Record<string, string>>, string> => {
  const environment: Record<string, string> = {};
  for (const entry of task.environment) {
    const rendered = render(entry, context);
    if (!rendered.ok) return err(templateFailure(rendered.error, task.span));
    const value = rendered.value;
    if (value instanceof Omit || value === null) continue;
    if (typeof value !== "object" || Array.isArray(value))
      return err("environment must be a mapping of names to texts");
    for (const [name, item] of Object.entries(value as PlainMap)) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return err(`"${name}" is no name of an environment variable`);
      environment[name] = text(item);
    }
  }
  return ok(environment);
};

/** The arguments rendered, over those of module_defaults. What a module evaluates itself is left as it is written. */
const argumentsOf = ({ task, module }: StepScope, context: TemplateContext): Result<PlainMap, string> => {
  const { shortName, name } = task.module;
  const names = [`ansible.builtin.${shortName}`, name, shortName];
  // The innermost defaults that name the module replace those further out as a whole.
  const defaults = task.moduleDefaults.flatMap((map) => names.flatMap((known) => map[known] ?? [])).at(-1);
  const args: ValueMap = Object.assign({}, defaults, task.args);
  const rendered = render(withoutExpressions(module, args), context);
  if (!rendered.ok) return err(templateFailure(rendered.error, task.span));
  const values = rendered.value;
  if (values instanceof Omit || typeof values !== "object" || values === null || Array.isArray(values)) return ok({});
  return ok({ ...(values as PlainMap), ...expressionsOf(module, args) });
};

const isExpression = (module: Module, option: string): boolean => module.expressions?.includes(option) === true;

const withoutExpressions = (module: Module, args: ValueMap): ValueMap =>
  Object.fromEntries(Object.entries(args).filter(([option]) => !isExpression(module, option)));

/** Expressions reach the module as their source; only what stands in a trusted file without markers is one. */
const expressionsOf = (module: Module, args: ValueMap): PlainMap =>
  Object.fromEntries(
    Object.entries(args)
      .filter(([option]) => isExpression(module, option))
      .map(([option, value]) => [option, plainExpression(value)]),
  );

const plainExpression = (value: ValueMap[string]): Plain => {
  if (Array.isArray(value)) return value.map(plainExpression);
  if (value instanceof Template) return value.source;
  return typeof value === "object" ? null : value;
};

/** Applies changed_when and failed_when to what the module said. */
const judge = (scope: StepScope, vars: TaskScope, said: ModuleOutcome): ItemRecord => {
  const { task } = scope;
  const fields = withPrefixedFacts(scope.task, said.fields as PlainMap);
  const base: PlainMap = {
    ...fields,
    ...outputLines(fields),
    changed: said.outcome === "changed" || said.fields["changed"] === true,
    failed: said.outcome === "failed",
  };
  if (said.outcome === "skipped") {
    return { outcome: "skipped", result: { ...base, skipped: true }, wouldRun: vars.check, moduleOutcome: said };
  }
  let result = base;
  if (task.changedWhen.length > 0) {
    const unmet = allTrue(task.changedWhen, contextOf(scope, withResult(scope, vars, result)));
    if (!unmet.ok) return failed(unmet.error, "template", result);
    result = { ...result, changed: unmet.value === undefined };
  }
  if (task.failedWhen.length > 0) {
    const unmet = allTrue(task.failedWhen, contextOf(scope, withResult(scope, vars, result)));
    if (!unmet.ok) return failed(unmet.error, "template", result);
    result = { ...result, failed: unmet.value === undefined, failed_when_result: unmet.value === undefined };
  }
  if (result["failed"] === true) {
    const message = typeof result["msg"] === "string" ? result["msg"] : "the task failed";
    return { outcome: "failed", result, wouldRun: false, failure: { kind: "module", message }, moduleOutcome: said };
  }
  return { outcome: result["changed"] === true ? "changed" : "ok", result, wouldRun: false, moduleOutcome: said };
};

/** What a module printed, line by line: `stdout_lines` and `stderr_lines`. */
const outputLines = (fields: PlainMap): PlainMap =>
  Object.fromEntries(
    ["stdout", "stderr"].flatMap((stream) => {
      const text = fields[stream];
      return typeof text === "string" ? [[`${stream}_lines`, splitLines(text, false)]] : [];
    }),
  );

/** The facts of `setup` have names without a prefix; results and variables carry `ansible_`. */
const withPrefixedFacts = (task: Task, fields: PlainMap): PlainMap => {
  const facts = fields["ansible_facts"];
  if (task.module.shortName !== "setup" || typeof facts !== "object" || facts === null) return fields;
  const named = Object.entries(facts).map(([name, value]) => [`ansible_${name}`, value] as const);
  return { ...fields, ansible_facts: Object.fromEntries(named) };
};

const fromFailure = (failure: Failure, timeoutMs: number | undefined): ItemRecord => {
  if (failure.kind === "cancelled") return cancelled();
  const timedOut = failure.kind === "timeout" && timeoutMs !== undefined;
  const result = {
    msg: failure.message,
    changed: false,
    ...(timedOut ? { timedout: { period: timeoutMs / 1000 } } : {}),
  };
  if (unreachableKinds.has(failure.kind)) {
    return { outcome: "unreachable", result: { ...result, unreachable: true }, wouldRun: false, failure };
  }
  return { outcome: "failed", result: { ...result, failed: true }, wouldRun: false, failure };
};

const cancelled = (): ItemRecord => {
  const message = "interrupted";
  const result = { msg: message, changed: false, failed: true };
  return { outcome: "cancelled", result, wouldRun: false, failure: { kind: "cancelled", message } };
};

const skipped = (why: PlainMap): ItemRecord => ({
  outcome: "skipped",
  result: { changed: false, skipped: true, ...why },
  wouldRun: false,
});

/** A step that could not even be tried. */
export const failed = (message: string, kind: Failure["kind"], result: PlainMap = {}): ItemRecord => ({
  outcome: "failed",
  result: { changed: false, ...result, failed: true, msg: message },
  wouldRun: false,
  failure: { kind, message },
});
