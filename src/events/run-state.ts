import type { Failure } from "../util/failure.ts";
import type { EventBody, HostStats, Outcome, PlayStart, StepEnd, StepStart } from "./event.ts";

type Counts = { -readonly [Key in keyof HostStats]: number };

/** How a task went on the hosts so far. */
export interface TaskState {
  readonly task: string;
  readonly name: string;
  readonly handler: boolean;
  /** Steps by their outcome; a failure that was ignored or rescued counts as that, and as nothing else. */
  readonly outcomes: Readonly<Record<Outcome | "ignored" | "rescued", number>>;
  /** Steps that are under way, the longest first. */
  readonly running: ReadonlyMap<number, RunningStep>;
  readonly done: number;
  /** When its first step began and its last one ended, in milliseconds by the clock that `apply` was given. */
  readonly since: number;
  readonly until: number;
  /** The first steps that ended, as many as a screen could show. */
  readonly ended: readonly StepEnd[];
}

/** No more than this many ended steps of a task are kept: a fleet's would not fit on a screen. */
const keptEnded = 40;

/** A step between its start and its end. */
export interface RunningStep {
  readonly start: StepStart;
  /** Milliseconds, by the clock that `apply` was given; 0 without one. */
  readonly since: number;
  /** Items of the loop that are done. */
  readonly items: number;
  /** Those of them that were neither skipped nor failed. */
  readonly itemsOk: number;
  /** One of the items failed. */
  readonly itemFailed: boolean;
  /** The end of what it printed last, at most 200 characters. */
  readonly lastOutput: string;
}

/** A failure that counts: neither ignored nor rescued. */
interface FailedStep {
  readonly host: string;
  /** The task's name; absent where the connection was lost between tasks. */
  readonly name?: string;
  readonly outcome: "failed" | "unreachable";
  readonly failure?: Failure;
}

/** A play (or one batch of it) that is under way or done. */
export interface PlayState {
  readonly start: PlayStart;
  readonly since: number;
  readonly hostsDone: number;
  readonly tasks: ReadonlyMap<string, TaskState>;
  /** Steps that are behind us, of `hosts × tasks`; what a host did not go through counts once it is done. */
  readonly stepsDone: number;
  readonly ended: boolean;
}

/** What all events so far add up to. Each event costs the same, however many hosts there are. */
export interface RunState {
  /** Takes an event in; gives the step that it belongs to, where that step is under way or just ended. */
  readonly apply: (event: EventBody, nowMs?: number) => RunningStep | undefined;
  /** Ansible's counts by host, in the order in which hosts first had something to count. */
  readonly stats: ReadonlyMap<string, HostStats>;
  readonly failures: readonly FailedStep[];
  /** By host whether a grant that failed half-way there was taken back. */
  readonly rollBacks: ReadonlyMap<string, boolean>;
  readonly running: ReadonlyMap<number, RunningStep>;
  readonly plays: readonly PlayState[];
  /** Hosts that a connection is being opened to, and since when; the longest first. */
  readonly connecting: ReadonlyMap<string, number>;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type WritableTask = Writable<Omit<TaskState, "outcomes" | "running" | "ended">> & {
  outcomes: Record<keyof TaskState["outcomes"], number>;
  ended: StepEnd[];
  running: Map<number, WritableStep>;
};
type WritableStep = Writable<RunningStep>;
type WritablePlay = Writable<Omit<PlayState, "tasks">> & {
  tasks: Map<string, WritableTask>;
  hostSteps: Map<string, number>;
};

/** Creates the fold that the recap and the reporters share. */
export const createRunState = (): RunState => new Fold();

/** Ansible counts a step once, an include of tasks for each item of its loop, and an include of a role not at all. */
const countOfOk = (step: RunningStep | undefined): number => {
  const action = step?.start.action.split(".").at(-1);
  if (action === "include_role") return 0;
  return action === "include_tasks" && step !== undefined && step.items > 0 ? step.itemsOk : 1;
};

class Fold implements RunState {
  readonly stats = new Map<string, Counts>();
  readonly failures: FailedStep[] = [];
  readonly rollBacks = new Map<string, boolean>();
  readonly running = new Map<number, WritableStep>();
  readonly plays: WritablePlay[] = [];
  readonly connecting = new Map<string, number>();
  /** Hosts whose loss was counted in the play by the step that met it. */
  readonly #lost = new Set<string>();

  readonly apply = (event: EventBody, nowMs = 0): RunningStep | undefined => {
    switch (event.type) {
      case "play.start":
        this.#lost.clear();
        this.plays.push(newPlay(event, nowMs));
        return undefined;
      case "host.connect":
        this.connecting.set(event.host, nowMs);
        return undefined;
      case "host.ready":
        this.connecting.delete(event.host);
        return undefined;
      case "step.start":
        return this.#startStep(event, nowMs);
      case "step.item": {
        const step = this.running.get(event.step);
        if (step === undefined) return undefined;
        step.items += 1;
        if (event.outcome === "ok" || event.outcome === "changed") step.itemsOk += 1;
        step.itemFailed ||= event.outcome === "failed" || event.outcome === "unreachable";
        return step;
      }
      case "step.end":
        return this.#endStep(event, nowMs);
      case "host.lost":
        this.#loseHost(event.host, event.failure);
        return undefined;
      case "host.end":
        this.#endHost(event.host);
        return undefined;
      case "play.end": {
        const play = this.#play;
        if (play !== undefined) play.ended = true;
        return undefined;
      }
      case "step.output": {
        const step = this.running.get(event.step);
        if (step !== undefined && event.text.trim() !== "") step.lastOutput = event.text.slice(-200);
        return step;
      }
      case "step.retry":
        return this.running.get(event.step);
      default:
        return undefined;
    }
  };

  get #play(): WritablePlay | undefined {
    return this.plays.at(-1);
  }

  #counts(host: string): Counts {
    let counts = this.stats.get(host);
    if (counts === undefined) {
      counts = { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 };
      this.stats.set(host, counts);
    }
    return counts;
  }

  #startStep(event: StepStart, nowMs: number): RunningStep {
    const step: WritableStep = { start: event, since: nowMs, items: 0, itemsOk: 0, itemFailed: false, lastOutput: "" };
    this.running.set(event.step, step);
    const play = this.#play;
    if (play !== undefined) {
      let task = play.tasks.get(event.task);
      if (task === undefined) play.tasks.set(event.task, (task = newTask(event, nowMs)));
      task.running.set(event.step, step);
    }
    return step;
  }

  #endStep(event: StepEnd, nowMs: number): RunningStep | undefined {
    const step = this.running.get(event.step);
    this.running.delete(event.step);
    const play = this.#play;
    const task = play?.tasks.get(event.task);
    if (task !== undefined) {
      task.running.delete(event.step);
      task.outcomes[event.ignored ? "ignored" : event.rescued ? "rescued" : event.outcome] += 1;
      task.done += 1;
      task.until = nowMs;
      if (task.ended.length < keptEnded) task.ended.push(event);
    }
    // A handler is not among the tasks that the play counts.
    if (play !== undefined && task?.handler !== true) countStep(play, event.host);
    this.#countOutcome(event, step);
    if (step !== undefined && isRollBack(step.start))
      this.rollBacks.set(event.host, event.outcome === "ok" || event.outcome === "changed");
    return step;
  }

  #countOutcome(event: StepEnd, step: RunningStep | undefined): void {
    const name = step?.start.name;
    const counts = this.#counts(event.host);
    if (event.outcome === "skipped") counts.skipped += 1;
    if (event.outcome === "ok" || event.outcome === "changed") counts.ok += countOfOk(step);
    if (event.outcome === "changed") counts.changed += 1;
    if (event.outcome !== "failed" && event.outcome !== "unreachable") return;
    if (event.ignored) {
      // Ansible counts an ignored failure as ok, and as changed where the result says so.
      counts.ok += 1;
      counts.ignored += 1;
      if (event.result["changed"] === true) counts.changed += 1;
    } else if (event.rescued && event.outcome === "failed") counts.rescued += 1;
    else {
      if (event.outcome === "unreachable") this.#lost.add(event.host);
      counts[event.outcome] += 1;
      this.failures.push({
        host: event.host,
        outcome: event.outcome,
        ...(name === undefined ? {} : { name }),
        ...(event.failure === undefined ? {} : { failure: event.failure }),
      });
    }
  }

  #loseHost(host: string, failure: Failure): void {
    this.connecting.delete(host);
    if (this.#lost.has(host)) return;
    this.#lost.add(host);
    this.#counts(host).unreachable += 1;
    this.failures.push({ host, outcome: "unreachable", failure });
  }

  #endHost(host: string): void {
    const play = this.#play;
    if (play === undefined) return;
    play.hostsDone += 1;
    play.stepsDone += Math.max(0, play.start.tasks - (play.hostSteps.get(host) ?? 0));
    play.hostSteps.set(host, play.start.tasks);
  }
}

/** What a run does of its own accord with a grant that failed half-way; no file has a place for it. */
const isRollBack = ({ action, name }: StepStart): boolean =>
  action === "latchkey.access.grant_undo" && name.startsWith("Roll back grant ");

const newPlay = (start: PlayStart, since: number): WritablePlay => ({
  start,
  since,
  hostsDone: 0,
  stepsDone: 0,
  ended: false,
  tasks: new Map(),
  hostSteps: new Map(),
});

const newTask = ({ task, name, handler }: StepStart, since: number): WritableTask => ({
  task,
  name,
  handler,
  outcomes: { ok: 0, changed: 0, skipped: 0, failed: 0, unreachable: 0, cancelled: 0, ignored: 0, rescued: 0 },
  running: new Map(),
  done: 0,
  since,
  until: since,
  ended: [],
});

const countStep = (play: WritablePlay, host: string): void => {
  const steps = play.hostSteps.get(host) ?? 0;
  if (steps >= play.start.tasks) return;
  play.hostSteps.set(host, steps + 1);
  play.stepsDone += 1;
};
