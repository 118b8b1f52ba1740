import { posix } from "node:path";
import { err, ok, type Result } from "../../util/result.ts";
import type { FetchArguments } from "./fetch.schema.ts";

/**
 * Where a host's file goes on the controller. `source` is the host's word, so that it must not lead anywhere else than
 * into the host's own folder.
 */
export const destinationOf = (
  { dest, flat }: Pick<FetchArguments, "dest" | "flat">,
  host: string,
  source: string,
): Result<string, string> => {
  if (flat && !dest.endsWith("/")) return ok(dest);
  const name = flat ? posix.basename(source) : posix.normalize(source).replace(/^\/+/, "");
  const folder = flat ? dest : posix.join(dest, host);
  if (name === "" || name.split("/").some((part) => part === "." || part === "..")) {
    return err(`the path ${source} of the host would lead out of ${folder} on the controller`);
  }
  if (!flat && (host === "." || host === ".." || host.includes("/"))) {
    return err(`the host's name "${host}" is no name of a folder: use flat`);
  }
  return ok(posix.join(folder, name));
};
