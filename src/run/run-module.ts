import { coerceArguments } from "../modules/arguments.ts";
import type { ControllerContext, HostModule, Module, ModuleContext } from "../modules/module.ts";
import { compile, type GrantStep } from "../shell/compile.ts";
import type { FieldValue, PlannedState, Program, ProgramResult, ShellParams } from "../shell/program.ts";
import type { Session } from "../transport/transport.ts";
import type { Failure } from "../util/failure.ts";
import { SearchTooLong } from "../util/bounded-reg-exp.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { PlainMap, ValueMap } from "../vars/value.ts";
import { confirmOverNewConnection } from "./confirm-change.ts";

/** What a module said, in Ansible's keys. */
export interface ModuleOutcome {
  readonly outcome: ProgramResult["outcome"];
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Variables for the host that are no facts in Ansible's sense (set_fact, include_vars). */
  readonly facts?: ValueMap;
  readonly planned: readonly PlannedState[];
}

/** One call of a module: its rendered arguments and its surroundings. */
export interface ModuleCall {
  readonly module: Module;
  /** The module's name as written, for messages. */
  readonly action: string;
  readonly args: PlainMap;
  readonly context: ControllerContext;
  /** Opens the session, where the module works on a host. */
  readonly session: () => Promise<Result<Session, Failure>>;
  /** The same over another connection than any before. */
  readonly newSession: (timeoutMs: number) => Promise<Result<Session, Failure>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly planned: readonly PlannedState[];
  readonly timeoutMs: number | undefined;
  /** It runs as a job, with `async`. */
  readonly job: JobOptions | undefined;
  /** The grant that the host is in. */
  readonly grant: GrantStep | undefined;
  readonly onOutput: (stream: "stdout" | "stderr", text: string) => void;
}

/** How a task with `async` is run. */
export interface JobOptions {
  readonly seconds: number;
  /** How often it is asked whether it is over; 0: not at all. */
  readonly pollSeconds: number;
}

/** How many programs one call may take before it counts as endless. */
const mostPrograms = 8;

/** A module's program that is on its way already. */
export interface SentProgram {
  /** The module's arguments, coerced. */
  readonly args: PlainMap;
  readonly answer: Promise<Result<ProgramResult, Failure> | "skipped">;
  /** There is no shell to send to: nothing can follow. */
  readonly isLast: boolean;
}

/**
 * Sends the one program of a module without waiting for its answer; `after` has the host leave it out where the one
 * before it fails. Undefined where it cannot be sent: whoever runs the module then is told why.
 */
export const sendAhead = async (call: ModuleCall, after: boolean): Promise<SentProgram | undefined> => {
  const args = coerceArguments(call.module, call.args, call.action);
  if (!args.ok || call.module.runs === "controller") return undefined;
  const params = call.module.params(args.value as never, call.context);
  if (!params.ok || holdsNul(params.value)) return undefined;
  const session = await call.session();
  // The step takes this failure: a host must not be asked twice, nor a password be refused twice.
  if (!session.ok) return { args: args.value, answer: Promise.resolve(session), isLast: true };
  const program = programOf(call, call.module, params.value);
  const options = { signal: call.context.signal, onOutput: call.onOutput };
  const { value } = session;
  const answer = after ? value.execAfter(program, options) : value.exec(program, options);
  return { args: args.value, answer, isLast: false };
};

/**
 * Runs a module once, or takes the answer of what was sent of it. A refusal of the module itself is an outcome; a Failure
 * is what kept it from saying anything.
 */
export const runModule = async (call: ModuleCall, sent?: SentProgram): Promise<Result<ModuleOutcome, Failure>> => {
  try {
    return await runOrTake(call, sent);
  } catch (error) {
    // A search is too long for this file of this host, which no check of arguments can tell.
    if (error instanceof SearchTooLong) return ok(refusal(error.message));
    throw error;
  }
};

const runOrTake = async (call: ModuleCall, sent?: SentProgram): Promise<Result<ModuleOutcome, Failure>> => {
  const args = sent === undefined ? coerceArguments(call.module, call.args, call.action) : ok(sent.args);
  if (!args.ok) return ok(refusal(args.error));
  if (call.module.runs === "controller") return runOnController(call, args.value);
  if (call.context.check && call.module.checkMode === "skips") {
    return ok({ outcome: "skipped", fields: { msg: "would run if this were not a dry run" }, planned: [] });
  }
  const answer = await sent?.answer;
  if (answer === undefined || answer === "skipped") return runOnHost(call, call.module, args.value);
  return answer.ok ? ok(outcomeOf(call.context, call.module, answer.value, args.value)) : answer;
};

const runOnController = async (call: ModuleCall, args: PlainMap): Promise<Result<ModuleOutcome, Failure>> => {
  if (call.module.runs !== "controller") return ok(refusal("not a module of the controller"));
  // The module's own type of its arguments is what coerceArguments has just made of them.
  const result = await call.module.run(args as never, call.context);
  // What waits ends early then, and has not seen what it says.
  if (call.context.signal.aborted) return err({ kind: "cancelled", message: "interrupted" });
  return ok({ ...result, planned: [] });
};

const runOnHost = async (
  call: ModuleCall,
  module: HostModule,
  args: PlainMap,
): Promise<Result<ModuleOutcome, Failure>> => {
  let params: Result<ShellParams | undefined, string> = module.params(args as never, call.context);
  const session = params.ok ? await call.session() : undefined;
  for (let count = 0; count < mostPrograms; count++) {
    if (!params.ok) return ok(refusal(params.error));
    if (session === undefined || params.value === undefined) break;
    if (!session.ok) return session;
    if (holdsNul(params.value)) return ok(refusal("an argument holds a NUL, which no text of a shell can"));
    const program = programOf(call, module, params.value);
    const result = await session.value.exec(program, {
      signal: call.context.signal,
      onOutput: call.onOutput,
      ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
    });
    if (!result.ok) return result;
    params = module.next?.(result.value, args as never, call.context) ?? ok(undefined);
    if (params.ok && params.value === undefined) return confirmed(call, module, result.value, args);
  }
  return err({ kind: "internal", message: `module ${call.action} did not come to an end` });
};

/** The outcome of a module's last program, once a change that could cut the controller off is confirmed. */
const confirmed = async (
  call: ModuleCall,
  module: HostModule,
  result: ProgramResult,
  args: PlainMap,
): Promise<Result<ModuleOutcome, Failure>> => {
  const { switch: token, ...fields } = result.fields;
  if (module.confirmBy === undefined || typeof token !== "string")
    return ok(outcomeOf(call.context, module, result, args));
  const outcome = outcomeOf(call.context, module, { ...result, fields }, args);
  const confirmation = await confirmOverNewConnection(call, token, Number(args["confirm"]));
  if (!confirmation.ok) return confirmation;
  const problem = confirmation.value;
  return ok(problem === undefined ? outcome : { ...refusal(problem), fields: { ...outcome.fields, msg: problem } });
};

export const holdsNul = (params: ShellParams): boolean =>
  Object.values(params).some((value) => {
    if (typeof value === "string") return value.includes("\0");
    return Array.isArray(value) && value.some((item) => item.includes("\0"));
  });

export const programOf = (call: ModuleCall, module: HostModule, params: ShellParams): Program => {
  const { context, planned, environment } = call;
  const grant = context.check || module.readOnly === true ? undefined : call.grant;
  return compile(module.functions, params, { check: context.check, diff: context.diff, planned, environment, grant });
};

export const outcomeOf = (
  context: ModuleContext,
  module: HostModule,
  result: ProgramResult,
  args: PlainMap,
): ModuleOutcome => ({
  outcome: result.outcome,
  fields:
    (result.outcome === "failed"
      ? module.failure?.(result, args as never)
      : module.result?.(result, args as never, context)) ?? result.fields,
  planned: result.planned,
});

export const refusal = (msg: string): ModuleOutcome => ({ outcome: "failed", fields: { msg }, planned: [] });
