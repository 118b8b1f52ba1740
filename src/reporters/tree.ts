import type { Event, Reporter, RunEnd } from "../events/event.ts";
import { createRunState, type PlayState, type RunningStep } from "../events/run-state.ts";
import { escapeForTerminal } from "../util/escape.ts";
import type { PlainMap } from "../vars/value.ts";
import { flush, type ReporterOutput } from "./output.ts";
import { formatDiagnostic } from "./plain.ts";
import { formatRecap } from "./recap.ts";
import { createScreen } from "./screen.ts";
import { formatLost, formatStepEnd, formatStepItem, isSpoken, type StepStyle, warningsOf } from "./step-text.ts";
import { countRows, layoutDone, layoutPlay } from "./tree-layout.ts";
import { createTree } from "./tree-renderer.ts";

/**
 * A live tree for a terminal: the play, its tasks, the hosts. Events only change the state; ten times a second a frame
 * is drawn that fits the screen. What is to stay (failures with their cause, differences, messages, plays that are
 * over) is printed above it, and the recap at the end.
 */
export const createTreeReporter = (stdout: ReporterOutput, style: StepStyle, now: () => number): Reporter => {
  const state = createRunState();
  const tree = createTree(style.palette);
  const screen = createScreen(stdout);
  /** What goes above the next frame: texts, and plays whose rows are laid out only then. */
  const above: (() => string)[] = [];
  const lost = new Set<string>();
  let started = false;
  let suspended = false;
  let end: RunEnd | undefined;

  const columns = (): number => stdout.columns ?? 80;
  const draw = (): void => {
    if (suspended) return;
    const play = state.plays.at(-1);
    const text = above
      .splice(0)
      .map((format) => format())
      .join("");
    const size = { columns: columns(), rows: stdout.rows ?? 24 };
    const live = play === undefined || play.ended || end !== undefined ? [] : layoutPlay(play, state, size, now());
    void tree.reserve(size.rows + spareRows);
    screen.draw(tree.render(live, size.columns), text);
  };
  const start = (): void => {
    if (started) return;
    started = true;
    tree.start(draw);
  };
  const keepPlay = (play: PlayState | undefined): void => {
    if (play === undefined || play.start.hosts.length === 0) return;
    const endedAt = now();
    const rows = (): ReturnType<typeof layoutDone> => layoutDone(play, columns(), endedAt);
    // Room for its rows is made now, since a frame cannot wait for it.
    void tree.reserve(countRows(rows()) + spareRows);
    above.push(() => tree.render(rows(), columns()).join("\n") + "\n");
  };

  return {
    on: (event) => {
      const step = state.apply(event, now());
      if (event.type === "play.start") {
        lost.clear();
        start();
      }
      if (event.type === "step.end" && event.outcome === "unreachable") lost.add(event.host);
      if (event.type === "play.end") keepPlay(state.plays.at(-1));
      if (event.type === "run.end") end = event;
      const text = event.type === "host.lost" && lost.has(event.host) ? "" : lastingText(event, step, style);
      if (text !== "") above.push(() => text);
    },
    suspend: () => {
      suspended = true;
      screen.close();
      return () => {
        suspended = false;
      };
    },
    close: async () => {
      suspended = false;
      const last = state.plays.at(-1);
      if (last !== undefined && !last.ended) keepPlay(last);
      // Reserved room is there a turn later.
      await tree.reserve(0);
      await tree.stop();
      draw();
      screen.close();
      if (end?.interrupted === true) stdout.write(`\n${style.palette.failed("[ERROR]: interrupted")}\n`);
      if (last !== undefined) {
        const { rollBacks } = state;
        stdout.write(formatRecap({ stats: end?.stats ?? {}, rollBacks }, style.palette, columns()));
      }
      await flush(stdout);
    },
  };
};

/** A frame is laid out to fit the screen; notes of it may be a few lines more. */
const spareRows = 8;

/** What of an event stays on the screen when the tree is gone; empty for what the tree's counts tell well enough. */
const lastingText = (event: Event, step: RunningStep | undefined, style: StepStyle): string => {
  switch (event.type) {
    case "step.end": {
      const told = isFailed(event.outcome) || event.wouldRun || style.verbosity > 0 || isSpoken(event, step);
      return told || hasMore(event.result, style) ? formatStepEnd(event, step, style, true) : "";
    }
    case "step.item": {
      const told = isFailed(event.outcome) || style.verbosity > 0 || isSpoken(event, step);
      return told || hasMore(event.result, style) ? formatStepItem(event, step, style, true) : "";
    }
    case "host.lost":
      return formatLost(event.host, event.failure, style);
    case "diagnostic":
      return formatDiagnostic(event, style);
    case "play.end":
      return event.stopped === undefined
        ? ""
        : `${style.palette.failed(`stopped because ${escapeForTerminal(event.stopped)}`)}\n`;
    default:
      return "";
  }
};

const isFailed = (outcome: string): boolean => outcome === "failed" || outcome === "unreachable";
const hasMore = (result: PlainMap, style: StepStyle): boolean =>
  (style.diff && result["diff"] !== undefined) || warningsOf(result).length > 0;
