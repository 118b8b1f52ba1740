import { DefaultRenderer, figures, Listr, ListrTaskState, Spinner, type ListrDefaultRendererTask } from "listr2";
import { truncateToWidth } from "./display-width.ts";
import type { Palette } from "./palette.ts";
import { countRows, type Row, type RowState } from "./tree-layout.ts";

/** listr2's tree: its tasks, its walk over them and its spinner, fed with rows instead of with work of its own. */
export interface Tree {
  /** The rows as lines, with icons, indented and cut to a width. Rows beyond what was reserved are left out. */
  readonly render: (rows: readonly Row[], columns: number) => readonly string[];
  /** Makes room for this many lines; they can be rendered once the promise is resolved. */
  readonly reserve: (lines: number) => Promise<void>;
  /** Calls back ten times a second, until `stop`. */
  readonly start: (tick: () => void) => void;
  /** Ends the run of listr2; resolves when it is over. */
  readonly stop: () => Promise<void>;
}

/**
 * Creates listr2's tree. A listr2 task per step would cost a fleet of thousands its memory and draw every event, so
 * there is one per line of the screen, used again for each frame; what listr2 would write, the caller does.
 */
export const createTree = (palette: Palette): Tree => {
  const spinner = new Spinner();
  const states = new Map<string, RowState>();
  let width = 80;

  class Renderer extends DefaultRenderer {
    protected override style(task: ListrDefaultRendererTask): string {
      return iconOf(states.get(task.id) ?? "note", spinner, palette);
    }
    protected override format(message: string, icon: string, level: number): string[] {
      return [truncateToWidth(`${"  ".repeat(level)}${icon} ${message}`, width - 1)];
    }
  }

  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  // listr2's own answer to Ctrl-C would end the process before hosts are cleaned up; its own drawing is switched off.
  const options = { registerSignalListeners: false, silentRendererCondition: true };
  const list = new Listr<unknown, typeof DefaultRenderer, typeof DefaultRenderer>(
    [{ task: async () => finished }],
    options,
  );
  const pool = new Listr<unknown, typeof DefaultRenderer, typeof DefaultRenderer>([], options);
  const renderer = new Renderer(list.tasks, { lazy: true }, list.events);
  const running = list.run();

  const place = (rows: readonly Row[], next: { at: number }): typeof pool.tasks =>
    rows.flatMap((row) => {
      const task = pool.tasks[next.at];
      if (task === undefined) return [];
      next.at += 1;
      task.title = row.text;
      states.set(task.id, row.state);
      task.subtasks = place(row.children, next);
      return [task];
    });

  return {
    render: (rows, columns) => {
      width = columns;
      const root = list.tasks[0];
      if (root === undefined) return [];
      root.subtasks = place(rows, { at: 0 });
      return countRows(rows) === 0 ? [] : renderer.create({ bottomBar: false, prompt: false }).split("\n");
    },
    reserve: async (lines) => {
      const missing = Math.max(0, lines - pool.tasks.length);
      pool.add(Array.from({ length: missing }, () => ({ title: "-", task: () => undefined })));
      const added = missing === 0 ? [] : pool.tasks.slice(-missing);
      await Promise.all(added.map(async (task) => task.check({})));
      // Started once and for all: listr2 shows what hangs below a task while it is at work.
      for (const task of added) task.state = ListrTaskState.STARTED;
    },
    start: (tick) => {
      spinner.start(tick);
    },
    stop: async () => {
      spinner.stop();
      finish();
      await running;
    },
  };
};

const iconOf = (state: RowState, spinner: Spinner, palette: Palette): string => {
  switch (state) {
    case "running":
      return palette.changed(spinner.fetch());
    case "ok":
      return palette.ok(figures.tick);
    case "changed":
      return palette.changed(figures.tick);
    case "skipped":
      return palette.skipped(figures.arrowDown);
    case "failed":
      return palette.failed(figures.cross);
    case "note":
      return palette.dim("·");
  }
};
