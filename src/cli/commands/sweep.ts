import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { classifyKey, type KeyClass, readFoundLines, readHostGrants } from "../../access/classify-key.ts";
import type { StepEnd } from "../../events/event.ts";
import { parsePublicKey } from "../../modules/authorized_key/public-key.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { err, ok, type Result } from "../../util/result.ts";
import type { PlainMap } from "../../vars/value.ts";
import { collectRows } from "../host-rows.ts";
import type { Io } from "../io.ts";
import type { GivenOptions } from "../options.ts";
import { renderRows } from "../table.ts";
import { shippedPlaybook, withVariables } from "./grant.ts";
import { runCommand } from "./run.ts";
import { usage } from "../usage.ts";

/** A line with a key on a host; a host without one, one that could not be asked, and a file that was not read, have a row. */
export interface SweepRow {
  readonly host: string;
  /** What it is; or how the host's step ended where that was not well. */
  readonly class: KeyClass | "clean" | "unreadable" | StepEnd["outcome"];
  readonly account?: string;
  readonly file?: string;
  readonly line?: number;
  /** As `ssh-keygen -l` shows it. */
  readonly fingerprint?: string;
  /** Whose key it is, by the comment in the file of known keys. */
  readonly comment?: string;
  /** The line's own options, such as `from="203.245.13.207"`. */
  readonly options?: string;
  /** The open grant that it belongs to. */
  readonly grant?: string;
  readonly problem?: string;
}

/** The keys that are looked for: by their base64 part the comment that says whose they are. */
export type KnownKeys = ReadonlyMap<string, string>;

/** `latchkey status --sweep`: where keys were left. Exit code 2 where anything is found that is not granted. */
export const sweepCommand = async (given: GivenOptions, io: Io): Promise<number> => {
  const keys = readKnownKeys("--sweep", given, io);
  if (!keys.ok) return usage(io, keys.error);
  const grants = new Map<string, PlainMap>();
  const collector = collectRows(({ host, outcome, result, failure }, module): readonly SweepRow[] => {
    if (outcome !== "ok") return [{ host, class: outcome, problem: failure?.message ?? "" }];
    if (module !== "grant_status")
      return sweepRows(host, { swept: result, grants: grants.get(host) ?? {} }, keys.value);
    grants.set(host, result);
    return [];
  });
  const options = withVariables(given, { sweep_blobs: [...keys.value.keys()] });
  const exitCode = await runCommand([shippedPlaybook("sweep.yml")], options, io, { instead: collector.reporter });
  const rows = collector.rows();
  if (rows.length === 0) return exitCode;
  io.stdout.write(renderSweep(rows, String(given["format"] ?? "table")));
  const isFine = (row: SweepRow): boolean => row.class === "granted" || row.class === "clean";
  return exitCode === exitCodes.ok && !rows.every(isFine) ? exitCodes.failed : exitCode;
};

/** The keys of `--known-keys`, which `option` needs; the error is for whoever gave it. */
export const readKnownKeys = (option: string, given: GivenOptions, io: Io): Result<KnownKeys, string> => {
  const file = given["knownKeys"];
  if (typeof file !== "string") return err(`${option} needs --known-keys: a file of public keys, one a line`);
  try {
    const keys = parseKnownKeys(readFileSync(resolve(io.cwd, file), "utf8"));
    return keys.ok ? keys : err(`--known-keys ${file}: ${keys.error}`);
  } catch (error) {
    return err(`--known-keys ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Reads a file of public keys, one a line; lines that are empty or begin with `#` are nothing. */
export const parseKnownKeys = (text: string): Result<KnownKeys, string> => {
  const keys = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const key = parsePublicKey(line);
    if (!key.ok) return err(`line ${index + 1}: ${key.error}`);
    keys.set(key.value.blob, key.value.comment);
  }
  return keys.size === 0 ? err("it holds no public key") : ok(keys);
};

/** The rows of one host, of what `key_sweep` and `grant_status` told. */
export const sweepRows = (
  host: string,
  told: { readonly swept: PlainMap; readonly grants: PlainMap },
  keys: KnownKeys,
): readonly SweepRow[] => {
  const grants = readHostGrants(told.grants);
  const found = readFoundLines(told.swept["found"]).map((line): SweepRow => {
    const { account, file, fingerprint, options } = line;
    const of = classifyKey(line, grants, (blob) => keys.has(blob));
    return { host, ...of, account, file, line: line.line, fingerprint, comment: keys.get(line.blob) ?? "", options };
  });
  const unread = Array.isArray(told.swept["unreadable"]) ? told.swept["unreadable"].map(String) : [];
  const rows = [...found, ...unread.map((problem): SweepRow => ({ host, class: "unreadable", problem }))];
  return rows.length === 0 ? [{ host, class: "clean" }] : rows;
};

const columns = ["host", "account", "file:line", "key", "options", "class", "grant", "problem"] as const;

/** The rows in the wanted format: as a table for people, as JSON or as CSV. */
export const renderSweep = (rows: readonly SweepRow[], format: string): string =>
  renderRows(rows, columns, { cell: (row, column) => cellOf(row, column as (typeof columns)[number]), format });

const cellOf = (row: SweepRow, column: (typeof columns)[number]): string => {
  switch (column) {
    case "file:line":
      return row.file === undefined ? "" : `${row.file}:${row.line ?? ""}`;
    case "key":
      return [row.fingerprint, row.comment].filter((text) => text !== undefined && text !== "").join(" ");
    default:
      return row[column] ?? "";
  }
};
