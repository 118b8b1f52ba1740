import type { Failure } from "../util/failure.ts";
import type { Plain } from "../vars/value.ts";

/** The version of the shape of events; a change that breaks readers raises it. */
export const eventVersion = 1;

/** How a step ended on one host. */
export type Outcome = "ok" | "changed" | "skipped" | "failed" | "unreachable" | "cancelled";

/** The counts of Ansible's recap line for one host, and whether something was left undone. */
export interface HostStats {
  readonly ok: number;
  readonly changed: number;
  readonly unreachable: number;
  readonly failed: number;
  readonly skipped: number;
  readonly rescued: number;
  readonly ignored: number;
}

/** Where something is written, for people. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A run began: always the first event. */
export interface RunStart {
  readonly type: "run.start";
  readonly playbooks: readonly string[];
  readonly check: boolean;
  readonly diff: boolean;
  readonly forks: number;
}
/** A play began on a set of hosts (one batch, where the play has `serial`). */
export interface PlayStart {
  readonly type: "play.start";
  readonly play: string;
  readonly name: string;
  readonly hosts: readonly string[];
  /** Tasks of the play as written, for progress: the number of steps a host goes through if nothing is skipped. */
  readonly tasks: number;
}
/** A connection to a host is being opened. */
export interface HostConnect {
  readonly type: "host.connect";
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
}
/** A host is connected and logged in. */
export interface HostReady {
  readonly type: "host.ready";
  readonly host: string;
  readonly ms: number;
}
/** A host could not be reached, or its connection was lost: no step on it follows in this play. */
export interface HostLost {
  readonly type: "host.lost";
  readonly host: string;
  readonly failure: Failure;
}
/** A task begins on a host. */
export interface StepStart {
  readonly type: "step.start";
  /** Unique in a run; the same on every event of this step. */
  readonly step: number;
  /** The same for all hosts that run this task in this play. */
  readonly task: string;
  readonly host: string;
  /** As Ansible would print it. */
  readonly name: string;
  /** The module's name as written, such as `user`. */
  readonly action: string;
  readonly handler: boolean;
  readonly place?: Place;
}
/** A running step printed something. The text is the host's: escape it before a terminal sees it. */
export interface StepOutput {
  readonly type: "step.output";
  readonly step: number;
  readonly host: string;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}
/** A step failed an attempt and will try again (`until`, `retries`). */
export interface StepRetry {
  readonly type: "step.retry";
  readonly step: number;
  readonly host: string;
  readonly left: number;
  readonly delayMs: number;
}
/** The host where a step worked instead of its own (delegate_to). */
export interface Delegate {
  readonly host: string;
  /** Its name or address to connect to. */
  readonly address: string;
}
/** One item of a loop is done; the step goes on. */
export interface StepItem {
  readonly type: "step.item";
  readonly step: number;
  readonly host: string;
  readonly outcome: Outcome;
  /** The item, or the loop's label. */
  readonly label: Plain;
  readonly result: { readonly [key: string]: Plain };
  /** True where `ignore_errors` covers the failure. */
  readonly ignored: boolean;
  readonly delegate?: Delegate;
}
/** A step is done: exactly one for each `step.start`. */
export interface StepEnd {
  readonly type: "step.end";
  readonly step: number;
  readonly task: string;
  readonly host: string;
  readonly outcome: Outcome;
  readonly ms: number;
  /** The result in Ansible's keys, secrets masked; `{ censored }` under no_log. */
  readonly result: { readonly [key: string]: Plain };
  /** True where `ignore_errors` or `ignore_unreachable` covers the failure. */
  readonly ignored: boolean;
  /** True where a rescue section takes over. */
  readonly rescued: boolean;
  /** A dry run only: the step would run something that a dry run cannot predict (command, shell, raw, script). */
  readonly wouldRun: boolean;
  readonly failure?: Failure;
  readonly delegate?: Delegate;
}
/** A changed step called a handler for its host. */
export interface HandlerNotified {
  readonly type: "handler.notified";
  readonly host: string;
  readonly handler: string;
}
/** A host is done with a play. */
export interface HostEnd {
  readonly type: "host.end";
  readonly play: string;
  readonly host: string;
}
/** A play is done. */
export interface PlayEnd {
  readonly type: "play.end";
  readonly play: string;
  /** Why the play ended before its time ("stopped because …"). */
  readonly stopped?: string;
}
/** Something is to be told about the user's files or the run: warnings above all, and what was done for no single task. */
export interface DiagnosticEvent {
  readonly type: "diagnostic";
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  /** Whom it is about. */
  readonly hosts?: readonly string[];
  readonly code?: string;
  readonly place?: Place;
}
/** The run is over: always the last event, on Ctrl-C too. */
export interface RunEnd {
  readonly type: "run.end";
  readonly exitCode: number;
  readonly ms: number;
  readonly interrupted: boolean;
  readonly stats: { readonly [host: string]: HostStats };
}

/** What happened, before the emitter adds version, run, number and time. */
export type EventBody =
  | RunStart
  | PlayStart
  | HostConnect
  | HostReady
  | HostLost
  | StepStart
  | StepOutput
  | StepRetry
  | StepItem
  | StepEnd
  | HandlerNotified
  | HostEnd
  | PlayEnd
  | DiagnosticEvent
  | RunEnd;

/** What every event carries. */
export interface Envelope {
  /** `eventVersion`. */
  readonly v: number;
  /** The run's id. */
  readonly run: string;
  /** Counts from 1 without gaps. */
  readonly seq: number;
  /** UTC, ISO 8601 with milliseconds. */
  readonly at: string;
}

/** One line of the JSONL stream. */
export type Event = EventBody & Envelope;

/** Somebody who only listens. A reporter that throws is taken off the run. */
export interface Reporter {
  /** Called with every event, in order, without waiting. */
  on(event: Event): void;
  /** Called before a person is asked something at the terminal; what it returns is called after the answer. */
  suspend?(): () => void;
  /** Called once after `run.end`; resolves when everything is written. */
  close(): Promise<void>;
}
