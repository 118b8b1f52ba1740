import type { Outcome } from "../events/event.ts";
import type { Failure } from "../util/failure.ts";
import type { PlainMap } from "../vars/value.ts";
import type { ItemRecord } from "./run-item.ts";

/** How a task ended on a host, for whoever decides what comes next. */
export interface StepRecord {
  readonly outcome: Outcome;
  /** The result in Ansible's keys, as `register` gets it. */
  readonly result: PlainMap;
  /** What each item of its loop said, or the task itself without a loop. */
  readonly items: readonly ItemRecord[];
  /** `ignore_errors` or `ignore_unreachable` covers the failure. */
  readonly ignored: boolean;
  /** A rescue section takes over. */
  readonly rescued: boolean;
  readonly failure?: Failure;
}

export const nothing: StepRecord = { outcome: "ok", result: {}, items: [], ignored: false, rescued: false };

/** Whether the host is out of the play by it. */
export const isLoss = ({ outcome, ignored, rescued }: StepRecord): boolean =>
  (outcome === "failed" || outcome === "unreachable") && !ignored && !rescued;
