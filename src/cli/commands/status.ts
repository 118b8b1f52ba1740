import type { Event, Reporter, StepEnd } from "../../events/event.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { escapeForTerminal } from "../../util/escape.ts";
import type { Plain } from "../../vars/value.ts";
import type { Io } from "../io.ts";
import type { GivenOptions } from "../options.ts";
import { renderCsv, renderTable } from "../table.ts";
import { shippedPlaybook } from "./grant.ts";
import { runCommand } from "./run.ts";

/** A grant on a host, as the host tells it; a host without one, and one that could not be asked, have a row as well. */
interface StatusRow {
  readonly host: string;
  readonly state: string;
  readonly grant?: string;
  readonly ticket?: string;
  readonly owner?: string;
  readonly reason?: string;
  readonly since?: string;
  readonly until?: string;
  readonly overdue?: boolean;
  readonly accounts?: readonly string[];
  readonly processes?: number;
  /** What on the host ends it: systemd or cron; empty where nothing does. */
  readonly reaper?: string;
  readonly problem?: string;
}

/** `latchkey status`: which grants there are, whose, and until when. Exit code 2 where one is overdue. */
export const statusCommand = async (given: GivenOptions, io: Io): Promise<number> => {
  const collector = createCollector();
  const exitCode = await runCommand([shippedPlaybook("status.yml")], given, io, { instead: collector.reporter });
  const rows = collector.rows();
  if (rows.length === 0) return exitCode;
  io.stdout.write(rendered(rows, String(given["format"] ?? "table")));
  return exitCode === exitCodes.ok && rows.some(({ overdue }) => overdue === true) ? exitCodes.failed : exitCode;
};

const createCollector = (): { readonly reporter: Reporter; readonly rows: () => readonly StatusRow[] } => {
  const rows: StatusRow[] = [];
  const onEnd = ({ host, outcome, result, failure }: StepEnd): void => {
    if (outcome === "ok") rows.push(...rowsOf(host, result));
    else rows.push({ host, state: outcome, problem: failure?.message ?? "" });
  };
  return {
    reporter: {
      on: (event: Event) => {
        if (event.type === "step.end") onEnd(event);
      },
      close: () => Promise.resolve(),
    },
    rows: () => rows.toSorted((a, b) => a.host.localeCompare(b.host, "en", { numeric: true })),
  };
};

const rowsOf = (host: string, result: StepEnd["result"]): readonly StatusRow[] => {
  const grants = result["grants"];
  if (typeof grants !== "object" || grants === null || Array.isArray(grants)) return [{ host, state: "closed" }];
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
      accounts: Array.isArray(of["accounts"]) ? of["accounts"].map(String) : [],
      processes: Number(of["processes"] ?? 0),
      reaper: text("reaper"),
    };
  });
};

const columns = [
  "host",
  "state",
  "grant",
  "ticket",
  "owner",
  "since",
  "until",
  "accounts",
  "processes",
  "reaper",
] as const;

const rendered = (rows: readonly StatusRow[], format: string): string => {
  if (format === "json") return `${JSON.stringify(rows, undefined, 2)}\n`;
  const cells = rows.map((row) => [...columns.map((name) => cellOf(row, name)), row.problem ?? ""]);
  const head = [...columns, "problem"];
  if (format === "csv") return renderCsv([head, ...cells]);
  // Columns that are empty throughout are left out.
  const kept = head.flatMap((_, index) => (cells.some((line) => line[index] !== "") ? [index] : []));
  const lines = [head.map((name) => name.toUpperCase()), ...cells.map((line) => line.map(escapeForTerminal))];
  return renderTable(lines.map((line) => kept.map((index) => line[index] ?? "")));
};

const cellOf = (row: StatusRow, name: (typeof columns)[number]): string => {
  const value = row[name];
  if (name === "state" && row.overdue === true) return "OVERDUE";
  if (name === "reaper" && row.grant !== undefined && value === "") return "none";
  return Array.isArray(value) ? value.join(" ") : String(value ?? "");
};
