import { createReadStream } from "node:fs";
import { err, ok, type Result } from "../util/result.ts";
import { isErrno } from "./errno.ts";
import { canonicalJson, emptyEnd, hashOf, type LedgerEnd, type LedgerRecord, parseRecord } from "./ledger-record.ts";

/** What is wrong with a line of a ledger, or, without a line, with the whole file. */
export interface LedgerFault {
  /** From 1 on. */
  readonly line?: number;
  readonly reason: string;
}

/**
 * Reads a ledger line by line, without looking at its chain; a line that is no record is an error in its place. A missing
 * file has no lines.
 */
export async function* readLedger(path: string): AsyncGenerator<Result<LedgerRecord, LedgerFault>, void> {
  for await (const line of readLines(path)) yield line.ok ? line.value.record : line;
}

/**
 * Looks at every record of a ledger: its own hash, its place in the chain, its number.
 *
 * A chain cannot tell that its last records were removed: for that the number of records, or the last hash, must be known
 * from elsewhere. Nor does it hold off who can write the whole file anew.
 *
 * @returns the number of records; the error is the first fault
 */
export const verifyLedger = async (path: string): Promise<Result<{ readonly records: number }, LedgerFault>> => {
  let end: LedgerEnd = emptyEnd;
  for await (const line of readLines(path)) {
    if (!line.ok) return line;
    const { number, bytes, record } = line.value;
    if (!record.ok) return record;
    const reason = findBreak(record.value, bytes, end);
    if (reason !== undefined) return err({ line: number, reason });
    end = record.value;
  }
  return ok({ records: end.seq });
};

const findBreak = (record: LedgerRecord, bytes: Buffer, before: LedgerEnd): string | undefined => {
  if (record.hash !== hashOf(record)) return "its hash is not that of its content";
  // The same content in other bytes, such as a member that is there twice: people and grep would read something else.
  if (!bytes.equals(Buffer.from(canonicalJson(record)))) return "it is not in the form that was written";
  if (record.seq !== before.seq + 1) return `seq is ${record.seq}, not ${before.seq + 1}`;
  if (record.prev !== before.hash) return "prev is not the hash of the record before";
  return undefined;
};

interface Line {
  readonly number: number;
  /** Without the newline. */
  readonly bytes: Buffer;
  readonly record: Result<LedgerRecord, LedgerFault>;
}

async function* readLines(path: string): AsyncGenerator<Result<Line, LedgerFault>, void> {
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      const bytes = Buffer.concat([rest, chunk]);
      let from = 0;
      for (let to = bytes.indexOf("\n"); to !== -1; to = bytes.indexOf("\n", from)) {
        number += 1;
        yield ok(toLine(number, bytes.subarray(from, to)));
        from = to + 1;
      }
      rest = bytes.subarray(from);
    }
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code !== "ENOENT") yield err({ reason: `it cannot be read: ${error.message}` });
  }
  if (rest.length > 0) yield err({ line: number + 1, reason: "it was cut off, or is being written now" });
}

const toLine = (number: number, bytes: Buffer): Line => {
  const record = parseRecord(bytes);
  return { number, bytes, record: record.ok ? record : err({ line: number, reason: record.error }) };
};
