import { quote } from "../shell/quote.ts";
import type { FieldValue, PlannedState, Program, ProgramResult } from "../shell/program.ts";

/**
 * The wire protocol of a session: what is written to a shell's standard input, and the frames that come back.
 *
 * A frame is `RS NONCE SP KIND SP ID SP LENGTH LF PAYLOAD LF`. The nonce is random for each session, so that no output
 * of a program can imitate a frame; the length is in bytes. Whatever stands between frames is a command's raw output.
 *
 * - `ready`  the shell is there; payload its PID
 * - `begin`  the body starts a command in the open: raw output from here on is the command's
 * - `res`    the result of the program: outcome, then fields
 * - `end`    the program is over; payload is the exit status of its subshell. Also written to standard error. A program
 *            that ran no command in the open has none: its result is its end, and each frame is a packet to every host.
 * - `skip`   the program did not run, since one before it failed
 */
const RS = "\x1e";

/** A frame, with its payload as bytes. */
export interface Frame {
  readonly kind: string;
  readonly id: number;
  readonly payload: Buffer;
}

/** The text that makes a shell a session: the prelude, the frame writer, and its announcement. */
export const bootstrap = (prelude: string, nonce: string): string =>
  [
    prelude,
    `lk_nonce=${quote(nonce)} lk_id=0`,
    `lk_frame() { lk_put "${RS}$lk_nonce $1 $lk_id \${#2}$lk_nl$2$lk_nl"; }`,
    'lk_begin() { lk_open=1; lk_frame begin ""; lk_frame begin "" >&2; }',
    // A shell that starts after it was given up must not run what was written to it: nobody hears its announcement.
    'lk_frame ready "$$" || exit 1',
    "",
  ].join("\n");

/** How a program stands to the one before it: it runs in any case, or only where that one did not fail. */
export type Order = "always" | "after-success";

/** The text of one program: functions that the session lacks, then the program in a subshell with a standard input of its own. */
export const programText = (
  program: Program,
  id: number,
  known: ReadonlySet<string>,
  order: Order = "always",
): string => {
  const functions = program.functions.filter((fn) => !known.has(fn.name)).map((fn) => fn.text);
  return [
    ...functions,
    order === "always" ? `lk_id=${id} lk_stop=` : `lk_id=${id}`,
    order === "always" ? "(" : '[ -z "$lk_stop" ] || lk_frame skip ""; [ -n "$lk_stop" ] || (',
    `${program.text}) </dev/null`,
    order === "always" ? "lk_rc=$?" : 'lk_rc=$?; [ -z "$lk_stop" ] || lk_rc=94',
    '[ "$lk_rc" = 93 ] || { lk_stop=1; [ "$lk_rc" = 94 ] || { lk_frame end "$lk_rc"; lk_frame end "$lk_rc" >&2; }; }',
    "",
  ].join("\n");
};

/** No header is longer: a kind, an id and a length. What is longer is no frame. */
const HEADER_LIMIT = 64;
/** No payload is longer, in bytes: a host must not be able to fill the controller's memory. */
const PAYLOAD_LIMIT = 64 * 1024 * 1024;

/** Takes a stream apart into frames and the raw bytes between them, however the bytes are cut into chunks. */
export class FrameDecoder {
  readonly #mark: Buffer;
  readonly #onFrame: (frame: Frame) => void;
  readonly #onRaw: (bytes: Buffer) => void;
  /** Bytes not yet decided on; `#length` of them, and nothing can be decided before there are `#needed`. */
  #chunks: Buffer[] = [];
  #length = 0;
  #needed = 1;

  constructor(nonce: string, onFrame: (frame: Frame) => void, onRaw: (bytes: Buffer) => void) {
    this.#mark = Buffer.from(`${RS}${nonce} `);
    this.#onFrame = onFrame;
    this.#onRaw = onRaw;
  }

  /** Takes the next chunk. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return;
    let bytes = this.#takeChunks();
    for (;;) {
      const start = bytes.indexOf(this.#mark);
      const rawEnd = start === -1 ? bytes.length - possibleMark(bytes, this.#mark) : start;
      if (rawEnd > 0) this.#onRaw(bytes.subarray(0, rawEnd));
      bytes = bytes.subarray(rawEnd);
      if (start === -1) return this.#keep(bytes, bytes.length + 1);
      const consumed = this.#takeFrame(bytes);
      if (consumed === 0) return;
      bytes = bytes.subarray(consumed);
    }
  }

  /** The stream is over: what looked like the beginning of a frame was output. */
  end(): void {
    const bytes = this.#takeChunks();
    if (bytes.length > 0) this.#onRaw(bytes);
  }

  #takeChunks(): Buffer {
    const [first] = this.#chunks;
    const bytes = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#length = 0;
    this.#needed = 1;
    return bytes;
  }

  #keep(bytes: Buffer, needed: number): void {
    this.#chunks = bytes.length === 0 ? [] : [bytes];
    this.#length = bytes.length;
    this.#needed = needed;
  }

  /** Takes the frame that begins here and tells its length in bytes; 0 when more must come first. */
  #takeFrame(bytes: Buffer): number {
    const headerStart = this.#mark.length;
    const lineEnd = bytes.subarray(0, headerStart + HEADER_LIMIT).indexOf(0x0a, headerStart);
    if (lineEnd === -1 && bytes.length < headerStart + HEADER_LIMIT) {
      this.#keep(bytes, bytes.length + 1);
      return 0;
    }
    const header = /^([a-z]+) ([0-9]{1,9}) ([0-9]{1,9})$/.exec(bytes.toString("latin1", headerStart, lineEnd));
    const length = Number(header?.[3]);
    if (header === null || lineEnd === -1 || length > PAYLOAD_LIMIT) {
      this.#onRaw(bytes.subarray(0, headerStart));
      return headerStart;
    }
    const end = lineEnd + 1 + length;
    if (bytes.length < end + 1) {
      this.#keep(bytes, end + 1);
      return 0;
    }
    this.#onFrame({ kind: header[1] ?? "", id: Number(header[2]), payload: bytes.subarray(lineEnd + 1, end) });
    return end + 1;
  }
}

/** How many of the last bytes could be the beginning of a mark. */
const possibleMark = (bytes: Buffer, mark: Buffer): number => {
  for (let length = Math.min(mark.length - 1, bytes.length); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(mark.subarray(0, length))) return length;
  }
  return 0;
};

/** Reads the payload of a `res` frame; undefined where it is not one. */
export const decodeResult = (payload: Buffer): Omit<ProgramResult, "stdout" | "stderr"> | undefined => {
  const firstEnd = payload.indexOf(0x0a);
  const outcome = payload.toString("latin1", 0, firstEnd === -1 ? payload.length : firstEnd);
  if (!isOutcome(outcome)) return undefined;
  const fields: FieldTree = {};
  const planned: PlannedState[] = [];
  let at = firstEnd + 1;
  while (firstEnd !== -1 && at < payload.length) {
    const lineEnd = payload.indexOf(0x0a, at);
    if (lineEnd === -1) return undefined;
    // A key may hold spaces (a path of planned state): the length is what stands after the last one.
    const header = payload.toString("utf8", at, lineEnd);
    const space = header.lastIndexOf(" ");
    const length = Number(header.slice(space + 1));
    if (space < 2 || !Number.isInteger(length) || length < 0) return undefined;
    const value = payload.toString("utf8", lineEnd + 1, lineEnd + 1 + length);
    at = lineEnd + 1 + length + 1;
    const key = header.slice(2, space);
    if (header.startsWith("p")) planned.push(plannedState(key, value));
    else addField(fields, header.charAt(0), key.split("."), value);
  }
  return { outcome, fields, planned };
};

const isOutcome = (text: string): text is ProgramResult["outcome"] =>
  text === "ok" || text === "changed" || text === "failed" || text === "skipped";

const plannedState = (key: string, data: string): PlannedState => {
  const slash = key.indexOf("/");
  return { kind: key.slice(0, slash), key: key.slice(slash + 1), data };
};

/** Fields while they are collected: what `FieldValue` says, not yet readonly. */
interface FieldTree {
  [key: string]: FieldValue | FieldValue[] | FieldTree;
}

/** Adds one field. Keys may come from a host, so that none may reach a prototype. */
const addField = (fields: FieldTree, type: string, path: readonly string[], value: string): void => {
  const last = path.at(-1) ?? "";
  if (path.includes("__proto__")) return;
  let target = fields;
  for (const part of path.slice(0, -1)) target = ownTree(target, part);
  if (type !== "l") {
    target[last] = scalarField(type, value);
    return;
  }
  const before = Object.hasOwn(target, last) ? target[last] : undefined;
  if (Array.isArray(before)) before.push(value);
  else target[last] = [value];
};

const ownTree = (tree: FieldTree, key: string): FieldTree => {
  const before = Object.hasOwn(tree, key) ? tree[key] : undefined;
  if (typeof before === "object" && before !== null && !Array.isArray(before)) return before as FieldTree;
  const fresh: FieldTree = {};
  tree[key] = fresh;
  return fresh;
};

const scalarField = (type: string, value: string): FieldValue => {
  switch (type) {
    case "i":
      return Number(value);
    case "b":
      return value === "true";
    case "n":
      return null;
    default:
      return value;
  }
};
