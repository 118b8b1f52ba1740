import type { FileHandle } from "node:fs/promises";
import { ok, type Result } from "../util/result.ts";
import { emptyEnd, type LedgerEnd, parseEnd } from "./ledger-record.ts";

const newline = 0x0a;
/** Some records long, so that one read is enough. */
const chunkSize = 8192;

/**
 * Finds the last whole record of a ledger, reading backwards from the end.
 *
 * What a power loss leaves is skipped: a line without its newline, and lines that are not JSON (a file system may have
 * grown the file before it wrote the content). JSON that is no record is nothing of the kind, so that is an error.
 *
 * @returns the record's `seq` and `hash`, and the size of the file up to its newline
 */
export const findLedgerEnd = async (
  file: FileHandle,
  size: number,
): Promise<Result<{ readonly size: number; readonly last: LedgerEnd }, string>> => {
  for (let end = size; end > 0;) {
    const start = await findLineStart(file, end);
    const line = await read(file, start, end);
    const last = line.at(-1) === newline ? parseEnd(line.subarray(0, -1)) : undefined;
    if (last !== undefined) return last.ok ? ok({ size: end, last: last.value }) : last;
    end = start;
  }
  return ok({ size: 0, last: emptyEnd });
};

/** The place behind the newline before the line that ends at `end`, which may have a newline itself. */
const findLineStart = async (file: FileHandle, end: number): Promise<number> => {
  for (let to = end - 1; to > 0;) {
    const from = Math.max(0, to - chunkSize);
    const found = (await read(file, from, to)).lastIndexOf(newline);
    if (found !== -1) return from + found + 1;
    to = from;
  }
  return 0;
};

const read = async (file: FileHandle, from: number, to: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(to - from);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
  return bytes.subarray(0, bytesRead);
};
