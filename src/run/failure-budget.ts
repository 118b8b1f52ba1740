import type { FailureLimit } from "../plan/plan.ts";
import type { Task } from "../playbook/playbook.ts";
import type { Gate, Position, Turn } from "./gate.ts";
import { isLoss, nothing, type StepRecord } from "./step-record.ts";

/** What a play's hosts have failed, over all of its batches. */
export class FailureBudget {
  readonly #limit: FailureLimit;
  readonly #hosts: number;
  readonly #failed = new Set<string>();

  constructor(limit: FailureLimit, hosts: number) {
    this.#limit = limit;
    this.#hosts = hosts;
  }

  /** Why the play is to stop; undefined while it may go on. */
  get spent(): string | undefined {
    const { count, unit } = this.#limit;
    const failed = this.#failed.size;
    if ((unit === "hosts" ? failed : (100 * failed) / this.#hosts) <= count) return undefined;
    const limit = `${count}${unit === "percent" ? "%" : ""}`;
    return `${failed} of ${this.#hosts} hosts failed or could not be reached, more than --max-fail ${limit}`;
  }

  fail(host: string): void {
    this.#failed.add(host);
  }
}

/** A gate that lets nobody through any more once a budget is spent: hosts that are at a task finish it. */
export class BudgetGate implements Gate {
  readonly #inner: Gate;
  readonly #budget: FailureBudget;
  readonly #onStop: (reason: string) => void;
  /** Hosts that are out: what is left for them is to take a grant back. */
  readonly #out = new Set<string>();

  constructor(inner: Gate, budget: FailureBudget, onStop: (reason: string) => void) {
    this.#inner = inner;
    this.#budget = budget;
    this.#onStop = onStop;
  }

  async enter(host: string, position: Position, task: Task): Promise<Turn> {
    if (this.#stops(host)) return { kind: "abort" };
    const turn = await this.#inner.enter(host, position, task);
    if (turn.kind !== "run" || !this.#stops(host)) return turn;
    this.#inner.leave(host, nothing);
    return { kind: "abort" };
  }

  leave(host: string, record: StepRecord): void {
    if (isLoss(record)) {
      this.#budget.fail(host);
      this.#out.add(host);
    }
    this.#inner.leave(host, record);
  }

  done(host: string): void {
    this.#inner.done(host);
  }

  #stops(host: string): boolean {
    const { spent } = this.#budget;
    if (spent === undefined || this.#out.has(host)) return false;
    this.#out.add(host);
    this.#onStop(spent);
    return true;
  }
}
