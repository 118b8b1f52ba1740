import { quote } from "../shell/quote.ts";
import type { FieldValue, PlannedState, Program, ProgramResult } from "../shell/program.ts";

/**
 * The wire protocol of a session: what is written to a shell's standard input, and the frames that come back.
 *
 * A frame is `RS NONCE SP KIND SP ID SP LENGTH LF PAYLOAD LF`. The nonce is random for each session, so that no output
 * of a program can imitate a frame; the length is in bytes. Whatever stands between frames is a command's raw output.
 *
 * - `ready`  the shell is there; payload `PID LF UID`
 * - `begin`  the body starts a command in the open: raw output from here on is the command's
 * - `res`    the result of the program: outcome, then fields
 * - `end`    the program is over; payload is the exit status of its subshell. Also written to standard error.
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
    'lk_begin() { lk_frame begin ""; lk_frame begin "" >&2; }',
    'lk_frame ready "$$$lk_nl$(id -u)"',
    "",
  ].join("\n");

/** The text of one program: functions that the session lacks, then the program in a subshell with a standard input of its own. */
export const programText = (program: Program, id: number, known: ReadonlySet<string>): string => {
  const functions = program.functions.filter((fn) => !known.has(fn.name)).map((fn) => fn.text);
  return [
    ...functions,
    `lk_id=${id}`,
    "(",
    `${program.text}) </dev/null`,
    'lk_rc=$?; lk_frame end "$lk_rc"; lk_frame end "$lk_rc" >&2',
    "",
  ].join("\n");
};

/** Takes a stream apart into frames and the raw bytes between them, however the bytes are cut into chunks. */
export class FrameDecoder {
  readonly #mark: Buffer;
  readonly #onFrame: (frame: Frame) => void;
  readonly #onRaw: (bytes: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(nonce: string, onFrame: (frame: Frame) => void, onRaw: (bytes: Buffer) => void) {
    this.#mark = Buffer.from(`${RS}${nonce} `);
    this.#onFrame = onFrame;
    this.#onRaw = onRaw;
  }

  /** Takes the next chunk. */
  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const start = this.#rest.indexOf(this.#mark);
      if (start === -1) {
        this.#releaseRaw(this.#rest.length - possibleMark(this.#rest, this.#mark));
        return;
      }
      this.#releaseRaw(start);
      if (!this.#takeFrame()) return;
    }
  }

  #releaseRaw(length: number): void {
    if (length === 0) return;
    this.#onRaw(this.#rest.subarray(0, length));
    this.#rest = this.#rest.subarray(length);
  }

  /** Takes the frame at the beginning of what is left; false when it is not complete yet. */
  #takeFrame(): boolean {
    const lineEnd = this.#rest.indexOf(0x0a, this.#mark.length);
    if (lineEnd === -1) return false;
    const [kind = "", id = "", length = ""] = this.#rest.toString("latin1", this.#mark.length, lineEnd).split(" ");
    const end = lineEnd + 1 + Number(length);
    if (this.#rest.length < end + 1) return false;
    const payload = this.#rest.subarray(lineEnd + 1, end);
    this.#rest = this.#rest.subarray(end + 1);
    this.#onFrame({ kind, id: Number(id), payload });
    return true;
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
  const fields: Record<string, FieldValue> = {};
  const planned: PlannedState[] = [];
  let at = firstEnd + 1;
  while (firstEnd !== -1 && at < payload.length) {
    const lineEnd = payload.indexOf(0x0a, at);
    // A key may hold spaces (a path of planned state): the length is what stands after the last one.
    const header = payload.toString("utf8", at, lineEnd);
    const space = header.lastIndexOf(" ");
    const length = Number(header.slice(space + 1));
    if (lineEnd === -1 || !(length >= 0)) return undefined;
    const value = payload.toString("utf8", lineEnd + 1, lineEnd + 1 + length);
    at = lineEnd + 1 + length + 1;
    addField(fields, planned, header[0] ?? "", header.slice(2, space), value);
  }
  return { outcome, fields, planned };
};

const isOutcome = (text: string): text is ProgramResult["outcome"] =>
  text === "ok" || text === "changed" || text === "failed" || text === "skipped";

const addField = (
  fields: Record<string, FieldValue>,
  planned: PlannedState[],
  type: string,
  key: string,
  value: string,
): void => {
  if (type === "p") {
    const slash = key.indexOf("/");
    planned.push({ kind: key.slice(0, slash), key: key.slice(slash + 1), data: value });
    return;
  }
  let target = fields;
  const path = key.split(".");
  const last = path.pop() ?? "";
  for (const part of path) {
    target[part] ??= {};
    target = target[part] as Record<string, FieldValue>;
  }
  if (type === "l") {
    const list = Array.isArray(target[last]) ? target[last] : [];
    target[last] = [...list, value];
  } else {
    target[last] = scalarField(type, value);
  }
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
