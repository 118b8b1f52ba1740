/** A place in a text, counted from 1 as editors do; columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A text with a name. Everything else keeps offsets into it; lines exist only when something is printed. */
export class SourceFile {
  readonly path: string;
  readonly text: string;
  /** The text came out of a vault: no line of it is ever shown, or written to a disk. */
  readonly isSecret: boolean;
  #lineStarts: number[] | undefined;

  constructor(path: string, text: string, isSecret = false) {
    this.path = path;
    // A byte order mark is no character of the text, and stands in no column.
    this.text = text.startsWith("\uFEFF") ? text.slice(1) : text;
    this.isSecret = isSecret;
  }

  /** The position of an offset. */
  position(offset: number): Position {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  /** The text of a line (from 1) without its line break. */
  line(number: number): string {
    const starts = this.#starts();
    const start = starts[number - 1] ?? this.text.length;
    const end = starts[number] ?? this.text.length;
    return this.text.slice(start, end).replace(/\r?\n$/, "");
  }

  #starts(): number[] {
    if (this.#lineStarts === undefined) {
      this.#lineStarts = [0];
      for (let at = this.text.indexOf("\n"); at !== -1; at = this.text.indexOf("\n", at + 1)) {
        this.#lineStarts.push(at + 1);
      }
    }
    return this.#lineStarts;
  }
}

/** A stretch of a source file: `start` is the first offset, `end` the one after the last. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}
