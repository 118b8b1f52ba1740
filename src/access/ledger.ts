import { constants } from "node:fs";
import { type FileHandle, mkdir, open, stat } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { err, ok, type Result } from "../util/result.ts";
import { isErrno } from "./errno.ts";
import { canonicalJson, chainEntry, checkEntry, type LedgerEntry, type LedgerRecord } from "./ledger-record.ts";
import { findLedgerEnd } from "./ledger-end.ts";
import { type LockIo, withLock } from "./lock.ts";

/** What writing to the ledger needs of the process. */
export interface LedgerIo extends LockIo {
  /** Milliseconds since 1970, as `Date.now` gives them. */
  readonly clock: () => number;
}

/** What came of an append. */
export interface Appended {
  readonly records: readonly LedgerRecord[];
  /** What was put right on the way, each a sentence for a person; paths and all are escaped only when rendered. */
  readonly notices: readonly string[];
}

/**
 * Where the ledger is. `XDG_STATE_HOME` counts only where it is an absolute path, as the XDG Base Directory
 * Specification has it.
 */
export const ledgerPath = (env: Readonly<Record<string, string | undefined>>, home: string): string => {
  const given = env["XDG_STATE_HOME"];
  const state = given !== undefined && isAbsolute(given) ? given : join(home, ".local", "state");
  return join(state, "latchkey", "ledger.jsonl");
};

/**
 * Adds records to the end of the ledger; when it resolves, they are on the disk. All of them are written, or none.
 * Processes that append at once wait for each other. Only the end of the file is read, so a long ledger costs no more
 * than a short one.
 *
 * What a power loss cut off is moved aside to `ledger.jsonl.truncated-<time>` and told in the notices. An existing file
 * that others may read or write is made private and told as well, not refused: access that was just granted or taken
 * away must not go unrecorded for the sake of a mode that one call cures. A directory that others may write to is
 * refused, since there they could replace the ledger itself.
 *
 * @returns the error is one sentence, with the path in it and, where we know it, the cure
 */
export const appendToLedger = async (
  path: string,
  entries: readonly LedgerEntry[],
  io: LedgerIo,
): Promise<Result<Appended, string>> => {
  for (const entry of entries) {
    const problem = checkEntry(entry);
    if (problem !== undefined) return err(`the ledger does not take this record: ${problem}`);
  }
  if (entries.length === 0) return ok({ records: [], notices: [] });
  try {
    const folder = await prepareFolder(dirname(path));
    return folder.ok ? await withLock(`${path}.lock`, io, () => append(path, entries, io)) : folder;
  } catch (error) {
    // A full disk or a missing permission is expected; anything else is a bug.
    if (!isErrno(error)) throw error;
    return err(`the ledger could not be written: ${error.message}`);
  }
};

const prepareFolder = async (folder: string): Promise<Result<undefined, string>> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mode = (await stat(folder)).mode & 0o777;
  if ((mode & 0o022) === 0) return ok(undefined);
  return err(`others may write to ${folder} (mode ${octal(mode)}), and so replace the ledger; chmod 700 it`);
};

const append = async (
  path: string,
  entries: readonly LedgerEntry[],
  io: LedgerIo,
): Promise<Result<Appended, string>> => {
  const file = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
  try {
    const before = await file.stat();
    if (!before.isFile()) return err(`${path} is no regular file`);
    const narrowed = await narrow(file, path, before.mode & 0o777);
    const end = await findLedgerEnd(file, before.size);
    if (!end.ok) return err(`${path} is damaged, and nothing was added: ${end.error}; see latchkey ledger verify`);
    const { size, last } = end.value;
    const at = new Date(io.clock()).toISOString();
    const recovered = await moveAside(file, { path, from: size, to: before.size, at });
    let chained = last;
    const records = entries.map((entry) => {
      const record = chainEntry(entry, chained, at);
      chained = record;
      return record;
    });
    await write(file, size, records.map((record) => `${canonicalJson(record)}\n`).join(""));
    // A new file is there after a power loss only if its directory was flushed, too.
    if (size === 0) await flushFolder(path);
    return ok({ records, notices: [...narrowed, ...recovered] });
  } finally {
    await file.close();
  }
};

const narrow = async (file: FileHandle, path: string, mode: number): Promise<readonly string[]> => {
  if ((mode & 0o077) === 0) return [];
  await file.chmod(0o600);
  const could = (mode & 0o022) === 0 ? "read" : "change";
  return [`others could ${could} ${path} (mode ${octal(mode)}); it is private now`];
};

interface CutOff {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly at: string;
}

/** Keeps what stands behind the last whole record in a file of its own, on the disk, before it is cut off. */
const moveAside = async (file: FileHandle, { path, from, to, at }: CutOff): Promise<readonly string[]> => {
  if (from === to) return [];
  const bytes = Buffer.alloc(to - from);
  await file.read(bytes, 0, bytes.length, from);
  const aside = `${path}.truncated-${at.replaceAll(/[-:]|\.\d+/g, "")}`;
  const kept = await open(aside, "a", 0o600);
  try {
    await kept.writeFile(bytes);
    await kept.sync();
  } finally {
    await kept.close();
  }
  await flushFolder(aside);
  await file.truncate(from);
  return [`the end of ${path} was damaged, as a power loss leaves it: ${bytes.length} bytes were moved to ${aside}`];
};

const write = async (file: FileHandle, size: number, text: string): Promise<void> => {
  const bytes = Buffer.from(text);
  try {
    const { bytesWritten } = await file.write(bytes);
    // The rest would fail with the reason: a disk that is full takes a part first.
    if (bytesWritten < bytes.length) await file.writeFile(bytes.subarray(bytesWritten));
    await file.sync();
  } catch (error) {
    await file.truncate(size);
    throw error;
  }
};

const flushFolder = async (path: string): Promise<void> => {
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const octal = (mode: number): string => mode.toString(8).padStart(4, "0");
