import { createDeferred, type Deferred } from "../util/deferred.ts";
import type { Failure } from "../util/failure.ts";
import type { Result } from "../util/result.ts";
import { err, ok } from "../util/result.ts";
import type { ProgramResult } from "../shell/program.ts";
import { OutputCapture, OutputExcerpt } from "./output-capture.ts";
import type { ExecOptions } from "./transport.ts";

/** One program that was given to a session, until it is answered. */
export interface SessionStep {
  readonly id: number;
  readonly options: ExecOptions;
  readonly stdout: OutputCapture;
  readonly stderr: OutputCapture;
  /** Standard error of the body itself: what a shell says about a faulty program. */
  readonly noise: OutputExcerpt;
  /** It runs a command whose output comes as it is: its end is told on both streams. */
  inTheOpen: boolean;
  /** The streams on which its end was seen. */
  readonly ended: Set<"stdout" | "stderr">;
  /** Resolved when the shell is done with it, or gone. */
  readonly over: Deferred<void>;
  readonly resolve: (result: Result<ProgramResult, Failure>) => void;
  result?: Omit<ProgramResult, "stdout" | "stderr"> | undefined;
  exitStatus?: number;
  isSettled: boolean;
  timer?: NodeJS.Timeout;
  /** Why it was stopped. */
  failure?: Failure;
}

/** How much of each stream of a command is kept, in bytes. */
const CAPTURE_LIMIT = 8 * 1024 * 1024;

/** Begins the record of a step; `onSettled` gets its answer. */
export const createStep = (
  id: number,
  options: ExecOptions,
  onSettled: (result: Result<ProgramResult, Failure>) => void,
): SessionStep => {
  const { onOutput } = options;
  return {
    id,
    options,
    stdout: new OutputCapture(CAPTURE_LIMIT, onOutput && ((text) => onOutput("stdout", text))),
    stderr: new OutputCapture(CAPTURE_LIMIT, onOutput && ((text) => onOutput("stderr", text))),
    noise: new OutputExcerpt(),
    inTheOpen: false,
    ended: new Set(),
    over: createDeferred<void>(),
    resolve: onSettled,
    isSettled: false,
  };
};

/** Answers a step with what is known of it; a second call does nothing. */
export const settleStep = (step: SessionStep, label: string): void => {
  if (step.isSettled) return;
  step.isSettled = true;
  clearTimeout(step.timer);
  const stdout = step.stdout.finish();
  const stderr = step.stderr.finish();
  if (step.failure !== undefined) step.resolve(err(step.failure));
  else if (step.result !== undefined) step.resolve(ok({ ...step.result, stdout, stderr }));
  else step.resolve(err(withoutResult(step, label)));
};

const withoutResult = (step: SessionStep, label: string): Failure => {
  const said = step.noise.toString();
  const message = `A program for ${label} ended with status ${step.exitStatus ?? "unknown"} and without a result`;
  return { kind: "program", message: said === "" ? `${message}.` : `${message}: ${said}` };
};
