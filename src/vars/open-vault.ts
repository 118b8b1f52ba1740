import { err, ok, type Result } from "../util/result.ts";
import { isVaulted } from "../vault/envelope.ts";
import type { LookupEnvironment } from "./template-context.ts";

/** The text in a vaulted one. */
export const openVault = (envelope: string, { openVault: open }: LookupEnvironment): Result<string, string> =>
  open === undefined ? err("what is vaulted cannot be opened here") : open(envelope);

/** The text of a file of the controller; what is vaulted is opened. */
export const readTextFile = (path: string, lookups: LookupEnvironment): Result<string, string> => {
  const read = lookups.readFile(path);
  if (!read.ok) return read;
  const text = new TextDecoder().decode(read.value);
  return isVaulted(text) ? openVault(text, lookups) : ok(text);
};
