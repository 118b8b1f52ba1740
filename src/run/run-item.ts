import type { Delegate } from "../events/event.ts";
import type { Task } from "../playbook/playbook.ts";
import type { Failure } from "../util/failure.ts";
import { err, ok, type Result } from "../util/result.ts";
import { Omit } from "../vars/omit.ts";
import { text } from "../vars/python/text.ts";
import { splitLines } from "../vars/python/split-lines.ts";
import { evaluateCondition, render, type TemplateContext } from "../vars/template.ts";
import type { Expression, Plain, PlainMap, Value } from "../vars/value.ts";
import { readyCall } from "./ready-call.ts";
import { HostState } from "./host-state.ts";
import { runAsJob } from "./run-job.ts";
import { type ModuleOutcome, runModule } from "./run-module.ts";
import type { RunServices } from "./run-services.ts";
import { templateFailure, unreachableKinds } from "./step-failure.ts";
import { isIgnored, StepKeywords } from "./step-keywords.ts";
import { contextOf, type ItemScope, type StepScope } from "./step-scope.ts";
import type { TaskScope } from "./variables.ts";

/** How one item (or the whole of a task without a loop) ended. */
export interface ItemRecord {
  readonly outcome: "ok" | "changed" | "skipped" | "failed" | "unreachable" | "cancelled";
  readonly result: PlainMap;
  /** The module skipped itself in a dry run: it would run. */
  readonly wouldRun: boolean;
  readonly failure?: Failure;
  readonly moduleOutcome?: ModuleOutcome;
  /** The host whose facts these are, where that is another one (delegate_facts). */
  readonly factsOf?: HostState;
  /** Where it worked, if that is another host. */
  readonly delegate?: Delegate;
  /** `ignore_errors` or `ignore_unreachable` covers the failure; of a loop, the failure of each item. */
  readonly ignored?: boolean;
  /** The handlers that it names, should the task count as changed. */
  readonly notify?: readonly string[];
  /** The items of a loop, in order. */
  readonly items?: readonly ItemRecord[];
}

/** Runs a task for one item: conditions, attempts, the module, and what its ending means. */
export const runItem = async (scope: StepScope, item?: PlainMap): Promise<ItemRecord> => {
  const own = item === undefined ? scope : itemScope(scope, item);
  const { context } = own;
  const record = await runIfWanted(scope, own);
  const notify = record.outcome === "ok" || record.outcome === "changed" ? namesIn(scope.task.notify, context) : ok([]);
  const end = notify.ok ? { ...record, notify: notify.value } : failed(notify.error, "template", record.result);
  return { ...end, ignored: isIgnored(new StepKeywords(scope.task, context), end.outcome) };
};

const itemScope = (scope: StepScope, item: PlainMap): ItemScope => {
  const vars = { ...scope.vars, item: { ...scope.vars.item, ...item } };
  return { vars, context: contextOf(scope, vars) };
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

const runIfWanted = async (scope: StepScope, own: ItemScope): Promise<ItemRecord> => {
  const runs = allTrue(scope.task.when, own.context);
  if (!runs.ok) return failed(runs.error, "template");
  if (runs.value !== undefined) {
    return skipped({ skip_reason: "Conditional result was False", false_condition: runs.value });
  }
  return runAttempts(scope, own);
};

/** The source of the first condition that is false; undefined where all hold. */
const allTrue = (conditions: readonly Expression[], context: TemplateContext): Result<string | undefined, string> => {
  for (const condition of conditions) {
    const holds = evaluateCondition(condition, context);
    if (!holds.ok) return err(templateFailure(holds.error, condition.span));
    if (!holds.value) return ok(condition.source);
  }
  return ok(undefined);
};

const runAttempts = async (scope: StepScope, own: ItemScope): Promise<ItemRecord> => {
  const { task, services, host, step } = scope;
  const keywords = new StepKeywords(task, own.context);
  const retries = keywords.number("retries");
  const delay = keywords.number("delay");
  if (!retries.ok) return failed(retries.error, "template");
  if (!delay.ok) return failed(delay.error, "template");
  const repeats = task.until.length > 0 || retries.value !== undefined;
  const most = repeats ? Math.max(0, retries.value ?? 3) : 0;
  const seconds = delay.value ?? 5;
  // A negative one is one second, as in Ansible.
  const delayMs = 1000 * (seconds < 0 ? 1 : seconds);
  for (let left = most; ; left--) {
    const record = await attempt(scope, own, keywords);
    const attempts = most - left + 1;
    const done = isDone(scope, own.vars, record);
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

const attempt = async (scope: StepScope, own: ItemScope, keywords: StepKeywords): Promise<ItemRecord> => {
  const ahead = scope.ahead?.take(scope.task);
  const ready = ahead === undefined ? readyCall(scope, own, keywords) : ok(ahead);
  if (!ready.ok) return failed(ready.error, "template");
  const { call, target, delegate } = ready.value;
  const outcome =
    call.job === undefined ? await runModule(call, ahead?.sent) : await runAsJob(call, call.job, scope.services.jobs);
  const where = delegate === undefined ? {} : { delegate };
  if (!outcome.ok) return { ...fromFailure(outcome.error, call.timeoutMs), ...where };
  scope.services.states.get(target)?.plan(outcome.value.planned);
  const record = { ...judge(scope, own.vars, outcome.value), ...where };
  const delegated = keywords.bool("delegate_facts");
  if (!delegated.ok) return failed(delegated.error, "template", record.result);
  return delegated.value === true && target !== scope.host
    ? { ...record, factsOf: stateOf(scope.services, target) }
    : record;
};

/** A host of no inventory, such as the implicit localhost, has facts as well. */
const stateOf = ({ states }: RunServices, host: string): HostState => {
  const state = states.get(host) ?? new HostState(host);
  states.set(host, state);
  return state;
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
    const { msg = "the task failed" } = result;
    // `fail` says whatever it is given, such as the result of another task.
    const message = typeof msg === "string" ? msg : JSON.stringify(msg);
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
