import type { Place } from "./place.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** How a task ended on a host. */
export interface Step {
  readonly host: string;
  readonly name: string;
  readonly outcome: string;
  readonly ignored: boolean;
  readonly result: Json;
}

/** What came of a case. */
export interface Outcome {
  /** The exit code by its meaning. */
  readonly ending: string;
  readonly steps: readonly Step[];
  readonly stats: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Every file that is not as it was, by host and path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Ansible's 4 means an unreachable host and a file that it cannot read. */
export const endingOf = (code: number | null, stats: Outcome["stats"]): string => {
  if (code === 0) return "ok";
  if (code === 2) return "failed";
  const lost = Object.values(stats).some((counts) => (counts["unreachable"] ?? 0) > 0);
  return code === 4 && lost ? "unreachable" : code === 1 || code === 4 ? "files" : `code ${code}`;
};

/** Keys that are about the moment, the machine or the way there. */
const passing = new Set(
  (
    "ansible_facts atime backup_file blocks cache_update_time charset ctime date delta deprecations dev diff discovered_interpreter_python elapsed end " +
    "attr_flags attributes exception include_args inode invocation last_modified mimetype module_stderr module_stdout mtime src start stop timedout version warnings"
  ).split(" "),
);

/** Of a failure, what people read differs, and with it most of what explains it. */
const ofFailure = new Set([
  "rc",
  "stdout",
  "stdout_lines",
  "failed_when_result",
  "attempts",
  "changed",
  "results",
  "item",
]);

const isMap = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Of a result, what is compared: without what is of the moment or of a place. */
const comparable = (value: Json, plain: Place["plain"], isFailure = isMap(value) && value["failed"] === true): Json => {
  if (typeof value === "string") return plain(value);
  if (Array.isArray(value)) return value.map((item: Json) => comparable(item, plain));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("_ansible") && !passing.has(key) && (!isFailure || ofFailure.has(key)))
      .map(([key, item]) => [plain(key), comparable(item, plain)]),
  );
};

const kinds = ["ok", "changed", "unreachable", "failed", "skipped", "rescued", "ignored"];

/** What a program did at a place, without what is the place's alone. */
export const outcomeOf = (
  code: number | null,
  told: Pick<Outcome, "steps" | "stats">,
  files: Outcome["files"],
  { plain }: Place,
): Outcome => ({
  ending: endingOf(code, told.stats),
  steps: told.steps.map(({ host, name, outcome, ignored, result }) => ({
    host,
    name: plain(name),
    outcome,
    ignored,
    result: comparable(result, plain, ["failed", "unreachable"].includes(outcome)),
  })),
  stats: Object.fromEntries(
    Object.entries(told.stats).map(([host, counts]) => [
      host,
      Object.fromEntries(kinds.map((kind) => [kind, counts[kind] ?? 0])),
    ]),
  ),
  files,
});

const compareResults = (theirs: Json, ours: Json | undefined, path: string): string[] => {
  if (ours === undefined) return [`${path}: ${JSON.stringify(theirs)} | missing`];
  if (Array.isArray(theirs) && Array.isArray(ours) && theirs.length === ours.length) {
    return theirs.flatMap((item: Json, index) => compareResults(item, ours[index] as Json, `${path}.${index}`));
  }
  if (isMap(theirs) && isMap(ours)) {
    return Object.keys(theirs).flatMap((key) => compareResults(theirs[key] ?? null, ours[key], `${path}.${key}`));
  }
  // An object's keys have no order that playbooks could rely on.
  return JSON.stringify(theirs) === JSON.stringify(ours)
    ? []
    : [`${path}: ${JSON.stringify(theirs)} | ${JSON.stringify(ours)}`];
};

const compareSteps = (theirs: readonly Step[], ours: readonly Step[], host: string): string[] => {
  const show = (step: Step | undefined): string =>
    step === undefined ? "nothing" : `${step.name}: ${step.outcome}${step.ignored ? ", ignored" : ""}`;
  // Ansible shows a name as it was written where it could not render it.
  const alike = (a: string, b: string): boolean =>
    a === b || (a.includes("{{") && a.replace(/^.*: /s, "") === b.replace(/^.*: /s, ""));
  return Array.from({ length: Math.max(theirs.length, ours.length) }, (_, index) => {
    const [a, b] = [theirs[index], ours[index]];
    if (a === undefined || b === undefined || !alike(show(a), show(b))) {
      return [`${host} step ${index}: ${show(a)} | ${show(b)}`];
    }
    return compareResults(a.result, b.result, `${host} ${a.name}`);
  }).flat();
};

/** Lines about what Ansible's outcome has and ours has not, or has in another way: "where: Ansible's | ours". */
export const differencesOf = (theirs: Outcome, ours: Outcome): readonly string[] => {
  const told = theirs.ending === ours.ending ? [] : [`ending: ${theirs.ending} | ${ours.ending}`];
  for (const host of new Set([...theirs.steps, ...ours.steps].map((step) => step.host))) {
    const [a, b] = [theirs, ours].map(({ steps }) => steps.filter((step) => step.host === host));
    told.push(...compareSteps(a ?? [], b ?? [], host));
  }
  const recap = (stats: Outcome["stats"], host: string): string =>
    kinds.map((kind) => `${kind}=${stats[host]?.[kind]}`).join(" ");
  for (const host of new Set([...Object.keys(theirs.stats), ...Object.keys(ours.stats)])) {
    const [a, b] = [recap(theirs.stats, host), recap(ours.stats, host)];
    if (a !== b) told.push(`recap ${host}: ${a} | ${b}`);
  }
  for (const path of new Set([...Object.keys(theirs.files), ...Object.keys(ours.files)])) {
    const [a = "nothing", b = "nothing"] = [theirs.files[path], ours.files[path]];
    if (a !== b) told.push(`${path}: ${a} | ${b}`);
  }
  return told;
};
