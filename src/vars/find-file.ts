import { posix } from "node:path";
import type { LookupEnvironment } from "./template-context.ts";

/**
 * The absolute path of a file on the controller: as it is when absolute, else the first of the search directories that
 * has it, in its subfolder (`files`, `templates`, `vars`) before directly. Undefined where none has it.
 */
export const findFile = (path: string, subfolder: string, lookups: LookupEnvironment): string | undefined =>
  candidates(path, subfolder, lookups).find((candidate) => lookups.fileKind(candidate) !== undefined);

/** Where a file is looked for, in order. */
export const candidates = (path: string, subfolder: string, lookups: LookupEnvironment): readonly string[] => {
  const home = lookups.env["HOME"];
  const expanded = home !== undefined && /^~(?=\/|$)/.test(path) ? home + path.slice(1) : path;
  if (posix.isAbsolute(expanded)) return [expanded];
  return lookups.searchPaths.flatMap((directory) => [
    posix.join(directory, subfolder, expanded),
    posix.join(directory, expanded),
  ]);
};
