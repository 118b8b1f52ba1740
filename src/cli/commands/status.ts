import { isLive, openRules, type RuleUser } from "../../access/cloud-rules.ts";
import { describeKnown, lastKnownGrants } from "../../access/last-known.ts";
import type { LedgerRecord } from "../../access/ledger-record.ts";
import type { StepEnd } from "../../events/event.ts";
import { exitCodes } from "../../run/exit-code.ts";
import type { Plain, PlainMap } from "../../vars/value.ts";
import { describeRule } from "../close-cloud-rules.ts";
import { byHost, collectRows, textsOf } from "../host-rows.ts";
import type { Io } from "../io.ts";
import { createLedgerEdge } from "../ledger-edge.ts";
import type { GivenOptions } from "../options.ts";
import { renderRows } from "../table.ts";
import { shippedPlaybook } from "./grant.ts";
import { runCommand } from "./run.ts";
import { usage } from "../usage.ts";

/** A grant on a host, as the host tells it; a host without one, and one that could not be asked, have a row as well. */
export interface StatusRow {
  readonly host: string;
  readonly state: string;
  readonly grant?: string;
  readonly ticket?: string;
  readonly owner?: string;
  /** The fingerprints of the keys that it let in. */
  readonly keys?: readonly string[];
  readonly reason?: string;
  readonly since?: string;
  readonly until?: string;
  readonly overdue?: boolean;
  readonly accounts?: readonly string[];
  /** When somebody last came in by it; absent where nobody did, or the host does not know. */
  readonly lastLogin?: string;
  /** Its connections that are open now. */
  readonly sessions?: number;
  readonly processes?: number;
  /** What on the host ends it at its time: systemd or cron all of it, key and sudo what is new, account a day later. */
  readonly ends?: readonly string[];
  /** The least that is sure to end then. */
  readonly guaranteed?: string;
  readonly problem?: string;
}

/**
 * `latchkey status`: which grants there are, whose, and until when. Exit code 2 where one is overdue, or something is left
 * of one.
 */
export const statusCommand = async (given: GivenOptions, io: Io): Promise<number> => {
  if (given["sweep"] === true) return (await import("./sweep.ts")).sweepCommand(given, io);
  if (given["knownKeys"] !== undefined) return usage(io, "--known-keys is for --sweep");
  const collector = collectRows(({ host, outcome, result, failure }): readonly StatusRow[] =>
    outcome === "ok" ? rowsOf(host, result) : [{ host, state: outcome, problem: failure?.message ?? "" }],
  );
  const exitCode = await runCommand([shippedPlaybook("status.yml")], given, io, { instead: collector.reporter });
  const told = collector.rows();
  if (told.length === 0) return exitCode;
  // A ledger that cannot be read knows nothing.
  const records = await createLedgerEdge(io).records();
  const isMeant = (host: string): boolean => given["limit"] === undefined || told.some((row) => row.host === host);
  const left = ruleRows(records, told, new Date()).filter(({ host }) => isMeant(host));
  const rows = [...withLastKnown(told, records), ...left].toSorted(byHost);
  io.stdout.write(renderStatus(rows, String(given["format"] ?? "table")));
  return exitCode === exitCodes.ok && rows.some(isAlarming) ? exitCodes.failed : exitCode;
};

const isAlarming = ({ state, overdue }: StatusRow): boolean => overdue === true || state === "leftover";

/** Whether the host said nothing. */
const isSilent = ({ state }: StatusRow): boolean => state === "unreachable" || state === "failed";

/** The rules in clouds that nobody needs any more, of hosts too that are in no inventory now: nobody else tells of them. */
export const ruleRows = (
  records: readonly LedgerRecord[],
  told: readonly StatusRow[],
  now: Date,
): readonly StatusRow[] =>
  openRules(records)
    .filter(({ users }) => !users.some((user) => isLive(user, now) && !isGone(user, told, now)))
    .flatMap((rule) =>
      rule.users.map(({ grant, host, ticket, until }) => ({
        host,
        state: "leftover",
        grant,
        ...(ticket === undefined ? {} : { ticket }),
        ...(until === undefined ? {} : { until }),
        problem: `${describeRule(rule)} outlived its grant: latchkey revoke --grant ${grant}`,
      })),
    );

/** Whether the host itself does not have the grant any more, though nobody revoked it from here. */
const isGone = ({ grant, host, since, isConfirmed }: RuleUser, told: readonly StatusRow[], now: Date): boolean => {
  const rows = told.filter((row) => row.host === host);
  // The way is opened before the grant begins on the host.
  const mayBegin = !isConfirmed && now.getTime() - Date.parse(since) < beginMs;
  return rows.length > 0 && !rows.some((row) => isSilent(row) || row.grant === grant) && !mayBegin;
};

/** As long as an unconfirmed grant stays on a host. */
const beginMs = 300_000;

/** Of a host that could not be asked, what the ledger knows instead. */
const withLastKnown = (rows: readonly StatusRow[], records: readonly LedgerRecord[]): readonly StatusRow[] => {
  if (!rows.some(isSilent)) return rows;
  const known = lastKnownGrants(records);
  return rows.map((row) => {
    const grants = isSilent(row) ? (known.get(row.host) ?? []) : [];
    return grants.length === 0 ? row : { ...row, problem: [row.problem, ...grants.map(describeKnown)].join("; ") };
  });
};

/** The rows of one host, of what `grant_status` told. */
export const rowsOf = (host: string, result: StepEnd["result"]): readonly StatusRow[] => {
  const left = textsOf(result["leftovers"]);
  const rows = [
    ...grantRows(host, result["grants"]),
    ...left.map((account) => ({ host, state: "leftover", accounts: [account] })),
    ...textsOf(result["remains"]).map((path) => ({ host, state: "leftover", problem: `${path} is of no grant` })),
  ];
  return rows.length === 0 ? [{ host, state: "closed" }] : rows;
};

const grantRows = (host: string, grants: Plain | undefined): readonly StatusRow[] => {
  if (typeof grants !== "object" || grants === null || Array.isArray(grants)) return [];
  return Object.entries(grants as Readonly<Record<string, Plain>>).map(([grant, value]) => {
    const of = value as Readonly<Record<string, Plain>>;
    const text = (name: string): string => (typeof of[name] === "string" ? of[name] : "");
    const time = (name: string): string => new Date(Number(of[name] ?? 0) * 1000).toISOString();
    return {
      host,
      state: text("state"),
      grant,
      ticket: text("ticket"),
      owner: text("owner"),
      reason: text("reason"),
      since: time("armed"),
      until: time("expires"),
      overdue: of["overdue"] === true,
      keys: [...fingerprintsOf(of["keys"]), ...fingerprintsOf(of["authorities"]).map((print) => `authority ${print}`)],
      accounts: textsOf(of["accounts"]),
      ...(of["last_login"] === undefined ? {} : { lastLogin: time("last_login") }),
      sessions: Number(of["sessions"] ?? 0),
      processes: Number(of["processes"] ?? 0),
      ends: textsOf(of["ends"]),
      guaranteed: text("guaranteed"),
    };
  });
};

/** Each once: several files may hold one key. */
const fingerprintsOf = (value: Plain | undefined): readonly string[] => {
  const keys = Array.isArray(value) ? value : [];
  const prints = keys.map((key) => (key as PlainMap)["fingerprint"]).filter((print) => typeof print === "string");
  return [...new Set(prints)];
};

const columns = [
  "host",
  "state",
  "grant",
  "ticket",
  "owner",
  "keys",
  "since",
  "until",
  "last login",
  "sessions",
  "accounts",
  "processes",
  "ends",
  "guaranteed",
  "problem",
] as const;

/** The rows in the wanted format: as a table for people, as JSON or as CSV. */
export const renderStatus = (rows: readonly StatusRow[], format: string): string =>
  renderRows(rows, columns, { cell: (row, column) => cellOf(row, column as (typeof columns)[number]), format });

const cellOf = (row: StatusRow, name: (typeof columns)[number]): string => {
  const value = row[name === "last login" ? "lastLogin" : name];
  if (name === "state" && row.overdue === true) return "OVERDUE";
  return Array.isArray(value) ? value.join(" ") : String(value ?? "");
};
