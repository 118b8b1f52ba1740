import { text } from "../python/text.ts";
import type { Evaluation } from "./evaluation.ts";
import { Fault } from "./fault.ts";
import { type CallArguments, type Live, truthy } from "./live.ts";

/**
 * `lookup(name, term…)` and `query(name, term…)`. A lookup's results are a list; `lookup` joins texts with commas, and
 * gives a single result of another type as it is.
 *
 * @throws Fault
 */
export const callLookup = (called: "lookup" | "query" | "q", call: CallArguments, evaluation: Evaluation): Live => {
  const [first, ...terms] = call.positional.map((value) => evaluation.settle(value));
  if (typeof first !== "string") throw new Fault(`${called} needs the name of a lookup`);
  const lookup = evaluation.engine.lookup(first);
  if (lookup === undefined) throw new Fault(evaluation.engine.unknown("lookup", first));
  const options = new Map([...call.named].map(([name, value]) => [name, evaluation.settle(value)]));
  const wantList = called !== "lookup" || truthy(options.get("wantlist") ?? false);
  const errors = text(options.get("errors") ?? "strict");
  options.delete("wantlist");
  options.delete("errors");
  let results: Live[];
  try {
    results = lookup(terms, options, evaluation).map((result) => evaluation.taken(result));
  } catch (error) {
    if (!(error instanceof Fault) || errors === "strict") throw error;
    return wantList ? [] : null;
  }
  if (wantList) return results;
  if (results.every((result) => typeof result === "string")) return results.join(",");
  const [only] = results;
  return results.length === 1 && only !== undefined ? only : results;
};
