import { randomInt } from "node:crypto";
import { coerceArguments } from "../modules/arguments.ts";
import { asyncStatus } from "../modules/async_status/async_status.ts";
import { jobOf } from "../modules/async_status/job-of.ts";
import type { AsyncStatusArguments } from "../modules/async_status/async_status.schema.ts";
import type { Fields } from "../modules/command/command-result.ts";
import type { HostModule, Module, ModuleContext } from "../modules/module.ts";
import { compile } from "../shell/compile.ts";
import { jobProgram, startJob } from "../shell/job.ts";
import type { ProgramResult, ShellFunction, ShellParams } from "../shell/program.ts";
import type { Session } from "../transport/transport.ts";
import type { Failure } from "../util/failure.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { PlainMap } from "../vars/value.ts";
import {
  holdsNul,
  type JobOptions,
  type ModuleCall,
  type ModuleOutcome,
  outcomeOf,
  programOf,
  refusal,
} from "./run-module.ts";
import { unreachableKinds } from "./step-failure.ts";

/** The jobs that a run started, by name: what became of one is told by its own module. */
export type Jobs = Map<string, { readonly module: HostModule; readonly args: PlainMap }>;

/**
 * Runs a module as a job: a program that goes on without its session, for some seconds at the most. With `pollSeconds` it
 * is asked after until it is over; connections may come and go meanwhile.
 */
export const runAsJob = async (
  call: ModuleCall,
  options: JobOptions,
  jobs: Jobs,
): Promise<Result<ModuleOutcome, Failure>> => {
  const { module } = call;
  if (call.context.check) return ok(refusal("check mode and async cannot be used on same task."));
  if (!canBeJob(module)) return ok(refusal("async is not supported for this task."));
  if (call.grant !== undefined) return ok(refusal("async is not supported in a grant, which could not take it back"));
  const args = coerceArguments(module, call.args, call.action);
  if (!args.ok) return ok(refusal(args.error));
  const params = module.params(args.value as never, call.context);
  if (!params.ok) return ok(refusal(params.error));
  if (holdsNul(params.value)) return ok(refusal("an argument holds a NUL, which no text of a shell can"));
  const started = await start(call, jobProgram(programOf(call, module, params.value)), options);
  if (!started.ok) return started;
  const { outcome, fields, planned } = started.value;
  const id = fields["ansible_job_id"];
  if (outcome === "failed" || typeof id !== "string") return ok({ outcome, fields, planned });
  jobs.set(id, { module, args: args.value });
  return options.pollSeconds === 0 ? ok({ outcome, fields, planned }) : poll(call, id, options, jobs);
};

/** Modules whose work is one program, that nobody has to watch. */
const canBeJob = (module: Module): module is HostModule =>
  module.runs === "host" && module.next === undefined && module.confirmBy === undefined && module !== asyncStatus;

const start = async (
  call: ModuleCall,
  program: string,
  { seconds }: JobOptions,
): Promise<Result<ProgramResult, Failure>> => {
  const session = await call.session();
  if (!session.ok) return session;
  const name = `j${randomInt(10 ** 11, 10 ** 12)}`;
  return exec(call, session.value, startJob, { program, jid: name, limit: Math.ceil(seconds) });
};

const exec = (
  call: ModuleCall,
  session: Session,
  functions: readonly ShellFunction[],
  params: ShellParams,
): Promise<Result<ProgramResult, Failure>> => {
  const { environment, timeoutMs } = call;
  return session.exec(compile(functions, params, { check: false, diff: false, planned: [], environment }), {
    signal: call.context.signal,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
};

const poll = async (
  call: ModuleCall,
  id: string,
  { seconds, pollSeconds }: JobOptions,
  jobs: Jobs,
): Promise<Result<ModuleOutcome, Failure>> => {
  let last: ProgramResult | undefined;
  let session = await call.session();
  for (let left = seconds; left > 0; left -= pollSeconds) {
    await call.context.wait(pollSeconds * 1000);
    if (call.context.signal.aborted) return err({ kind: "cancelled", message: "interrupted" });
    // What the job does may cut the connection off: it is only asked after, and may be asked again.
    if (!session.ok) session = await call.newSession(connectMs);
    const answer = session.ok
      ? await exec(call, session.value, asyncStatus.functions, { jid: id, mode: "status", erase: true })
      : session;
    if (!answer.ok) {
      if (!unreachableKinds.has(answer.error.kind)) return answer;
      session = answer;
      continue;
    }
    last = answer.value;
    const { finished, late } = jobOf(answer.value);
    if (finished === 1 && late !== true)
      return ok(outcomeOf(call.context, statusOf(jobs, call.context), answer.value, { jid: id }));
  }
  if (!session.ok) return session;
  const { results_file = null } = last === undefined ? {} : jobOf(last);
  const result = { ansible_job_id: id, started: true, finished: false, results_file, stdout: "", stderr: "" };
  const late = refusal(`async task did not complete within the requested time - ${seconds}s`);
  return ok({ ...late, fields: { ...late.fields, async_result: result } });
};

/** How long connecting anew may take before the job is asked after again. */
const connectMs = 10_000;

/** `async_status` for the jobs of this run: their own modules tell what became of them. */
export const statusOf = (jobs: Jobs, context: ModuleContext): HostModule => {
  const tell = (result: ProgramResult, args: AsyncStatusArguments): Fields => {
    const said = asyncStatus.result?.(result, args, context) ?? {};
    const job = jobs.get(args.jid);
    if (job === undefined || jobOf(result)["answered"] !== true) return said;
    const { job: _, ...own } = result.fields;
    const { fields } = outcomeOf(context, job.module, { ...result, fields: own }, job.args);
    const keys = ["ansible_job_id", "started", "finished", "results_file"];
    return { stdout: "", stderr: "", ...fields, ...Object.fromEntries(keys.map((key) => [key, said[key] ?? null])) };
  };
  return { ...asyncStatus, result: tell, failure: tell } as HostModule;
};
