import { eventVersion } from "./event.ts";

/*
 * The published shape of the JSONL stream. The types in event.ts are what the program uses; a test compiles only while
 * the two agree, and another one compares schemas/event.schema.json with this.
 */

const text = (description: string) => ({ type: "string", description }) as const;
const count = (description: string) => ({ type: "integer", minimum: 0, description }) as const;
const flag = (description: string) => ({ type: "boolean", description }) as const;
const word = <const Words extends readonly string[]>(words: Words, description: string) =>
  ({ type: "string", enum: words, description }) as const;
const object = <
  const Properties extends Readonly<Record<string, object>>,
  const Required extends readonly (keyof Properties)[],
>(
  description: string,
  properties: Properties,
  required: Required,
) => ({ type: "object", description, properties, required, additionalProperties: false }) as const;

const place = object(
  "Where something is written.",
  {
    file: text("The file's path as the user gave it."),
    line: { type: "integer", minimum: 1, description: "Counts from 1." },
    column: { type: "integer", minimum: 1, description: "Counts from 1." },
  },
  ["file", "line", "column"],
);

const failure = object(
  "Why a step or a host did not succeed.",
  {
    kind: word(
      [
        "unreachable",
        "timeout",
        "auth",
        "host-key",
        "sudo",
        "protocol",
        "program",
        "module",
        "template",
        "cancelled",
        "internal",
      ],
      "The kind of failure; src/util/failure.ts says what each means.",
    ),
    message: text("What went wrong, in one line. It may hold text from the host: escape it before a terminal sees it."),
    hint: text("What to do about it."),
  },
  ["kind", "message"],
);

const outcome = word(["ok", "changed", "skipped", "failed", "unreachable", "cancelled"], "How it ended on this host.");
const result = { type: "object", description: "The result in Ansible's keys; `censored` alone under no_log." } as const;
const host = text("The host's name in the inventory.");
const delegate = object(
  "The host where it worked instead of its own (delegate_to).",
  { host, address: text("Its name or address to connect to.") },
  ["host", "address"],
);
const step = count("The step's number, unique in a run: one task on one host.");
const task = text("The task's id, the same for all hosts that run it in this play.");
const play = text("The play's id.");
const name = text("The name, as Ansible prints it.");
const ms = { type: "number", minimum: 0, description: "Milliseconds." } as const;
const stats = object(
  "The counts of Ansible's recap line.",
  {
    ok: count("Tasks that did not fail and were not skipped, changed ones and ignored failures among them."),
    changed: count("Tasks that changed something."),
    unreachable: count("Tasks or connections that found the host unreachable."),
    failed: count("Tasks that failed, neither ignored nor rescued."),
    skipped: count("Tasks that were skipped."),
    rescued: count("Failures that a rescue section took over."),
    ignored: count("Failures that ignore_errors or ignore_unreachable covered."),
  },
  ["ok", "changed", "unreachable", "failed", "skipped", "rescued", "ignored"],
);

/** What each type of event carries beside the envelope. */
export const eventBodies = {
  "run.start": object(
    "A run began: always the first event.",
    {
      playbooks: { type: "array", items: { type: "string" }, description: "The playbooks' paths as given." },
      check: flag("A dry run."),
      diff: flag("Differences are asked for."),
      forks: count("How many hosts at once."),
    },
    ["playbooks", "check", "diff", "forks"],
  ),
  "play.start": object(
    "A play, or one batch of it, began on a set of hosts.",
    {
      play,
      name,
      hosts: { type: "array", items: { type: "string" }, description: "The hosts' names." },
      tasks: count("Tasks as written, for progress."),
    },
    ["play", "name", "hosts", "tasks"],
  ),
  "host.connect": object(
    "A connection is being opened.",
    { host, address: text("The address as used."), port: count("The TCP port."), user: text("The login.") },
    ["host", "address", "port", "user"],
  ),
  "host.ready": object("A host is connected and logged in.", { host, ms }, ["host", "ms"]),
  "host.lost": object(
    "A host could not be reached or was lost: no step on it follows in this play.",
    { host, failure },
    ["host", "failure"],
  ),
  "step.start": object(
    "A task begins on a host.",
    {
      step,
      task,
      host,
      name,
      action: text("The module's name as written."),
      handler: flag("It is a handler."),
      place,
    },
    ["step", "task", "host", "name", "action", "handler"],
  ),
  "step.output": object(
    "A running step printed something.",
    {
      step,
      host,
      stream: word(["stdout", "stderr"], "Where it was printed."),
      text: text("The host's text: escape it before a terminal sees it."),
    },
    ["step", "host", "stream", "text"],
  ),
  "step.retry": object(
    "An attempt failed and another follows.",
    { step, host, left: count("Attempts that are left."), delayMs: ms },
    ["step", "host", "left", "delayMs"],
  ),
  "step.item": object(
    "One item of a loop is done; the step goes on.",
    {
      step,
      host,
      outcome,
      label: { description: "The item, or the loop's label." },
      result,
      ignored: flag("ignore_errors covers the failure."),
      delegate,
    },
    ["step", "host", "outcome", "label", "result", "ignored"],
  ),
  "step.end": object(
    "A step is done: exactly one for each step.start.",
    {
      step,
      task,
      host,
      outcome,
      ms,
      result,
      ignored: flag("ignore_errors or ignore_unreachable covers the failure."),
      rescued: flag("A rescue section takes over."),
      wouldRun: flag("A dry run only: it would run something that a dry run cannot predict."),
      failure,
      delegate,
    },
    ["step", "task", "host", "outcome", "ms", "result", "ignored", "rescued", "wouldRun"],
  ),
  "handler.notified": object("A changed step called a handler.", { host, handler: text("The handler's name.") }, [
    "host",
    "handler",
  ]),
  "host.end": object("A host is done with a play.", { play, host }, ["play", "host"]),
  "play.end": object("A play is done.", { play, stopped: text("Why it ended before its time.") }, ["play"]),
  diagnostic: object(
    "Something is to be told about the user's files or the run.",
    {
      severity: word(["error", "warning", "note"], "How bad it is; a note says what was done."),
      message: text("What is to be told."),
      hosts: { type: "array", items: host, description: "Whom it is about." },
      code: text("The stable code of the diagnostic."),
      place,
    },
    ["severity", "message"],
  ),
  "run.end": object(
    "The run is over: always the last event.",
    {
      exitCode: count("The program's exit code."),
      ms,
      interrupted: flag("The user interrupted."),
      stats: { type: "object", description: "The recap by host.", additionalProperties: stats },
    },
    ["exitCode", "ms", "interrupted", "stats"],
  ),
} as const;

const envelope = {
  v: { const: eventVersion, description: "The version of this shape." },
  run: text("The run's id."),
  seq: { type: "integer", minimum: 1, description: "Counts from 1 without gaps." },
  at: text("UTC, ISO 8601 with milliseconds."),
} as const;

/** JSON Schema (draft-07) of one line of the JSONL stream. */
export const eventSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Latchkey event",
  description: "One line of `latchkey run --reporter jsonl`.",
  type: "object",
  required: ["v", "run", "seq", "at", "type"],
  oneOf: Object.entries(eventBodies).map(([type, body]) => ({
    ...body,
    properties: { ...envelope, type: { const: type }, ...body.properties },
    required: ["v", "run", "seq", "at", "type", ...body.required],
  })),
};
