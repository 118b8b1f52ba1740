import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { isErrno } from "../../access/errno.ts";
import { formatReceipt } from "../../access/receipt.ts";
import { checkReceiptPath, signaturePath, writeReceipt } from "../../access/receipt-file.ts";
import type { Reporter } from "../../events/event.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { escapeForTerminal } from "../../util/escape.ts";
import type { Io } from "../io.ts";
import type { GivenOptions } from "../options.ts";
import { createReceiptRecorder } from "../receipt-recorder.ts";
import { renderReceipt } from "../receipt-text.ts";
import { signFile } from "../ssh-keygen.ts";
import { usage } from "../usage.ts";

/** Runs a revoke, and leaves its receipt (`--receipt`), signed (`--sign`); what would keep it from that is told before. */
export const runWithReceipt = async (
  given: GivenOptions,
  io: Io,
  run: (listener: Reporter) => Promise<number>,
): Promise<number> => {
  const { receipt: file, sign } = given;
  if (typeof file !== "string") return usage(io, "--sign needs --receipt FILE: the receipt that is to be signed");
  if (given["check"] === true) return usage(io, "a dry run closes nothing: there is no --receipt with --check");
  const path = resolve(io.cwd, file);
  const key = typeof sign === "string" ? resolve(io.cwd, sign) : undefined;
  const problem = await checkReceiptPath(path);
  if (problem !== undefined) return usage(io, `--receipt: ${escapeForTerminal(problem)}`);
  const unreadable = key === undefined ? undefined : await checkReadable(key);
  if (unreadable !== undefined) return usage(io, `--sign: ${escapeForTerminal(unreadable)}`);

  const recorder = createReceiptRecorder();
  const exitCode = await run(recorder);
  const receipt = recorder.receipt(userInfo().username);
  const say = (message: string): number => {
    io.stderr.write(`latchkey: ${escapeForTerminal(message)}\n`);
    return exitCode === exitCodes.ok ? exitCodes.failed : exitCode;
  };
  if (receipt === undefined) return say("no receipt was written: nothing was run");
  const written = await writeReceipt(path, formatReceipt(receipt));
  // Standard output is for events alone where they are what was asked for.
  const out = given["reporter"] === "jsonl" ? io.stderr : io.stdout;
  out.write(renderReceipt(receipt));
  if (!written.ok) return say(`the receipt could not be written: ${written.error}`);
  out.write(`receipt: ${escapeForTerminal(path)}\n`);
  if (key === undefined) return exitCode;
  const signed = signFile(path, key, io);
  if (!signed.ok) return say(`the receipt is not signed: ${signed.error.message}`);
  out.write(`signature: ${escapeForTerminal(signaturePath(path))}\n`);
  return exitCode;
};

/** Why a file cannot be read; undefined where it can. */
export const checkReadable = async (path: string): Promise<string | undefined> => {
  try {
    await access(path, constants.R_OK);
    return undefined;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return error.message;
  }
};
