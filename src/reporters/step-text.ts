import type { Delegate, Outcome, StepEnd, StepItem } from "../events/event.ts";
import type { RunningStep } from "../events/run-state.ts";
import type { Failure } from "../util/failure.ts";
import { escapeForTerminal } from "../util/escape.ts";
import type { Plain, PlainMap } from "../vars/value.ts";
import { formatDiffs } from "./diff-text.ts";
import type { Paint, Palette } from "./palette.ts";
import { formatItem, formatJson, printableResult } from "./result-text.ts";

/** How steps are told. */
export interface StepStyle {
  readonly palette: Palette;
  /** 0 to 3 and more: the number of `-v`. */
  readonly verbosity: number;
  readonly diff: boolean;
}

/** How many lines of a failed command's output are shown, from its end. */
const shownLines = 20;
const margin = "    ";

/**
 * What is to be told of a step that ended: the lines of ansible-playbook, and for a failure what it was, the command,
 * its exit code and the end of its output. `named` says which task it was, where no heading above does. Empty where
 * the lines of a loop's items have said all.
 */
export const formatStepEnd = (
  event: StepEnd,
  step: RunningStep | undefined,
  style: StepStyle,
  named: boolean,
): string => {
  const after = event.ignored ? "...ignoring\n" : event.rescued ? "...rescuing\n" : "";
  const items = step?.items ?? 0;
  const failed = event.outcome === "failed" || event.outcome === "unreachable";
  if (items > 0 && (event.outcome === "ok" || event.outcome === "changed")) return "";
  if (items > 0 && failed && step?.itemFailed === true) return style.palette.skipped(after);
  const task = named ? ` | ${escapeForTerminal(step?.start.name ?? event.task)} (${formatSeconds(event.ms)})` : "";
  const diff = items === 0 && style.diff ? formatDiffs(event.result["diff"], style.palette) : "";
  const line = formatLine({ ...event, action: step?.start.action ?? "", subject: task }, style);
  return diff + line + style.palette.skipped(after);
};

/** What is to be told of one item of a loop. */
export const formatStepItem = (
  event: StepItem,
  step: RunningStep | undefined,
  style: StepStyle,
  named: boolean,
): string => {
  const item = `(item=${escapeForTerminal(formatItem(event.label))})`;
  const task = named ? ` | ${escapeForTerminal(step?.start.name ?? "")}` : "";
  const failed = event.outcome === "failed" || event.outcome === "unreachable";
  const diff = style.diff ? formatDiffs(event.result["diff"], style.palette) : "";
  const subject = failed ? `${task} ${item}` : `${task} => ${item}`;
  return diff + formatLine({ ...event, item: true, action: step?.start.action ?? "", subject }, style);
};

/** What is to be told of a host whose connection failed or was lost. */
export const formatLost = (host: string, failure: Failure, style: StepStyle): string =>
  formatLine({ host, outcome: "unreachable", result: {}, failure, action: "", subject: "" }, style);

/** Seconds with two decimals below ten, as `0.12 s`; longer times as `1:23` minutes. */
export const formatSeconds = (ms: number): string => {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
};

interface Told {
  readonly host: string;
  readonly outcome: Outcome;
  readonly result: PlainMap;
  readonly action: string;
  /** What follows the host in its brackets: the task where it has to be named, the item. */
  readonly subject: string;
  readonly item?: boolean;
  readonly wouldRun?: boolean;
  readonly failure?: Failure;
  readonly delegate?: Delegate;
}

const formatLine = (told: Told, style: StepStyle): string =>
  warningsOf(told.result)
    .map((text) => `${style.palette.warning(`[WARNING]: ${escapeForTerminal(`${told.host}: ${text}`)}`)}\n`)
    .join("") + formatStatus(told, style);

/** What a module warns of, whatever came of it. */
export const warningsOf = ({ warnings }: PlainMap): readonly string[] =>
  Array.isArray(warnings) ? warnings.map(formatItem) : [];

const formatStatus = (told: Told, style: StepStyle): string => {
  const module = told.action.slice(told.action.lastIndexOf(".") + 1);
  if (told.outcome === "ok" && module === "include_role") return "";
  if (told.outcome === "ok" && module === "include_tasks" && typeof told.result["include"] === "string") {
    const what = escapeForTerminal(told.result["include"]);
    return style.palette.skipped(`included: ${what} for ${escapeForTerminal(told.host)}${told.subject}\n`);
  }
  const [word, paint] = statusOf(told, style.palette);
  const head = `${word}: [${escapeForTerminal(told.host)}${delegateText(told.delegate)}]`;
  if (told.outcome === "failed") {
    const mark = told.item === true ? told.subject : `: FAILED!${told.subject}`;
    return paint(`${head}${mark} => ${formatFailure(told, style)}`);
  }
  if (told.outcome === "unreachable")
    return paint(`${head}: UNREACHABLE!${told.subject} => ${formatFailure(told, style)}`);
  return paint(`${head}${told.subject}${formatDetail(told, style)}\n`);
};

/** ` -> db1(10.0.0.5)`, as Ansible tells where a task worked. */
const delegateText = (delegate: Delegate | undefined): string => {
  if (delegate === undefined) return "";
  const { host, address } = delegate;
  return escapeForTerminal(` -> ${host}${host === address ? "" : `(${address})`}`);
};

const statusOf = (told: Told, palette: Palette): readonly [string, Paint] => {
  switch (told.outcome) {
    case "ok":
      return ["ok", palette.ok];
    case "changed":
      return ["changed", palette.changed];
    case "skipped":
      return told.wouldRun === true ? ["would run", palette.changed] : ["skipping", palette.skipped];
    case "cancelled":
      return ["cancelled", palette.failed];
    case "unreachable":
      return ["fatal", palette.unreachable];
    case "failed":
      return [told.item === true ? "failed" : "fatal", palette.failed];
  }
};

/** What a step that did not fail has to say: debug its message, a dry run its command, `-v` everything. */
const formatDetail = (told: Told, style: StepStyle): string => {
  const message = spokenResult(told);
  if (message !== undefined) return ` => ${escapeLines(formatJson(message, 4)).join("\n")}`;
  if (style.verbosity > 0) return ` => ${escapeForTerminal(formatJson(printableResult(told.result, style.verbosity)))}`;
  const command = told.wouldRun === true ? formatCommand(told.result["cmd"]) : undefined;
  return command === undefined ? "" : ` => ${command}`;
};

/** Whether a step is there to say something, as `debug` is. */
export const isSpoken = (event: StepEnd | StepItem, step: RunningStep | undefined): boolean =>
  spokenResult({ ...event, action: step?.start.action ?? "" }) !== undefined;

/** The part of a result that is there to be read: all that `debug` gives, an `assert`'s own message. */
const spokenResult = ({
  action,
  outcome,
  result,
}: Pick<Told, "action" | "outcome" | "result">): PlainMap | undefined => {
  if (outcome !== "ok" && outcome !== "changed") return undefined;
  const module = action.slice(action.lastIndexOf(".") + 1);
  if (module === "debug") {
    return Object.fromEntries(
      Object.entries(result).filter(([key]) => !["changed", "failed", "skipped"].includes(key) && !key.startsWith("_")),
    );
  }
  const { msg } = result;
  return module === "assert" && msg !== undefined && msg !== "All assertions passed" ? { msg } : undefined;
};

const formatFailure = (told: Told, style: StepStyle): string => {
  const { result, failure } = told;
  const said = typeof result["msg"] === "string" ? result["msg"] : undefined;
  const censored = typeof result["censored"] === "string" ? result["censored"] : undefined;
  const message = (failure?.message ?? censored ?? said ?? "").trimEnd();
  const lines: string[] = [];
  if (style.verbosity > 0) lines.push(escapeForTerminal(formatJson(printableResult(result, style.verbosity))));
  lines.push(...escapeLines(message === "" ? "no message" : message));
  if (said !== undefined && said !== "" && !message.includes(said)) lines.push(...field("message", said));
  const command = formatCommand(result["cmd"]);
  if (command !== undefined) lines.push(`command: ${command}`);
  if (typeof result["rc"] === "number") lines.push(`exit code: ${result["rc"]}`);
  for (const stream of ["stderr", "stdout"]) lines.push(...field(stream, result[stream]));
  if (failure?.hint !== undefined) lines.push(...field("hint", failure.hint));
  return `${lines.join(`\n${margin}`)}\n`;
};

/** One line where it fits on one; else the last lines, indented below. */
const field = (name: string, value: Plain | undefined): readonly string[] => {
  if (typeof value !== "string" || value.trim() === "") return [];
  const lines = escapeLines(value.trimEnd());
  if (lines.length === 1) return [`${name}: ${lines[0]}`];
  const cut = lines.length > shownLines ? ` (the last ${shownLines} of ${lines.length} lines)` : "";
  return [`${name}${cut}:`, ...lines.slice(-shownLines).map((line) => margin + line)];
};

/** A command as it can be read: words that need it in quotes. Not for a shell. */
const formatCommand = (cmd: Plain | undefined): string | undefined => {
  if (typeof cmd === "string") return escapeForTerminal(cmd);
  if (!Array.isArray(cmd)) return undefined;
  const words: readonly Plain[] = cmd;
  return escapeForTerminal(
    words
      .map((word) => (typeof word === "string" && /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word)))
      .join(" "),
  );
};

/** The lines of a text, each fit for a terminal. A carriage return at a line's end is dropped. */
export const escapeLines = (text: string): readonly string[] => text.split(/\r?\n/).map(escapeForTerminal);
