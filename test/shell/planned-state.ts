import { lstatSync, readlinkSync } from "node:fs";
import type { PlannedState } from "../../src/shell/program.ts";
import type { ThrowawayHost } from "./throwaway-host.ts";

/** How what a dry run planned differs from what the real run then made: a dry run does not lie. */
export const plannedDifferences = (planned: readonly PlannedState[], host: ThrowawayHost): readonly string[] => {
  const last = new Map(planned.map((state) => [`${state.kind} ${state.key}`, state]));
  return [...last.values()].flatMap((state) => {
    const made = madeState(state, host);
    // The word `new` says that nothing is below the directory: of no concern here.
    return made === undefined || made === state.data.replace(/^(directory .*) new$/, "$1")
      ? []
      : [`planned ${state.kind} ${state.key}: ${JSON.stringify(state.data)}, made: ${JSON.stringify(made)}`];
  });
};

/** The real counterpart of a planned state, written alike; undefined for kinds that the disk does not show. */
const madeState = (state: PlannedState, host: ThrowawayHost): string | undefined => {
  switch (state.kind) {
    case "path":
      return pathState(state, host);
    case "user":
      return accountLine(host, "/etc/passwd", state.key);
    case "group":
      return accountLine(host, "/etc/group", state.key);
    default:
      return undefined;
  }
};

const accountLine = (host: ThrowawayHost, database: string, name: string): string =>
  host
    .read(database)
    .split("\n")
    .find((line) => line.startsWith(`${name}:`)) ?? "";

const pathState = (state: PlannedState, host: ThrowawayHost): string => {
  const stat = lstatSync(host.path(state.key), { throwIfNoEntry: false });
  if (stat === undefined) return "";
  const kind = stat.isDirectory() ? "directory" : stat.isSymbolicLink() ? "link" : "file";
  const mode = (stat.mode & 0o7777).toString(8).padStart(4, "0");
  const owner = nameOf(host, "/etc/passwd", stat.uid);
  const head = `${kind} ${mode} ${owner} ${nameOf(host, "/etc/group", stat.gid)}`;
  if (!state.data.includes("\n")) return head;
  const content = stat.isSymbolicLink() ? readlinkSync(host.path(state.key)) : host.read(state.key);
  return `${head}\n${content}`;
};

const nameOf = (host: ThrowawayHost, database: string, id: number): string =>
  host
    .read(database)
    .split("\n")
    .find((line) => line.split(":")[2] === String(id))
    ?.split(":")[0] ?? String(id);
