import type { Failure } from "../util/failure.ts";
import type { PlainMap } from "../vars/value.ts";

const censorText = "the output has been hidden due to the fact that 'no_log: true' was specified for this result";

/** What is shown of a result under no_log, in Ansible's words. */
export const censored = (result: PlainMap): PlainMap => {
  const kept = ["changed", "failed", "skipped", "unreachable", "attempts"].filter((key) => key in result);
  return { censored: censorText, ...Object.fromEntries(kept.map((key) => [key, result[key] ?? null])) };
};

/** A failure without what a module or a template said. */
export const hiddenFailure = (failure: Failure): Failure =>
  failure.kind === "module" || failure.kind === "template" ? { kind: failure.kind, message: censorText } : failure;
