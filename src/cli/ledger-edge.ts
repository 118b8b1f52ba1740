import { statSync } from "node:fs";
import { homedir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import type { LedgerEntry, LedgerRecord } from "../access/ledger-record.ts";
import type { Result } from "../util/result.ts";
import { escapeForTerminal } from "../util/escape.ts";
import type { Io } from "./io.ts";

/** The ledger of this machine, as commands use it. */
export interface LedgerEdge {
  /** When it resolves, they are on the disk; the error says why not. */
  readonly append: (entries: readonly LedgerEntry[]) => Promise<Result<undefined, string>>;
  /** What can be read of it. */
  readonly records: () => Promise<readonly LedgerRecord[]>;
}

/** Creates it. What was put right on the way is told on standard error. */
export const createLedgerEdge = (io: Io): LedgerEdge => {
  const inTurn = pLimit(1);
  let known: { readonly size: number; readonly records: readonly LedgerRecord[] } | undefined;
  return {
    append: (entries) =>
      inTurn(async () => {
        // A run that grants nothing needs none of it.
        const { appendToLedger, ledgerPath } = await import("../access/ledger.ts");
        const wait = async (ms: number): Promise<void> => {
          await sleep(ms);
        };
        const appended = await appendToLedger(ledgerPath(io.env, homedir()), entries, {
          clock: Date.now,
          pid: io.pid,
          isAlive: io.isAlive,
          wait,
        });
        if (!appended.ok) return appended;
        for (const notice of appended.value.notices) io.stderr.write(`latchkey: ${escapeForTerminal(notice)}\n`);
        return { ok: true, value: undefined };
      }),
    records: () =>
      inTurn(async () => {
        const { ledgerPath } = await import("../access/ledger.ts");
        const path = ledgerPath(io.env, homedir());
        const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
        if (known?.size === size) return known.records;
        const records: LedgerRecord[] = [];
        const { readLedger } = await import("../access/read-ledger.ts");
        for await (const record of readLedger(path)) if (record.ok) records.push(record.value);
        known = { size, records };
        return records;
      }),
  };
};
