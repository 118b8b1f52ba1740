import type { DiagnosticEvent, Event, PlayStart, Reporter, RunEnd } from "../events/event.ts";
import { createRunState, type RunningStep, type RunState } from "../events/run-state.ts";
import { escapeForTerminal } from "../util/escape.ts";
import { flush, type ReporterOutput } from "./output.ts";
import { formatBanner, formatRecap } from "./recap.ts";
import { escapeLines, formatLost, formatSeconds, formatStepEnd, formatStepItem, type StepStyle } from "./step-text.ts";

/**
 * Text as `ansible-playbook` prints it: for logs, pipes and small terminals. What comes within one
 * turn of the event loop is one write: a fleet would else cost thousands.
 *
 * Hosts go through a play on their own, so the lines of several tasks can mix. A task's heading is printed once,
 * before its first line. A line that stands below its own heading is Ansible's; any other line names its task:
 *
 *     TASK [add the key] *************
 *     changed: [web1]
 *     changed: [web2] | create the account (0.31 s)
 */
export const createPlainReporter = (stdout: ReporterOutput, style: StepStyle): Reporter => {
  const printer = new PlainPrinter(stdout, style);
  let pending = "";
  const write = (): void => {
    if (pending !== "") stdout.write(pending);
    pending = "";
  };
  return {
    on: (event) => {
      if (pending === "") setImmediate(write);
      pending += printer.format(event);
    },
    close: async () => {
      write();
      await flush(stdout);
    },
  };
};

class PlainPrinter {
  readonly #state: RunState = createRunState();
  readonly #stdout: ReporterOutput;
  readonly #style: StepStyle;
  /** Tasks of the play that have had their heading; the last one is the one that lines stand under. */
  readonly #headed = new Set<string>();
  #heading = "";
  /** The step of each host that has a line below the heading. */
  readonly #below = new Map<string, number>();
  /** Hosts whose loss a step has told already. */
  readonly #lost = new Set<string>();

  constructor(stdout: ReporterOutput, style: StepStyle) {
    this.#stdout = stdout;
    this.#style = style;
  }

  format(event: Event): string {
    const step = this.#state.apply(event);
    switch (event.type) {
      case "play.start":
        return this.#startPlay(event);
      case "step.item":
        return this.#under(step, (named) => formatStepItem(event, step, this.#style, named));
      case "step.end":
        if (event.outcome === "unreachable") this.#lost.add(event.host);
        return this.#under(step, (named) => formatStepEnd(event, step, this.#style, named));
      case "step.retry":
        return this.#under(step, () => this.#retry(event.host, event.left, step));
      case "host.lost":
        return this.#lost.has(event.host) ? "" : formatLost(event.host, event.failure, this.#style);
      case "play.end":
        return event.stopped === undefined
          ? ""
          : `\n${this.#style.palette.failed(`stopped because ${escapeForTerminal(event.stopped)}`)}\n`;
      case "diagnostic":
        return formatDiagnostic(event, this.#style);
      case "run.end":
        return this.#endRun(event);
      case "host.connect":
      case "host.ready":
      case "host.end":
      case "handler.notified":
      case "step.output":
        return formatVerbose(event, this.#style);
      case "run.start":
      case "step.start":
        return "";
    }
  }

  #startPlay(event: PlayStart): string {
    this.#headed.clear();
    this.#heading = "";
    this.#lost.clear();
    const banner = formatBanner(`PLAY [${event.name}]`, this.#columns);
    return event.hosts.length > 0 ? banner : `${banner}skipping: no hosts matched\n`;
  }

  /** Puts a task's heading before its first line, and has its lines named where they stand under another one. */
  #under(step: RunningStep | undefined, format: (named: boolean) => string): string {
    if (step === undefined) return format(false);
    const { task, host, step: number } = step.start;
    // A file that is included several times has its tasks several times, perhaps under other names.
    const isAgain = this.#heading === task && (this.#below.get(host) ?? number) !== number;
    if (!isAgain && this.#heading !== task && this.#headed.has(task)) return format(true);
    const text = format(false);
    if (text === "") return "";
    const isHeaded = this.#heading === task && !isAgain;
    if (!isHeaded) this.#below.clear();
    this.#below.set(host, number);
    this.#headed.add(task);
    this.#heading = task;
    return isHeaded ? text : this.#banner(step) + text;
  }

  #banner({ start }: RunningStep): string {
    const banner = formatBanner(`${start.handler ? "RUNNING HANDLER" : "TASK"} [${start.name}]`, this.#columns);
    if (this.#style.verbosity < 2 || start.place === undefined) return banner;
    return `${banner}task path: ${escapeForTerminal(start.place.file)}:${start.place.line}\n`;
  }

  #retry(host: string, left: number, step: RunningStep | undefined): string {
    const name = escapeForTerminal(step?.start.name ?? "");
    return `FAILED - RETRYING: [${escapeForTerminal(host)}]: ${name} (${left} retries left).\n`;
  }

  #endRun(event: RunEnd): string {
    const interrupted = event.interrupted ? `\n${this.#style.palette.failed("[ERROR]: interrupted")}\n` : "";
    // Without a play there is nothing to sum up: the files were wrong.
    if (this.#state.plays.length === 0) return interrupted;
    return (
      interrupted +
      formatRecap({ stats: event.stats, rollBacks: this.#state.rollBacks }, this.#style.palette, this.#columns)
    );
  }

  get #columns(): number {
    return this.#stdout.isTTY === true ? (this.#stdout.columns ?? 0) : 0;
  }
}

/** `[WARNING]: …` with its place, in Ansible's form. */
export const formatDiagnostic = ({ severity, message, code, place }: DiagnosticEvent, style: StepStyle): string => {
  const where = place === undefined ? "" : `${escapeForTerminal(place.file)}:${place.line}:${place.column}: `;
  const tail = code === undefined ? "" : ` [${escapeForTerminal(code)}]`;
  const [first, ...rest] = escapeLines(message);
  const text = [`[${severity.toUpperCase()}]: ${where}${first}${tail}`, ...rest.map((line) => `    ${line}`)].join(
    "\n",
  );
  if (severity === "note") return `${text}\n`;
  return `${severity === "error" ? style.palette.failed(text) : style.palette.warning(text)}\n`;
};

/** What only `-vv` (handlers) and `-vvv` (connections, output as it comes) tell. */
const formatVerbose = (event: Event, { verbosity }: StepStyle): string => {
  if (event.type === "handler.notified") {
    if (verbosity < 2) return "";
    return `NOTIFIED HANDLER ${escapeForTerminal(event.handler)} for ${escapeForTerminal(event.host)}\n`;
  }
  if (verbosity < 3 || !("host" in event)) return "";
  const told = connectionText(event);
  const host = escapeForTerminal(event.host);
  return told.map((line) => `<${host}> ${line}\n`).join("");
};

const connectionText = (event: Event): readonly string[] => {
  switch (event.type) {
    case "host.connect":
      return [
        `connecting to ${escapeForTerminal(event.address)} port ${event.port} as ${escapeForTerminal(event.user)}`,
      ];
    case "host.ready":
      return [`connected after ${formatSeconds(event.ms)}`];
    case "host.end":
      return ["done with the play"];
    case "step.output":
      return escapeLines(event.text.replace(/\n$/, "")).map((line) => `${event.stream}: ${line}`);
    default:
      return [];
  }
};
