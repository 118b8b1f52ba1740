import { displayWidth } from "../../src/reporters/display-width.ts";
import type { ReporterOutput } from "../../src/reporters/output.ts";

/**
 * A terminal of the few things that the live area uses: text, newline, carriage return, cursor up, erase to the end of
 * the line and below; colours and modes are read over. Anything else is an error. Rows that left the screen are kept.
 */
export class Terminal implements ReporterOutput {
  readonly isTTY = true;
  columns: number;
  rows: number;
  writes = 0;
  cursorShown = true;
  /** Every line from the first one written, scrolled off or not. */
  lines: string[] = [""];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  /** All text, without blanks at the ends of lines. */
  get text(): string {
    return this.lines.map((line) => line.trimEnd()).join("\n");
  }

  readonly write = (text: string, done?: (error?: Error | null) => void): boolean => {
    this.writes += 1;
    // oxlint-disable-next-line no-control-regex -- what a terminal is about
    for (const [part = ""] of text.matchAll(/\u001b\[[?0-9;]*[a-zA-Z]|[^\u001b]/gsu)) this.#apply(part);
    done?.();
    return true;
  };

  #apply(part: string): void {
    if (part === "\n") this.#newline();
    else if (part === "\r") this.#column = 0;
    else if (part.endsWith("A") && part.length > 1) this.#up(Number(part.slice(2, -1)));
    else if (part === "\u001b[K") this.#setLine(this.#row, this.#line.slice(0, this.#column));
    else if (part === "\u001b[J") {
      this.#setLine(this.#row, this.#line.slice(0, this.#column));
      this.lines.length = this.#row + 1;
    } else if (part === "\u001b[?25l" || part === "\u001b[?25h") this.cursorShown = part.endsWith("h");
    else if (part.startsWith("\u001b[") && (part.endsWith("m") || part.includes("?2026"))) return;
    else if (part.startsWith("\u001b") || part < " ") throw new Error(`the terminal was sent ${JSON.stringify(part)}`);
    else this.#print(part);
  }

  get #line(): string {
    return this.lines[this.#row] ?? "";
  }

  #setLine(row: number, line: string): void {
    this.lines[row] = line;
  }

  #newline(): void {
    this.#row += 1;
    this.#column = 0;
    this.lines[this.#row] ??= "";
  }

  #up(count: number): void {
    // The cursor cannot leave the screen.
    this.#row = Math.max(this.#row - count, this.lines.length - this.rows, 0);
  }

  #print(char: string): void {
    if (displayWidth(this.#line.slice(0, this.#column) + char) > this.columns) this.#newline();
    const line = this.#line.padEnd(this.#column);
    this.#setLine(this.#row, line.slice(0, this.#column) + char + line.slice(this.#column + char.length));
    this.#column += char.length;
  }
}
