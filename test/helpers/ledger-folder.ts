import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isErrno } from "../../src/access/errno.ts";
import { appendToLedger, type LedgerIo } from "../../src/access/ledger.ts";
import type { LedgerEntry, LedgerRecord } from "../../src/access/ledger-record.ts";

/** The real process, at a time that stands still. */
export const ledgerIo: LedgerIo = {
  clock: () => Date.UTC(2026, 10, 23, 10, 15),
  pid: process.pid,
  isAlive: (pid) => {
    try {
      return process.kill(pid, 0);
    } catch (error) {
      // Another user's process is there, too.
      return isErrno(error, "EPERM");
    }
  },
  wait: (ms) => sleep(ms),
};

/** An entry with every member. */
export const entry = (change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  verb: "grant",
  grant: "g-1",
  ticket: "T-100",
  owner: "kim",
  user: "support",
  reason: 'the disk is full, "again"',
  expires: "2026-11-23T14:15:00Z",
  keys: [`SHA256:${"a".repeat(43)}`],
  host: "web1",
  address: "192.0.2.1",
  outcome: "ok",
  ...change,
});

/** Does some work with a state directory that is gone afterwards. */
export const withState = async (work: (state: string, ledger: string) => Promise<void>): Promise<void> => {
  const state = mkdtempSync(join(tmpdir(), "latchkey-"));
  try {
    await work(state, join(state, "latchkey", "ledger.jsonl"));
  } finally {
    rmSync(state, { recursive: true });
  }
};

/** Appends, where nothing may go wrong or need to be told. */
export const append = async (ledger: string, ...entries: readonly LedgerEntry[]): Promise<readonly LedgerRecord[]> => {
  const appended = await appendToLedger(ledger, entries, ledgerIo);
  if (!appended.ok) throw new Error(appended.error);
  if (appended.value.notices.length > 0) throw new Error(appended.value.notices.join("\n"));
  return appended.value.records;
};
