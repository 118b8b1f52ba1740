import type { StepEnd } from "../events/event.ts";
import type { Task } from "../playbook/playbook.ts";
import { Omit } from "../vars/omit.ts";
import { render, type TemplateContext } from "../vars/template.ts";
import { type Plain, Template } from "../vars/value.ts";
import type { Ahead } from "./ahead.ts";
import { censored, hiddenFailure } from "./censor.ts";
import type { HostState } from "./host-state.ts";
import { remember } from "./remember.ts";
import { failed, type ItemRecord, runItem } from "./run-item.ts";
import type { Brought, ItemScope, StepScope } from "./step-scope.ts";
import { runLoop } from "./run-loop.ts";
import type { RunServices } from "./run-services.ts";
import { isIgnored, StepKeywords } from "./step-keywords.ts";
import type { StepRecord } from "./step-record.ts";
import type { PlayScope, TaskScope } from "./variables.ts";

/** What surrounds one step. */
export interface StepInput {
  readonly services: RunServices;
  readonly play: PlayScope;
  readonly state: HostState;
  readonly task: Task;
  readonly ahead: Ahead;
  /** Gets what an include brings. */
  readonly brought: Brought[];
  /** A rescue section would take over after a failure. */
  readonly rescuable: boolean;
  /** Tells which handlers a change calls; the error names one that there is not. */
  readonly notify: (names: readonly string[]) => string | undefined;
}

/** Runs one task on one host, from its first event to its last, and keeps what it leaves behind for later steps. */
export const runStep = async (input: StepInput): Promise<StepRecord> => {
  const { services, play, state, task } = input;
  const step = services.nextStep();
  const started = services.io.clock();
  const module = await task.module.load();
  const { vars, context } = taskScope(input);
  services.emit({
    type: "step.start",
    step,
    task: task.id,
    host: state.name,
    name: stepName(task, context),
    action: task.action,
    handler: task.handler,
    place: placeOf(task),
  });
  const keywords = new StepKeywords(task, context);
  const noLog = keywords.bool("no_log");
  // A no_log that cannot be read hides the result: better too little than a secret.
  const hidden = !noLog.ok || noLog.value === true;
  const scope: StepScope = {
    services,
    play,
    host: state.name,
    task,
    module,
    step,
    hidden,
    vars,
    context,
    ahead: input.ahead,
    brought: input.brought,
  };
  const record = await runGuarded(scope);
  const settled = settle(input, keywords, record);
  const end: StepEnd = {
    type: "step.end",
    step,
    task: task.id,
    host: state.name,
    ms: services.io.clock() - started,
    outcome: settled.outcome,
    result: hidden ? censored(settled.result) : settled.result,
    ignored: settled.ignored,
    rescued: settled.rescued,
    wouldRun: record.wouldRun,
    ...(record.delegate === undefined ? {} : { delegate: record.delegate }),
    ...(settled.failure === undefined ? {} : { failure: hidden ? hiddenFailure(settled.failure) : settled.failure }),
  };
  services.emit(end);
  return settled;
};

/** A throw is a bug: it ends the step and with it the host, not the run. */
const runGuarded = async (scope: StepScope): Promise<ItemRecord> => {
  const { loop } = scope.task;
  const problem = scope.services.variables.varsFilesProblem(scope.host, scope.play);
  if (problem !== undefined) return failed(problem, "template");
  try {
    return loop === undefined ? await runItem(scope) : await runLoop(scope, loop);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return failed(`this is a bug of Latchkey: ${message}`, "internal");
  }
};

const taskScope = ({ services, play, state, task }: StepInput): ItemScope => {
  const base: TaskScope = {
    task,
    item: {},
    check: services.options.check,
    diff: services.options.diff,
  };
  const context = services.variables.context(state.name, play, base);
  const keywords = new StepKeywords(task, context);
  const own = (name: "check_mode" | "diff"): boolean | undefined => {
    const value = keywords.bool(name);
    return value.ok ? value.value : undefined;
  };
  const vars = { ...base, check: own("check_mode") ?? base.check, diff: own("diff") ?? base.diff };
  return { vars, context };
};

const placeOf = ({ span }: Task): { file: string; line: number; column: number } => ({
  file: span.file.path,
  ...span.file.position(span.start),
});

/** The name as Ansible prints it: behind that of its role; rendered where that is possible, else as written. */
const stepName = (task: Task, context: TemplateContext): string => {
  const role = task.role === undefined ? "" : `${task.role.name} : `;
  return role + ownName(task, context);
};

const ownName = (task: Task, context: TemplateContext): string => {
  const name = task.own.name;
  if (name === undefined || name === null) {
    // An include of a role is told by the role.
    const role = task.module.shortName === "include_role" ? render(task.args["name"] ?? "", context) : undefined;
    return role?.ok === true && typeof role.value === "string" ? `${task.action} : ${role.value}` : task.action;
  }
  const rendered = render(name, context);
  if (rendered.ok && !(rendered.value instanceof Omit)) return textOf(rendered.value);
  return name instanceof Template ? name.source : textOf(name as Plain);
};

const textOf = (value: Plain): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Decides what the ending means (ignored, rescued), and stores results, facts, plans and notifications. */
const settle = (input: StepInput, keywords: StepKeywords, record: ItemRecord): StepRecord => {
  const { state, task } = input;
  const items = record.items ?? [record];
  if (record.items === undefined) remember(state, task, record);
  const changed = record.result["changed"] === true && record.outcome !== "failed";
  const missing = changed ? input.notify(items.flatMap((item) => item.notify ?? [])) : undefined;
  const end = missing === undefined ? record : failed(missing, "template", record.result);
  // What a role would register is none of its tasks' results; Ansible keeps nothing of it.
  if (task.register !== undefined && task.module.shortName !== "include_role") state.set(task.register, end.result);
  const ignored = end.ignored ?? isIgnored(keywords, end.outcome);
  return {
    outcome: end.outcome,
    result: end.result,
    items,
    ignored,
    rescued: end.outcome === "failed" && !ignored && input.rescuable,
    ...(end.failure === undefined ? {} : { failure: end.failure }),
  };
};
