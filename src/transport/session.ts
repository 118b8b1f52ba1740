import { randomBytes } from "node:crypto";
import { createDeferred } from "../util/deferred.ts";
import type { Failure } from "../util/failure.ts";
import type { Result } from "../util/result.ts";
import { err } from "../util/result.ts";
import type { Program, ProgramResult } from "../shell/program.ts";
import { type Channel, type ChannelEnd, describeEnd } from "./channel.ts";
import { onAbort } from "./on-abort.ts";
import { OutputExcerpt } from "./output-capture.ts";
import { bootstrap, decodeResult, type Frame, FrameDecoder, programText, type Order } from "./protocol.ts";
import { createStep, settleStep, type SessionStep } from "./session-step.ts";
import type { StopRequest, StopScope } from "./stop-step.ts";
import type { ExecOptions, Session } from "./transport.ts";

/** What a session is made of. */
export interface SessionParts {
  readonly channel: Channel;
  /** `deploy on web1`: who and where, for messages. */
  readonly label: string;
  readonly prelude: string;
  /** How long the shell may take to announce itself, in milliseconds. */
  readonly readyTimeoutMs: number;
  /** Kills the processes of the running step, by way of another shell of the same identity. */
  readonly stop: (request: StopRequest) => Promise<void>;
  /** Says why the channel ended before the shell announced itself; `output` is what it said last. */
  readonly explainEarlyEnd: (end: ChannelEnd, output: string) => Failure;
}

/** How long a killed step may take to end before the session is given up, in milliseconds. */
const STOP_LIMIT_MS = 2000;
const STILL_RUNNING = `Its processes may still run: they did not end within ${STOP_LIMIT_MS / 1000} s.`;

/**
 * One live shell.
 *
 *     starting ──ready frame──▶ ready ──closed, given up──────────────▶ over
 *         │                       └───shell to be killed──▶ ending ────▶
 *         └──────────────closed, too slow──────────────────────────────▶
 *
 * Programs are written as they come, also while it is starting: the shell reads them when it is there, and only if its
 * announcement still found an open channel.
 */
export class ShellSession implements Session {
  readonly #parts: SessionParts;
  readonly #decoders: readonly FrameDecoder[];
  readonly #known = new Set<string>();
  readonly #early = new OutputExcerpt();
  /** In the order in which they were written; the first one is running. */
  readonly #steps: SessionStep[] = [];
  readonly #stopping = new Set<Promise<void>>();
  /** The pid of the shell, or undefined when it ended before it told. */
  readonly #announced = createDeferred<number | undefined>();
  readonly #readyTimer: NodeJS.Timeout;
  #unsent = "";
  #state: SessionState = { is: "starting" };
  #lastId = 0;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { channel } = parts;
    const nonce = randomBytes(16).toString("hex");
    this.#decoders = [this.#listen("stdout", nonce), this.#listen("stderr", nonce)];
    // A write to a shell that is gone fails; that it is gone is told by `closed`.
    channel.stdin.on("error", () => {});
    this.#readyTimer = setTimeout(() => this.#giveUp(this.#tooSlow()), parts.readyTimeoutMs);
    this.#write(bootstrap(parts.prelude, nonce));
    void channel.closed.then((end) => this.#onClosed(end));
  }

  /** Whether a program can still be given to it. */
  get isOver(): boolean {
    return "failure" in this.#state;
  }

  exec(program: Program, options: ExecOptions): Promise<Result<ProgramResult, Failure>> {
    return this.#give(program, options, "always");
  }

  async execAfter(program: Program, options: ExecOptions): Promise<Result<ProgramResult, Failure> | "skipped"> {
    const result = await this.#give(program, options, "after-success");
    return !result.ok && result.error === notRun ? "skipped" : result;
  }

  #give(program: Program, options: ExecOptions, order: Order): Promise<Result<ProgramResult, Failure>> {
    if ("failure" in this.#state) return Promise.resolve(err(this.#state.failure));
    if (options.signal.aborted) return Promise.resolve(err(this.#cancelled()));
    return new Promise((resolve) => {
      const stopListening = onAbort(options.signal, () => this.#abort(step));
      const step = createStep(++this.#lastId, options, (result) => {
        stopListening();
        resolve(result);
      });
      this.#steps.push(step);
      this.#write(programText(program, step.id, this.#known, order));
      for (const fn of program.functions) this.#known.add(fn.name);
      this.#startClock();
    });
  }

  /** Ends the shell; kills a step that still runs. Waits a bounded time. */
  async close(): Promise<void> {
    for (const step of this.#steps) this.#abort(step);
    await Promise.all(this.#stopping);
    this.#giveUp({ kind: "cancelled", message: `The session of ${this.#parts.label} was closed.` });
  }

  /** What is given within one turn goes out as one text: each write is a packet, and wakes the host. */
  #write(text: string): void {
    if (this.#unsent === "") {
      setImmediate(() => {
        const unsent = this.#unsent;
        this.#unsent = "";
        this.#parts.channel.stdin.write(unsent);
      });
    }
    this.#unsent += text;
  }

  #listen(stream: "stdout" | "stderr", nonce: string): FrameDecoder {
    let current: SessionStep | undefined;
    const onFrame = (frame: Frame): void => {
      if (frame.kind === "begin") current = this.#steps.find((step) => step.id === frame.id);
      if (frame.kind === "end") current = undefined;
      this.#onFrame(frame, stream);
    };
    const onRaw = (bytes: Buffer): void => {
      if (current !== undefined) current[stream].push(bytes);
      else if (this.#state.is === "starting") this.#early.push(bytes);
      else if (stream === "stderr") this.#steps[0]?.noise.push(bytes);
    };
    const decoder = new FrameDecoder(nonce, onFrame, onRaw);
    // Resumed, since a question for a password may have held the stream.
    this.#parts.channel[stream].on("data", (chunk: Buffer) => decoder.push(chunk)).resume();
    return decoder;
  }

  #onFrame(frame: Frame, stream: "stdout" | "stderr"): void {
    if (frame.kind === "ready") return this.#onReady(frame.payload.toString("latin1"));
    const step = this.#steps.find((candidate) => candidate.id === frame.id);
    if (step === undefined) return;
    if (frame.kind === "begin") step.inTheOpen = true;
    if (frame.kind === "skip") {
      // One that is being stopped has its answer already.
      if (step.failure === undefined) {
        step.failure = notRun;
        settleStep(step, this.#parts.label);
      }
      this.#finish(step);
    }
    if (frame.kind === "res") {
      step.result = decodeResult(frame.payload);
      if (!step.inTheOpen) this.#finish(step);
    }
    if (frame.kind !== "end") return;
    step.exitStatus = Number(frame.payload.toString("latin1"));
    step.ended.add(stream);
    if (step.ended.size === 2 || this.#parts.channel.merged) this.#finish(step);
  }

  #onReady(payload: string): void {
    if (this.#state.is === "ending") this.#announced.resolve(Number.parseInt(payload, 10));
    if (this.#state.is !== "starting") return;
    clearTimeout(this.#readyTimer);
    this.#state = { is: "ready" };
    this.#announced.resolve(Number.parseInt(payload, 10));
    this.#startClock();
  }

  /** The limit of a step counts from when it is the running one, not from when it was queued. */
  #startClock(): void {
    const [step] = this.#steps;
    if (this.#state.is !== "ready" || step?.options.timeoutMs === undefined || step.timer !== undefined) return;
    const { timeoutMs } = step.options;
    step.timer = setTimeout(() => {
      const message = `The step took longer than its limit of ${seconds(timeoutMs)} for ${this.#parts.label}.`;
      this.#stop(step, { kind: "timeout", message }, "step");
    }, timeoutMs);
  }

  #finish(step: SessionStep): void {
    this.#steps.splice(this.#steps.indexOf(step), 1);
    step.over.resolve();
    // One that is being stopped is answered when the last of its processes is gone.
    if (step.failure === undefined) settleStep(step, this.#parts.label);
    this.#startClock();
  }

  /** What is queued cannot be taken back from the shell: with something behind it, the shell has to go as well. */
  #abort(step: SessionStep): void {
    const alone = this.#steps.length === 1;
    this.#stop(step, this.#cancelled(), alone ? "step" : "session");
  }

  #stop(step: SessionStep, failure: Failure, scope: StopScope): void {
    if (step.failure !== undefined || !this.#steps.includes(step)) return;
    step.failure = failure;
    if (this.#state.is === "ending") return;
    if (scope === "session") this.#state = { is: "ending", failure };
    const work = this.#stopAndWait(step, scope, failure);
    this.#stopping.add(work);
    void work.finally(() => this.#stopping.delete(work));
  }

  async #stopAndWait(step: SessionStep, scope: StopScope, failure: Failure): Promise<void> {
    const stopped = this.#announced.promise.then((pid) => {
      if (pid === undefined) return undefined;
      const isStillNeeded = (): boolean => scope === "session" || this.#steps.includes(step);
      return this.#parts.stop({ shellPid: pid, scope, isStillNeeded });
    });
    const ended = scope === "step" ? step.over.promise : undefined;
    const inTime = await within(Promise.all([stopped, ended]), STOP_LIMIT_MS);
    step.failure = { ...failure, message: `${failure.message} ${inTime ? "It was killed." : STILL_RUNNING}` };
    if (!inTime) this.#parts.channel.signal("KILL");
    if (!inTime || scope === "session") this.#giveUp(step.failure);
    settleStep(step, this.#parts.label);
  }

  async #onClosed(end: ChannelEnd): Promise<void> {
    for (const decoder of this.#decoders) decoder.end();
    const failure = this.#explainEnd(end);
    if (this.#state.is !== "over") this.#state = { is: "ending", failure };
    this.#announced.resolve(undefined);
    for (const step of this.#steps) step.over.resolve();
    // Nobody is told that a step was stopped before the last of its processes is gone.
    await Promise.all(this.#stopping);
    this.#giveUp(failure);
  }

  #explainEnd(end: ChannelEnd): Failure {
    if ("failure" in this.#state) return this.#state.failure;
    if (this.#state.is === "starting") return this.#parts.explainEarlyEnd(end, this.#early.toString());
    return end.lost ?? this.#shellGone(end);
  }

  #giveUp(failure: Failure): void {
    if (this.#state.is === "over") return;
    // Where no shell came up, a start-up file of the login may hang: it does not read the end of its input.
    if (this.#state.is === "starting") this.#parts.channel.signal("KILL");
    this.#state = { is: "over", failure };
    clearTimeout(this.#readyTimer);
    this.#announced.resolve(undefined);
    this.#parts.channel.stdin.end();
    this.#parts.channel.destroy();
    for (const step of this.#steps.splice(0)) {
      step.failure ??= failure;
      step.over.resolve();
      settleStep(step, this.#parts.label);
    }
  }

  #cancelled(): Failure {
    return { kind: "cancelled", message: `The step was cancelled for ${this.#parts.label}.` };
  }

  #tooSlow(): Failure {
    const { label, readyTimeoutMs } = this.#parts;
    const said = this.#early.toString();
    return {
      kind: "timeout",
      message: `No shell for ${label} within ${seconds(readyTimeoutMs)}${said === "" ? "." : `; it said: ${said}`}`,
      hint: "Its start-up files may wait for something, or its login shell may not be a shell.",
    };
  }

  #shellGone(end: ChannelEnd): Failure {
    const noise = this.#steps[0]?.noise.toString() ?? "";
    const message = `The shell of ${this.#parts.label} went away: ${describeEnd(end)}.`;
    const unknown = end.exitStatus === undefined && end.signal === undefined;
    return { kind: unknown ? "unreachable" : "program", message: noise === "" ? message : `${message} ${noise}` };
  }
}

/** The answer of a program that did not run, since one before it failed. */
const notRun: Failure = { kind: "cancelled", message: "not run, since the program before it failed" };

type SessionState =
  | { readonly is: "starting" }
  | { readonly is: "ready" }
  | { readonly is: "ending"; readonly failure: Failure }
  | { readonly is: "over"; readonly failure: Failure };

const seconds = (ms: number): string => `${ms / 1000} s`;

/** True when it settles in time. */
const within = async (work: Promise<unknown>, limitMs: number): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const inTime = await Promise.race([work.then(() => true), limit]);
  clearTimeout(timer);
  return inTime;
};
