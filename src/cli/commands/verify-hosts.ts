import { readFoundLines } from "../../access/classify-key.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { ok } from "../../util/result.ts";
import type { PlainMap } from "../../vars/value.ts";
import { byHost, collectRows, textsOf } from "../host-rows.ts";
import type { Io } from "../io.ts";
import type { GivenOptions } from "../options.ts";
import { renderRows } from "../table.ts";
import { readLoginKey, shippedPlaybook, withVariables } from "./grant.ts";
import { runCommand } from "./run.ts";
import { usage } from "../usage.ts";
import { type KnownKeys, readKnownKeys } from "./sweep.ts";

/** Something that was found on a host, or that the host is closed; `unproven` where it could not be seen. */
export interface VerifyRow {
  readonly host: string;
  readonly state: "closed" | "open" | "leftover" | "unproven" | "unreachable" | "failed";
  readonly found?: string;
}

/** `latchkey verify` of hosts: whether access is closed there, whatever journals say. Exit code 0 only where all are closed. */
export const verifyHostsCommand = async (given: GivenOptions, io: Io): Promise<number> => {
  const known: ReturnType<typeof readKnownKeys> =
    given["knownKeys"] === undefined ? ok(new Map<string, string>()) : readKnownKeys("verify", given, io);
  if (!known.ok) return usage(io, known.error);
  const loginKey = readLoginKey(given, io);
  if (!loginKey.ok) return usage(io, loginKey.error);
  const asked = new Set<string>();
  const collector = collectRows(({ host, outcome, result, failure }, module): readonly VerifyRow[] => {
    asked.add(host);
    if (outcome === "ok") return verifyRows(host, module, result, known.value);
    if (module === "login" && outcome === "failed") return [loginRow(host, result)];
    // It says once more that something was found.
    if (module === "assert" || outcome === "skipped") return [];
    return [{ host, state: outcome === "unreachable" ? "unreachable" : "failed", found: failure?.message ?? "" }];
  });
  const options = withVariables(given, {
    known_blobs: [...known.value.keys()],
    support_login_key: loginKey.value ?? "",
  });
  const exitCode = await runCommand([shippedPlaybook("verify.yml")], options, io, { instead: collector.reporter });
  if (asked.size === 0) return exitCode;
  const found = collector.rows();
  const clean = [...asked].filter((host) => !found.some((row) => row.host === host));
  const rows = [...found, ...clean.map((host) => ({ host, state: "closed" as const }))].toSorted(byHost);
  io.stdout.write(renderVerify(rows, String(given["format"] ?? "table")));
  return exitCode === exitCodes.ok && rows.some(({ state }) => state !== "closed") ? exitCodes.failed : exitCode;
};

/** What one of the playbook's looks found. */
export const verifyRows = (host: string, action: string, result: PlainMap, keys: KnownKeys): readonly VerifyRow[] => {
  const row = (state: VerifyRow["state"]) => (found: string) => ({ host, state, found });
  switch (action) {
    case "grant_status":
      return [
        ...Object.keys(result["grants"] ?? {}).map((id) => row("open")(`grant ${id}`)),
        ...textsOf(result["leftovers"]).map((account) => row("open")(`account ${account}`)),
        ...textsOf(result["remains"]).map(row("leftover")),
      ];
    case "key_sweep":
      return [
        ...readFoundLines(result["found"]).map(({ account, file, line, fingerprint, blob, commented }) => {
          const key = [fingerprint, keys.get(blob)].filter((text) => text !== undefined && text !== "").join(" ");
          return row(commented ? "leftover" : "open")(`key ${key} of ${account}, ${file}:${line}`);
        }),
        ...textsOf(result["unreadable"]).map(row("unproven")),
      ];
    case "census":
      return textsOf(result["residue"]).map(row(result["account"] === true ? "open" : "leftover"));
    default:
      return [];
  }
};

const loginRow = (host: string, result: PlainMap): VerifyRow => ({
  host,
  state: result["login"] === "works" ? "open" : "unproven",
  found: `login: ${typeof result["msg"] === "string" ? result["msg"] : ""}`,
});

const columns = ["host", "state", "found"] as const;

/** The rows in the wanted format: as a table for people, as JSON or as CSV. */
export const renderVerify = (rows: readonly VerifyRow[], format: string): string =>
  renderRows(rows, columns, { cell: (row, column) => row[column as (typeof columns)[number]] ?? "", format });
