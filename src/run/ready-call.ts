import type { Delegate } from "../events/event.ts";
import type { ConnectionSettings } from "../inventory/connection.ts";
import type { GrantStep } from "../shell/compile.ts";
import type { Module } from "../modules/module.ts";
import type { Task } from "../playbook/playbook.ts";
import { err, ok, type Result } from "../util/result.ts";
import { hasMarkers } from "../vars/from-node.ts";
import { Omit } from "../vars/omit.ts";
import { text } from "../vars/python/text.ts";
import { render, type TemplateContext, type TemplateError } from "../vars/template.ts";
import { type Plain, type PlainMap, Template, type Value, type ValueMap } from "../vars/value.ts";
import { connectionKey } from "./connections.ts";
import { createControllerContext } from "./controller-context.ts";
import type { JobOptions, ModuleCall } from "./run-module.ts";
import { statusOf } from "./run-job.ts";
import { templateFailure } from "./step-failure.ts";
import type { StepKeywords } from "./step-keywords.ts";
import type { ItemScope, StepScope } from "./step-scope.ts";
import type { TaskScope } from "./variables.ts";

/** A module's call that can go, and the host where it works: another one with `delegate_to`. */
export interface ReadyCall {
  readonly call: ModuleCall;
  readonly target: string;
  readonly delegate?: Delegate;
  /** Whose shell runs it: calls with equal marks share one. */
  readonly shell: string;
}

/** Renders what a task needs for its call. */
export const readyCall = (
  scope: StepScope,
  { vars, context }: ItemScope,
  keywords: StepKeywords,
): Result<ReadyCall, string> => {
  const { services, host, task, module } = scope;
  const prepared = prepare(scope, vars, keywords, context);
  if (!prepared.ok) return prepared;
  const { args, environment, settings, timeoutMs, job } = prepared.value;
  const { signal } = services;
  // What a dry run would have made is where the task runs, which may be another host.
  const target = settings.target.name;
  const controller = createControllerContext({
    scope,
    context,
    settings,
    check: vars.check,
    diff: vars.diff,
    item: vars.item,
  });
  const call: ModuleCall = {
    module: task.module.shortName === "async_status" ? statusOf(services.jobs, controller) : module,
    action: task.action,
    args,
    context: controller,
    session: () => services.connections.session(settings, signal),
    newSession: async (timeoutMs) => {
      await services.connections.reset(settings);
      return services.connections.session(
        settings,
        AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(timeoutMs))]),
      );
    },
    environment,
    planned: vars.check ? (services.states.get(target)?.planned ?? []) : [],
    timeoutMs,
    job,
    grant: grantStep(scope, context, target),
    onOutput: (stream, text) => {
      if (!scope.hidden) services.emit({ type: "step.output", step: scope.step, host, stream, text });
    },
  };
  const { method, user, exe, flags } = settings.become ?? {};
  const shell = JSON.stringify([connectionKey(settings), method, user, exe, flags]);
  return ok({ call, target, shell, ...(target === host ? {} : { delegate: delegateOf(settings) }) });
};

const delegateOf = ({ target: { name, kind, address } }: ConnectionSettings): Delegate => ({
  host: name,
  address: kind === "local" ? name : address,
});

/** The grant of the host that a task works on, and the author's word of how the task is taken back (`latchkey_undo`). */
const grantStep = ({ services, task }: StepScope, context: TemplateContext, target: string): GrantStep | undefined => {
  const id = services.states.get(target)?.grant?.id;
  if (id === undefined) return undefined;
  const name = typeof task.own.name === "string" ? task.own.name : task.action;
  const written = context.variable("latchkey_undo");
  const undo = written === undefined ? undefined : render(written, context);
  if (undo === undefined || !undo.ok || undo.value instanceof Omit || undo.value === null) return { id, name };
  return { id, name, undo: typeof undo.value === "string" ? { command: undo.value } : "keep" };
};

interface Prepared {
  readonly args: PlainMap;
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: ConnectionSettings;
  readonly timeoutMs: number | undefined;
  readonly job: JobOptions | undefined;
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
  const job = jobOptions(keywords);
  if (!job.ok) return job;
  const usesJobs = job.value !== undefined || scope.task.module.shortName === "async_status";
  const folder = usesJobs ? hostText("ansible_async_dir", context) : ok(undefined);
  if (!folder.ok) return folder;
  const shell = usualShell(scope, keywords, context);
  if (!shell.ok) return shell;
  return ok({
    args: shell.value === undefined ? args.value : { executable: shell.value, ...args.value },
    environment: {
      ...(folder.value === undefined ? {} : { ANSIBLE_ASYNC_DIR: folder.value }),
      ...environment.value,
    },
    settings: settings.value,
    timeoutMs,
    job: job.value,
  });
};

/** The shell that the host's `shell` tasks are for; another host that a task is delegated to has one of its own. */
const usualShell = (
  { task }: StepScope,
  keywords: StepKeywords,
  context: TemplateContext,
): Result<string | undefined, string> => {
  const delegate = task.module.shortName === "shell" ? keywords.text("delegate_to") : ok(undefined);
  if (!delegate.ok) return delegate;
  const isOwn = task.module.shortName === "shell" && delegate.value === undefined;
  return isOwn ? hostText("ansible_shell_executable", context) : ok(undefined);
};

/** A text among the host's variables. */
const hostText = (name: string, context: TemplateContext): Result<string | undefined, string> => {
  const written = context.variable(name);
  const rendered = written === undefined ? ok(null) : render(written, context);
  if (!rendered.ok) return err(`${name}: ${rendered.error.message}`);
  return ok(typeof rendered.value === "string" && rendered.value !== "" ? rendered.value : undefined);
};

/** What `async` and `poll` say; undefined where the task is to end before the next one begins. */
const jobOptions = (keywords: StepKeywords): Result<JobOptions | undefined, string> => {
  const seconds = keywords.number("async");
  if (!seconds.ok) return seconds;
  const poll = keywords.number("poll");
  if (!poll.ok) return poll;
  if (seconds.value === undefined || seconds.value <= 0) return ok(undefined);
  return ok({ seconds: seconds.value, pollSeconds: Math.max(0, poll.value ?? 15) });
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
  const text = (name: "connection" | "remote_user" | "become_user" | "become_method" | "become_exe" | "become_flags") =>
    keywords.text(name);
  const [connection, remoteUser, becomeUser] = [text("connection"), text("remote_user"), text("become_user")];
  const [becomeMethod, becomeExe, becomeFlags] = [text("become_method"), text("become_exe"), text("become_flags")];
  const become = keywords.bool("become");
  const port = keywords.number("port");
  for (const read of [connection, remoteUser, becomeUser, becomeMethod, becomeExe, becomeFlags, become, port]) {
    if (!read.ok) return read;
  }
  return services.connections.settings(target, targetContext, {
    connection: valueOf(connection),
    remoteUser: valueOf(remoteUser),
    become: valueOf(become),
    becomeUser: valueOf(becomeUser),
    becomeMethod: valueOf(becomeMethod),
    becomeExe: valueOf(becomeExe),
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
  const named = withRenderedNames(module, Object.assign({}, defaults, task.args), context);
  if (!named.ok) return err(templateFailure(named.error, task.span));
  const args = named.value;
  const rendered = render(withoutExpressions(module, args), context);
  if (!rendered.ok) return err(templateFailure(rendered.error, task.span));
  const values = rendered.value;
  if (values instanceof Omit || typeof values !== "object" || values === null || Array.isArray(values)) return ok({});
  return ok({ ...(values as PlainMap), ...expressionsOf(module, args) });
};

/** Where options may have any name (set_fact), names may be templates, too. */
const withRenderedNames = (
  module: Module,
  args: ValueMap,
  context: TemplateContext,
): Result<ValueMap, TemplateError> => {
  if (module.anyOptions !== true || !Object.keys(args).some(hasMarkers)) return ok(args);
  const named: Record<string, Value> = {};
  for (const [name, value] of Object.entries(args)) {
    const rendered = render(new Template(name), context);
    if (!rendered.ok) return rendered;
    if (!(rendered.value instanceof Omit)) named[text(rendered.value)] = value;
  }
  return ok(named);
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
