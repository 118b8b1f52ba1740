import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { ledgerPath } from "../../access/ledger.ts";
import type { LedgerRecord } from "../../access/ledger-record.ts";
import { type LedgerFault, readLedger, verifyLedger } from "../../access/read-ledger.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { escapeForTerminal } from "../../util/escape.ts";
import type { Io } from "../io.ts";
import type { GivenOptions } from "../options.ts";
import { renderCsv, renderTable } from "../table.ts";

/** `latchkey ledger verify`: says whether every record is as it was written; the exit code says the same. */
export const ledgerVerifyCommand = async (io: Io): Promise<number> => {
  const path = ledgerPath(io.env, homedir());
  const verified = await verifyLedger(path);
  if (!verified.ok) {
    io.stdout.write(`${formatFault(path, verified.error)}\n`);
    return exitCodes.diagnostics;
  }
  const { records } = verified.value;
  // A ledger that was emptied is none that was never written.
  const isMissing = records === 0 && !existsSync(path);
  io.stdout.write(
    isMissing ? `ledger: there is none at ${escapeForTerminal(path)}\n` : `ledger: ${records} records, whole\n`,
  );
  return exitCodes.ok;
};

/** `latchkey ledger show`: the records that fit what was given, as a table for people. */
export const ledgerShowCommand = async (given: GivenOptions, io: Io): Promise<number> => {
  const { records, exitCode } = await readRecords(io);
  const wanted = (["grant", "ticket", "host"] as const).filter((name) => given[name] !== undefined);
  const shown = records.filter((record) => wanted.every((name) => record[name] === given[name]));
  // Most ledgers know of no cloud.
  const cells = [shownHeader, ...shown.map(shownCells)];
  const hasRules = shown.some(({ group }) => group !== undefined);
  io.stdout.write(renderTable(hasRules ? cells : cells.map((row) => row.slice(0, -1))));
  return exitCode;
};

/**
 * `latchkey ledger export`: all records for other programs, as a JSON array or as CSV (RFC 4180). The values are as they
 * were recorded: nothing is escaped for a terminal, or for a spreadsheet that takes `=1+1` for a formula.
 */
export const ledgerExportCommand = async (given: GivenOptions, io: Io): Promise<number> => {
  const { records, exitCode } = await readRecords(io);
  io.stdout.write(
    given["format"] === "csv" ? renderCsv(csvRows(records)) : `${JSON.stringify(records, undefined, 2)}\n`,
  );
  return exitCode;
};

/** All whole records; each of the others is told, and makes the exit code say that something is missing. */
const readRecords = async (
  io: Io,
): Promise<{ readonly records: readonly LedgerRecord[]; readonly exitCode: number }> => {
  const path = ledgerPath(io.env, homedir());
  const records: LedgerRecord[] = [];
  let exitCode: number = exitCodes.ok;
  for await (const record of readLedger(path)) {
    if (record.ok) records.push(record.value);
    else {
      io.stderr.write(`${formatFault(path, record.error)}\n`);
      exitCode = exitCodes.diagnostics;
    }
  }
  return { records, exitCode };
};

const formatFault = (path: string, { line, reason }: LedgerFault): string =>
  escapeForTerminal(`${path}${line === undefined ? "" : `:${line}`}: ${reason}`);

const shownHeader = "SEQ AT VERB OUTCOME GRANT TICKET HOST OWNER USER EXPIRES REASON RULE".split(" ");

const shownCells = (record: LedgerRecord): readonly string[] =>
  [
    String(record.seq),
    record.at,
    record.verb,
    record.outcome,
    record.grant,
    record.ticket,
    record.address === undefined ? record.host : `${record.host ?? ""} (${record.address})`,
    record.owner,
    record.user,
    record.expires === null ? "never" : record.expires,
    record.reason,
    record.group === undefined ? undefined : `${record.rule ?? "one"} of ${record.group} in ${record.cloud}`,
    // A tab would move all that follows it.
  ].map((text) => escapeForTerminal(text ?? "-").replaceAll("\t", String.raw`\t`));

const csvColumns = [
  "seq",
  "at",
  "verb",
  "grant",
  "ticket",
  "owner",
  "user",
  "reason",
  "expires",
  "keys",
  "authorities",
  "host",
  "address",
  "outcome",
  "provider",
  "cloud",
  "url",
  "project",
  "region",
  "group",
  "rule",
  "wanted",
  "prev",
  "hash",
] as const;

const csvRows = (records: readonly LedgerRecord[]): readonly (readonly string[])[] => [
  csvColumns,
  ...records.map((record) => csvColumns.map((column) => csvText(record[column]))),
];

/** Fingerprints have blanks between them, and what is absent or null is empty. */
const csvText = (value: LedgerRecord[keyof LedgerRecord]): string =>
  Array.isArray(value) ? value.join(" ") : String(value ?? "");
