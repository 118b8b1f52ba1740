import type { StepEnd } from "../events/event.ts";
import type { PlayState, RunState, RunningStep, TaskState } from "../events/run-state.ts";
import { escapeForTerminal } from "../util/escape.ts";
import { displayWidth } from "./display-width.ts";
import { formatSeconds } from "./step-text.ts";

/** How a line of the tree stands. */
export type RowState = "running" | "ok" | "changed" | "skipped" | "failed" | "note";

/** One line of the tree and what hangs below it. The text is fit for a terminal, and may be too long for it. */
export interface Row {
  readonly state: RowState;
  readonly text: string;
  readonly children: readonly Row[];
}

/** The terminal, in characters. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Lines of the tree and of all that hangs below. */
export const countRows = (rows: readonly Row[]): number =>
  rows.reduce((count, row) => count + 1 + countRows(row.children), 0);

/**
 * The play that is under way as a tree that fits the screen: as much of these as there is room for, in this order:
 * every host of a running task; the hosts at work; the longest at work and a count; running tasks only. The names of
 * failing hosts are always there. The work is bounded by the screen and the number of tasks, not by the fleet.
 */
export const layoutPlay = (play: PlayState, state: RunState, size: Size, nowMs: number): readonly Row[] => {
  const tasks = [...play.tasks.values()];
  const hosts = play.start.hosts.length;
  const notes = [
    ...namesRow("note", "connecting", [...firstOf(state.connecting.keys())], state.connecting.size, size.columns),
    ...namesRow(
      "failed",
      "failed",
      state.failures.slice(0, maxNames).map(({ host }) => host),
      state.failures.length,
      size.columns,
    ),
  ];
  const head = playText(play, size.columns, nowMs);
  const room = Math.max(3, size.rows - 2 - notes.length);
  const busy = tasks.filter((task) => task.running.size > 0);
  const withTasks = (children: readonly Row[]): readonly Row[] => [
    { state: "running", text: head, children: [...children, ...notes] },
  ];
  const full = tasks.length + busy.reduce((sum, task) => sum + Math.min(task.done, hosts) + task.running.size, 0);
  if (full <= room && hosts <= maxListedHosts) {
    return withTasks(tasks.map((task) => taskRow(task, hosts, [...endedRows(task), ...runningRows(task, nowMs)])));
  }
  const spare = room - tasks.length;
  if (spare >= busy.length * 2)
    return withTasks(tasks.map((task) => taskRow(task, hosts, busyRows(task, busy, spare, nowMs))));
  return withTasks(busyOnly(tasks, busy, hosts, room));
};

/** More hosts than this are told by counts and by the longest running, however tall the screen is. */
const maxListedHosts = 40;

/** A play that is over, for the record: its tasks with what they came to. */
export const layoutDone = (play: PlayState, columns: number, nowMs: number): readonly Row[] => {
  const hosts = play.start.hosts.length;
  const tasks = [...play.tasks.values()];
  const failed = tasks.some((task) => task.outcomes.failed + task.outcomes.unreachable > 0);
  const time = formatSeconds(nowMs - play.since);
  const text = truncated(`${clean(play.start.name)}  ${plural(hosts, "host")}, ${time}`, columns);
  return [{ state: failed ? "failed" : "ok", text, children: tasks.map((task) => taskRow(task, hosts, [])) }];
};

const clean = (text: string): string => escapeForTerminal(text.replaceAll("\t", " "));
const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
const truncated = (text: string, columns: number): string =>
  text.length > columns * 4 ? text.slice(0, columns * 4) : text;

const playText = (play: PlayState, columns: number, nowMs: number): string => {
  const { hosts, tasks, name } = play.start;
  const all = hosts.length * tasks;
  const share = all === 0 ? 1 : Math.min(1, play.stepsDone / all);
  const bar = progressBar(share, columns >= 100 ? 30 : 15);
  const elapsed = nowMs - play.since;
  // An early guess jumps about and says nothing.
  const left =
    share > 0.03 && share < 1 && elapsed > 1000 ? `, about ${formatClock((elapsed * (1 - share)) / share)} left` : "";
  const counts = `${play.hostsDone}/${plural(hosts.length, "host")}`;
  return `${clean(name)}  ${bar} ${Math.floor(share * 100)} %  ${counts}  ${formatClock(elapsed)}${left}`;
};

const progressBar = (share: number, width: number): string => {
  const full = Math.floor(share * width);
  return "█".repeat(full) + "░".repeat(width - full);
};

const formatClock = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

const taskRow = (task: TaskState, hosts: number, children: readonly Row[]): Row => {
  const { outcomes, running, done } = task;
  const words = [
    [outcomes.changed, "changed"],
    [outcomes.ok, "ok"],
    [outcomes.skipped, "skipped"],
    [outcomes.failed, "failed"],
    [outcomes.unreachable, "unreachable"],
    [outcomes.ignored, "ignored"],
    [outcomes.rescued, "rescued"],
    [outcomes.cancelled, "cancelled"],
  ] as const;
  const counts = words.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  // A handler runs only where something changed.
  const progress = done < hosts && !task.handler ? [`${done}/${hosts}`] : [];
  const kind = task.handler ? "handler: " : "";
  const time = running.size > 0 || done === 0 ? "" : `  ${formatSeconds(task.until - task.since)}`;
  const text = `${kind}${clean(task.name)}  ${[...progress, ...counts].join(", ")}${time}`;
  return { state: running.size > 0 ? "running" : settled(task), text, children };
};

const settled = ({ outcomes }: TaskState): RowState => {
  if (outcomes.failed + outcomes.unreachable + outcomes.cancelled > 0) return "failed";
  if (outcomes.changed > 0) return "changed";
  return outcomes.ok + outcomes.ignored + outcomes.rescued > 0 ? "ok" : "skipped";
};

const endedRows = (task: TaskState): readonly Row[] => (task.running.size === 0 ? [] : task.ended.map(endedRow));

const endedRow = (end: StepEnd): Row => {
  const state = end.outcome === "unreachable" || end.outcome === "cancelled" ? "failed" : end.outcome;
  const outcome = end.wouldRun ? "would run" : end.outcome;
  return { state, text: `${clean(end.host)}  ${outcome}  ${formatSeconds(end.ms)}`, children: [] };
};

const runningRows = (task: TaskState, nowMs: number, limit = Infinity): readonly Row[] => {
  const rows: Row[] = [];
  // The map is in the order of starting, so the longest come first, and no more are looked at than are shown.
  for (const step of task.running.values()) {
    if (rows.length === limit) break;
    rows.push(runningRow(step, nowMs));
  }
  const more = task.running.size - rows.length;
  return more === 0 ? rows : [...rows, { state: "note", text: `${more} more at work`, children: [] }];
};

const runningRow = (step: RunningStep, nowMs: number): Row => {
  const last =
    step.lastOutput
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1) ?? "";
  const output = last === "" ? "" : `  ${clean(last)}`;
  return {
    state: "running",
    text: `${clean(step.start.host)}  ${formatSeconds(nowMs - step.since)}${output}`,
    children: [],
  };
};

/** Shares the room among the running tasks; where not all hosts fit, one line of it says how many more there are. */
const busyRows = (task: TaskState, busy: readonly TaskState[], spare: number, nowMs: number): readonly Row[] => {
  if (task.running.size === 0) return [];
  const share = Math.floor(spare / busy.length);
  return task.running.size <= share ? runningRows(task, nowMs) : runningRows(task, nowMs, share - 1);
};

/** Too many tasks for the screen: those at work, and how many are not shown. */
const busyOnly = (
  tasks: readonly TaskState[],
  busy: readonly TaskState[],
  hosts: number,
  room: number,
): readonly Row[] => {
  const shown = (busy.length > 0 ? busy : tasks).slice(-(room - 1));
  const more = tasks.length - shown.length;
  const note: Row = { state: "note", text: `${plural(more, "task")} not shown`, children: [] };
  return [...(more > 0 ? [note] : []), ...shown.map((task) => taskRow(task, hosts, []))];
};

/** More names than this fit on no screen's line. */
const maxNames = 100;

function* firstOf(names: Iterable<string>): Iterable<string> {
  let count = 0;
  for (const name of names) {
    if (count === maxNames) return;
    count += 1;
    yield name;
  }
}

/** How many hosts, and their names on the same line, as many as fit. */
const namesRow = (
  state: RowState,
  verb: string,
  hosts: readonly string[],
  count: number,
  columns: number,
): readonly Row[] => {
  if (count === 0) return [];
  const names: string[] = [];
  // The indentation, the words around the names, and the last column.
  let width = 6 + `${count} ${verb}:  and ${count} more`.length;
  for (const host of hosts) {
    const name = clean(host);
    width += displayWidth(name) + 2;
    if (width > columns && names.length > 0) break;
    names.push(name);
  }
  const more = count - names.length;
  return [{ state, text: `${count} ${verb}: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`, children: [] }];
};
