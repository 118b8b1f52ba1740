import type { Task } from "../playbook/playbook.ts";
import { isLoss, type StepRecord } from "./step-record.ts";

/**
 * Where a task stands in the order of a play: compared number by number, so that handlers called in the middle of a
 * section sort right behind the task that flushed them.
 */
export type Position = readonly number[];

/** What a host may do at a task: run it, take the result of the host that runs it for all, or stop. */
export type Turn =
  | { readonly kind: "run" }
  | { readonly kind: "share"; readonly record: Promise<StepRecord> }
  | { readonly kind: "abort" };

/** Decides when each host may go on to its next task. */
export interface Gate {
  enter(host: string, position: Position, task: Task): Promise<Turn>;
  /** The host is done with the task that it entered for. */
  leave(host: string, record: StepRecord): void;
  /** The host has no more tasks. */
  done(host: string): void;
}

/** Nothing ties the hosts together: each goes on as fast as it can. */
export const freeGate: Gate = {
  enter: () => Promise.resolve({ kind: "run" }),
  leave: () => {},
  done: () => {},
};

interface Waiting {
  readonly position: Position;
  readonly task: Task;
  readonly go: (turn: Turn) => void;
}

/** Settings of the play that end it for all when hosts fail. */
export interface FailurePolicy {
  /** Whether a failure at this task ends the play (any_errors_fatal). */
  readonly isFatal: (task: Task) => boolean;
  /** Whether it runs on the first host only. */
  readonly isOnce: (task: Task) => boolean;
  /** More than this share of the batch, in percent, ends the play; undefined sets no limit. */
  readonly maxFailPercentage: number | undefined;
  /** Called once, with the reason, when the play is ended early. */
  readonly onStop: (reason: string) => void;
}

/**
 * Ansible's linear strategy: no host begins a task before every other host has finished those before it.
 *
 * All hosts gather at the gate; those at the earliest position are let through together; when the last of them is
 * done, and everybody waits again, the next group goes.
 */
export class LockstepGate implements Gate {
  readonly #order: readonly string[];
  readonly #policy: FailurePolicy;
  readonly #active: Set<string>;
  readonly #waiting = new Map<string, Waiting>();
  readonly #running = new Map<string, Task>();
  readonly #toAbort = new Set<string>();
  readonly #failed = new Set<string>();
  #share: { readonly host: string; readonly resolve: (record: StepRecord) => void } | undefined;
  #fatal: string | undefined;

  constructor(hosts: readonly string[], policy: FailurePolicy) {
    this.#order = hosts;
    this.#policy = policy;
    this.#active = new Set(hosts);
  }

  enter(host: string, position: Position, task: Task): Promise<Turn> {
    return new Promise((go) => {
      this.#waiting.set(host, { position, task, go });
      this.#release();
    });
  }

  leave(host: string, record: StepRecord): void {
    const task = this.#running.get(host);
    this.#running.delete(host);
    if (this.#share?.host === host) this.#share.resolve(record);
    if (isLoss(record)) {
      this.#failed.add(host);
      if (task !== undefined && this.#policy.isFatal(task)) this.#fatal = host;
    }
    if (this.#running.size === 0) this.#checkPolicy();
    this.#release();
  }

  done(host: string): void {
    this.#active.delete(host);
    this.#release();
  }

  #checkPolicy(): void {
    const { maxFailPercentage } = this.#policy;
    const share = (100 * this.#failed.size) / this.#order.length;
    if (this.#fatal !== undefined) this.#stop(`${this.#fatal} failed and any_errors_fatal is set`);
    else if (maxFailPercentage !== undefined && share > maxFailPercentage) {
      this.#stop(
        `${this.#failed.size} of ${this.#order.length} hosts failed, more than max_fail_percentage ${maxFailPercentage}`,
      );
    }
    this.#fatal = undefined;
  }

  #stop(reason: string): void {
    const others = [...this.#active].filter((host) => !this.#failed.has(host));
    if (others.length === 0) return;
    for (const host of others) {
      this.#toAbort.add(host);
      this.#failed.add(host);
    }
    this.#policy.onStop(reason);
  }

  #release(): void {
    if (this.#running.size > 0 || this.#waiting.size === 0 || this.#waiting.size < this.#active.size) return;
    const aborted = [...this.#waiting.keys()].filter((host) => this.#toAbort.delete(host));
    if (aborted.length > 0) {
      for (const host of aborted) this.#take(host)?.go({ kind: "abort" });
      return;
    }
    const group = this.#earliest();
    const [first] = group;
    if (first === undefined) return;
    const task = this.#waiting.get(first)?.task;
    if (task !== undefined && group.length > 1 && this.#policy.isOnce(task)) this.#releaseOnce(group, first);
    else for (const host of group) this.#run(host);
  }

  #releaseOnce(group: readonly string[], first: string): void {
    const record = new Promise<StepRecord>((resolve) => {
      this.#share = { host: first, resolve };
    });
    this.#run(first);
    for (const host of group) if (host !== first) this.#take(host)?.go({ kind: "share", record });
  }

  #run(host: string): void {
    const waiting = this.#take(host);
    if (waiting === undefined) return;
    this.#running.set(host, waiting.task);
    waiting.go({ kind: "run" });
  }

  #take(host: string): Waiting | undefined {
    const waiting = this.#waiting.get(host);
    this.#waiting.delete(host);
    return waiting;
  }

  /** The hosts at the earliest position, in the play's order. */
  #earliest(): readonly string[] {
    let earliest: Position | undefined;
    for (const { position } of this.#waiting.values()) {
      if (earliest === undefined || comparePositions(position, earliest) < 0) earliest = position;
    }
    const at = earliest ?? [];
    return this.#order.filter((host) => {
      const waiting = this.#waiting.get(host);
      return waiting !== undefined && comparePositions(waiting.position, at) === 0;
    });
  }
}

const comparePositions = (a: Position, b: Position): number => {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? -1) - (b[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
};
