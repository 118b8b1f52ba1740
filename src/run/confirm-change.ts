import { compile } from "../shell/compile.ts";
import { confirmSwitch } from "../shell/dead-man.ts";
import type { ProgramResult } from "../shell/program.ts";
import type { Session } from "../transport/transport.ts";
import type { Failure, FailureKind } from "../util/failure.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { ModuleCall } from "./run-module.ts";

/** Refusals that another attempt would only repeat, and that a host counts against us. */
const final: ReadonlySet<FailureKind> = new Set(["auth", "host-key", "sudo"]);

/** The longest time that one attempt to connect may take. */
const attemptMs = 10_000;

/** For how long the host is asked whether it is back, after it took the change back. */
const backMs = 20_000;

/**
 * Tells the host over a new connection that a change did not cut anybody off. Where none comes in time, the host takes the
 * change back by itself: gives the reason then, once the host can be reached again. A Failure is an interruption.
 */
export const confirmOverNewConnection = async (
  call: ModuleCall,
  token: string,
  seconds: number,
): Promise<Result<string | undefined, Failure>> => {
  const { signal } = call.context;
  const deadline = performance.now() + seconds * 1000;
  const connected = await connectUntil(call, deadline);
  const confirmed = connected.ok ? await confirm(connected.value, call, token) : connected;
  if (signal.aborted) return err({ kind: "cancelled", message: "interrupted" });
  if (confirmed.ok) return ok(problemOf(confirmed.value));
  // The host has taken it back by the time that its own clock says so.
  await call.context.wait(Math.max(0, deadline - performance.now()) + 1000);
  const back = await connectUntil(call, performance.now() + backMs);
  if (signal.aborted) return err({ kind: "cancelled", message: "interrupted" });
  const after = back.ok ? "" : "; it has not been reached again since";
  return ok(
    `no new connection came within ${seconds} s (${confirmed.error.message}), so the host has taken the change back by itself${after}`,
  );
};

const problemOf = ({ outcome, fields }: ProgramResult): string | undefined => {
  if (outcome !== "failed") return undefined;
  return typeof fields["msg"] === "string" ? fields["msg"] : "the change could not be confirmed";
};

const connectUntil = async (call: ModuleCall, deadline: number): Promise<Result<Session, Failure>> => {
  for (let pauseMs = 500; ; pauseMs *= 2) {
    const left = Math.max(1, deadline - performance.now());
    const session = await call.newSession(Math.min(attemptMs, left));
    if (session.ok || final.has(session.error.kind) || call.context.signal.aborted) return session;
    if (performance.now() + pauseMs >= deadline) return session;
    await call.context.wait(pauseMs);
  }
};

const confirm = (session: Session, call: ModuleCall, token: string): Promise<Result<ProgramResult, Failure>> =>
  session.exec(compile(confirmSwitch, { switch: token }, { check: false, diff: false, planned: [], environment: {} }), {
    signal: call.context.signal,
  });
