import type { Failure } from "../util/failure.ts";
import type { PlainMap } from "../vars/value.ts";

const censorText = "the output has been hidden due to the fact that 'no_log: true' was specified for this result";

/** What is shown of a result under no_log, in Ansible's words. */
export const censored = (result: PlainMap): PlainMap => {
  const kept = ["changed", "failed", "skipped", "unreachable", "attempts"].filter((key) => key in result);
  return { censored: censorText, ...Object.fromEntries(kept.map((key) => [key, result[key] ?? null])) };
};

/** What speaks of the way to the host, and not of what the task holds. */
const harmless = new Set<Failure["kind"]>([
  "unreachable",
  "timeout",
  "auth",
  "host-key",
  "sudo",
  "protocol",
  "cancelled",
]);

/** A failure without what a module, a template, a program or a bug said. */
export const hiddenFailure = (failure: Failure): Failure =>
  harmless.has(failure.kind) ? failure : { kind: failure.kind, message: censorText };
