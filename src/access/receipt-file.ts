import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, open, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "../util/result.ts";
import { isErrno } from "./errno.ts";

/** Where a receipt's signature is. */
export const signaturePath = (receipt: string): string => `${receipt}.sig`;

/** Why a receipt could not be written there, as far as can be known before the run that it is of. */
export const checkReceiptPath = async (path: string): Promise<string | undefined> => {
  try {
    await access(dirname(path), constants.W_OK | constants.X_OK);
    return (await stat(path)).isDirectory() ? `${path} is a directory` : undefined;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return error.code === "ENOENT" && error.path === path ? undefined : error.message;
  }
};

/**
 * Writes a receipt, for its owner alone: the file is as it was before, or whole and on the disk. The signature of the one
 * before goes first, since it is none of this one.
 */
export const writeReceipt = async (path: string, content: string): Promise<Result<undefined, string>> => {
  const temporary = join(dirname(path), `.latchkey-${randomUUID()}`);
  try {
    await flushed(temporary, "wx", (file) => file.writeFile(content));
    await unlink(signaturePath(path)).catch((error: unknown) => {
      if (!isErrno(error, "ENOENT")) throw error;
    });
    await rename(temporary, path);
    await flushed(dirname(path), "r");
    return ok(undefined);
  } catch (error) {
    if (!isErrno(error)) throw error;
    return err(error.message);
  } finally {
    await rm(temporary, { force: true });
  }
};

type OpenFile = Awaited<ReturnType<typeof open>>;

const flushed = async (path: string, flags: string, write?: (file: OpenFile) => Promise<void>): Promise<void> => {
  const file = await open(path, flags, 0o600);
  try {
    await write?.(file);
    await file.sync();
  } finally {
    await file.close();
  }
};
