import { StringDecoder } from "node:string_decoder";

/** Keeps what a command writes to one stream as text: the beginning, up to a limit in bytes, and a note of the rest. */
export class OutputCapture {
  readonly #limitBytes: number;
  readonly #onText: ((text: string) => void) | undefined;
  // One decoder a stream: a character that is cut between two chunks stays whole.
  readonly #decoder = new StringDecoder("utf8");
  readonly #kept: string[] = [];
  #seenBytes = 0;

  constructor(limitBytes: number, onText?: (text: string) => void) {
    this.#limitBytes = limitBytes;
    this.#onText = onText;
  }

  push(bytes: Buffer): void {
    const room = this.#limitBytes - this.#seenBytes;
    this.#seenBytes += bytes.length;
    const text = this.#decoder.write(bytes);
    if (room >= bytes.length) this.#kept.push(text);
    else if (room > 0) this.#kept.push(withoutHalfPair(text.slice(0, room)));
    if (text !== "") this.#onText?.(text);
  }

  /** The stream is over: what was kept. */
  finish(): string {
    const rest = this.#decoder.end();
    if (rest !== "") this.#onText?.(rest);
    const dropped = this.#seenBytes - this.#limitBytes;
    if (dropped > 0) return `${this.#kept.join("")}\n[latchkey: ${dropped} more bytes of output were not kept]\n`;
    return this.#kept.join("") + rest;
  }
}

const withoutHalfPair = (text: string): string => (/[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text);

/** The first and the last of what a stream said, for messages. */
export class OutputExcerpt {
  #first = "";
  #last: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): void {
    if (this.#first.length < EXCERPT_BYTES) this.#first += bytes.toString("utf8", 0, EXCERPT_BYTES);
    const all = this.#last.length === 0 ? bytes : Buffer.concat([this.#last, bytes]);
    // A copy, so that a large chunk is not kept alive by its last bytes.
    this.#last = Buffer.from(all.subarray(-EXCERPT_BYTES));
  }

  /** A few lines of it in one, joined by ` / `; empty when nothing came. */
  toString(): string {
    const first = nonEmptyLines(this.#first).slice(0, EXCERPT_LINES);
    const last = nonEmptyLines(this.#last.toString("utf8")).slice(-EXCERPT_LINES);
    return [...first, ...last.filter((line) => !first.includes(line))].join(" / ");
  }
}

const EXCERPT_BYTES = 1024;
const EXCERPT_LINES = 3;

const nonEmptyLines = (text: string): string[] => {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "");
};
