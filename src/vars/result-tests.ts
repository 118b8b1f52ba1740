import type { Test } from "./evaluate/evaluation.ts";
import { Fault } from "./evaluate/fault.ts";
import { isList, type Live, type LiveMap, ownValue, truthy } from "./evaluate/live.ts";
import { mapView } from "./python/map-view.ts";

/** A test of a registered result. */
const resultTest = (name: string, run: (result: LiveMap) => boolean): Test => ({
  parameters: [],
  run: (value) => {
    const result = mapView(value);
    if (result === undefined) throw new Fault(`The '${name}' test expects a dictionary`);
    return run(result);
  },
});

const flag = (result: LiveMap, key: string): boolean => truthy(ownValue(result, key) ?? false);

const anyChanged = (result: LiveMap): boolean => {
  if (ownValue(result, "changed") !== undefined) return flag(result, "changed");
  const results: Live = ownValue(result, "results") ?? null;
  return (
    isList(results) &&
    results.some((item) => {
      const inner = mapView(item);
      return inner !== undefined && flag(inner, "changed");
    })
  );
};

const both = (names: readonly string[], run: (result: LiveMap) => boolean): readonly (readonly [string, Test])[] =>
  names.map((name) => [name, resultTest(name, run)] as const);

/** The tests of what a task registered; a missing key counts as false. */
export const resultTests: Readonly<Record<string, Test>> = Object.fromEntries([
  ...both(["failed", "failure"], (result) => flag(result, "failed")),
  ...both(["succeeded", "success", "successful"], (result) => !flag(result, "failed")),
  ...both(["changed", "change"], anyChanged),
  ...both(["skipped", "skip"], (result) => flag(result, "skipped")),
  ...both(["unreachable"], (result) => flag(result, "unreachable")),
  ...both(["reachable"], (result) => !flag(result, "unreachable")),
  // A result of no asynchronous task has neither key: it has started, and is over.
  ...both(["started"], (result) => truthy(ownValue(result, "started") ?? true)),
  ...both(["finished"], (result) => truthy(ownValue(result, "finished") ?? true)),
  ...both(["timedout"], (result) => {
    const timedOut = mapView(ownValue(result, "timedout") ?? null);
    return timedOut !== undefined && flag(timedOut, "period");
  }),
]);
