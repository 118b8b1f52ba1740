import { displayWidth, truncateToWidth } from "./display-width.ts";
import type { ReporterOutput } from "./output.ts";

/** The live area at the bottom of a terminal. */
export interface Screen {
  /** Replaces the live area by these lines, after `above`, which stays for good and ends with a newline. */
  readonly draw: (lines: readonly string[], above?: string) => void;
  /** Leaves the terminal as it was found: no live area, the cursor shown. */
  readonly close: () => void;
}

// Terminals that know synchronized output show a frame whole; the others ignore the marks.
const beginFrame = "\u001b[?2026h";
const endFrame = "\u001b[?2026l";
const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const eraseToLineEnd = "\u001b[K";
const eraseBelow = "\u001b[J";

/** Creates the live area of a terminal. Each frame is one write; a frame like the last one is none. */
export const createScreen = (output: ReporterOutput): Screen => {
  let shown: readonly string[] = [];
  let open = false;

  const columns = (): number => Math.max(20, output.columns ?? 80);
  /** Back to where the area begins. A terminal that became narrower has wrapped the lines, so they are counted anew. */
  const home = (): string => {
    const height = shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns())), 0);
    return height > 1 ? `\r\u001b[${height - 1}A` : "\r";
  };

  return {
    draw: (lines, above = "") => {
      // The last column stays free: a full line would wrap on some terminals.
      const fitting = lines
        .slice(0, Math.max(1, (output.rows ?? 24) - 1))
        .map((line) => truncateToWidth(line, columns() - 1));
      if (above === "" && fitting.length === shown.length && fitting.every((line, at) => line === shown[at])) return;
      const kept = above.replaceAll("\n", `${eraseToLineEnd}\n`);
      const area = fitting.map((line) => line + eraseToLineEnd).join("\n");
      output.write(`${beginFrame}${open ? "" : hideCursor}${home()}${kept}${area}${eraseBelow}${endFrame}`);
      open = true;
      shown = fitting;
    },
    close: () => {
      if (!open) return;
      output.write(`${home()}${eraseBelow}${showCursor}`);
      open = false;
      shown = [];
    },
  };
};
