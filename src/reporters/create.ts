import type { Reporter } from "../events/event.ts";
import { createJsonlReporter } from "./jsonl.ts";
import type { ReporterOutput } from "./output.ts";
import { createPalette, showsColours } from "./palette.ts";
import { createPlainReporter } from "./plain.ts";

/** The reporters that can be asked for by name. */
export const reporterNames = ["auto", "tree", "plain", "jsonl"] as const;

/** A reporter's name. `auto` is `tree` on a terminal and `plain` elsewhere. */
export type ReporterName = (typeof reporterNames)[number];

/** What a reporter may know and use. */
export interface ReporterIo {
  readonly stdout: ReporterOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The number of `-v`. */
  readonly verbosity: number;
  /** Whether differences are shown. */
  readonly diff: boolean;
  /** Milliseconds since 1970; the system's clock where it is absent. */
  readonly now?: () => number;
}

/**
 * Creates a reporter. A tree needs a terminal that can move its cursor: where there is none, or with NO_COLOR or
 * TERM=dumb, it is plain text instead; and so it is for `auto` with `-v`, which asks for a record of everything.
 */
export const createReporter = async (name: ReporterName, io: ReporterIo): Promise<Reporter> => {
  const { stdout, verbosity, diff } = io;
  if (name === "jsonl") return createJsonlReporter(stdout);
  const capable = showsColours(io);
  const style = { palette: createPalette(capable), verbosity, diff };
  if (name === "plain" || !capable || (name === "auto" && verbosity > 0)) return createPlainReporter(stdout, style);
  // listr2 is loaded only where it draws: it would cost every other start some 15 ms.
  const { createTreeReporter } = await import("./tree.ts");
  return createTreeReporter(stdout, style, io.now ?? Date.now);
};
