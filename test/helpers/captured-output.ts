import type { ReporterOutput } from "../../src/reporters/output.ts";

/** An output that keeps what is written; `columns` and `rows` may be changed as a resized terminal's. */
export class CapturedOutput implements ReporterOutput {
  text = "";
  writes = 0;
  isTTY = false;
  columns = 80;
  rows = 24;

  readonly write = (text: string, done?: (error?: Error | null) => void): boolean => {
    this.text += text;
    this.writes += 1;
    done?.();
    return true;
  };
}
