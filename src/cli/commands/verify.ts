import { lstatSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isErrno } from "../../access/errno.ts";
import { judgeReceipt, parseReceipt } from "../../access/receipt.ts";
import { signaturePath } from "../../access/receipt-file.ts";
import { parsePublicKey, type PublicKey } from "../../modules/authorized_key/public-key.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { escapeForTerminal } from "../../util/escape.ts";
import { err, ok, type Result } from "../../util/result.ts";
import type { Io } from "../io.ts";
import type { GivenOptions } from "../options.ts";
import { renderReceiptTable } from "../receipt-text.ts";
import { checkSignature, checkSigner, type KeygenProblem } from "../ssh-keygen.ts";
import { usage } from "../usage.ts";

/** `latchkey verify`: of a receipt, or of hosts. */
export const verifyCommand = async (receipt: string | undefined, given: GivenOptions, io: Io): Promise<number> => {
  const names = Object.keys(given);
  if (receipt !== undefined) {
    if (names.every((name) => name === "signer")) return verifyReceipt(receipt, given, io);
    return usage(io, "either a receipt, with --signer at most, or the hosts of an inventory");
  }
  if (given["signer"] !== undefined) return usage(io, "--signer is for a receipt");
  if (given["inventory"] === undefined) {
    return usage(io, "what is to be verified: a receipt, or with -i INVENTORY that access is closed on hosts");
  }
  const { verifyHostsCommand } = await import("./verify-hosts.ts");
  return verifyHostsCommand(given, io);
};

/**
 * What a receipt comes to, and whether its signature is good. Exit code 0 only where everything is
 * closed and clean, and the signature is as it was asked for.
 */
const verifyReceipt = async (file: string, given: GivenOptions, io: Io): Promise<number> => {
  const signers = typeof given["signer"] === "string" ? readKeys(resolve(io.cwd, given["signer"])) : ok(undefined);
  if (!signers.ok) return usage(io, `--signer: ${escapeForTerminal(signers.error)}`);
  const path = resolve(io.cwd, file);
  const bytes = readBytes(path);
  if (!bytes.ok) return usage(io, escapeForTerminal(bytes.error));
  // First the signature: what is signed is bytes, whatever they say.
  const signature = readSignature(bytes.value, signaturePath(path), signers.value, io);
  if (!signature.ok) {
    io.stdout.write(`${escapeForTerminal(signature.error)}\n`);
    return exitCodes.failed;
  }
  const receipt = parseReceipt(bytes.value);
  if (!receipt.ok) {
    io.stderr.write(`latchkey: ${escapeForTerminal(`${path} is no receipt that can be trusted: ${receipt.error}`)}\n`);
    return exitCodes.diagnostics;
  }
  const { at, by, run } = receipt.value;
  const made = `revoke by ${by}, ended ${at}${run === undefined ? "" : `, run ${run}`}`;
  io.stdout.write(`${escapeForTerminal(made)}\n${escapeForTerminal(signature.value)}\n\n`);
  io.stdout.write(renderReceiptTable(receipt.value));
  return judgeReceipt(receipt.value) === "CLOSED" ? exitCodes.ok : exitCodes.failed;
};

/** What there is to say of the signature; the error is the last line of a receipt that must not be believed. */
const readSignature = (
  bytes: Buffer,
  path: string,
  signers: readonly PublicKey[] | undefined,
  io: Io,
): Result<string, string> => {
  if (!isThere(path)) {
    if (signers === undefined) return ok("not signed: anybody could have written it");
    return err(`NOT SIGNED: there is no ${path}`);
  }
  const checked = checkSignature(bytes, path, io);
  if (!checked.ok) return err(unsigned(checked.error));
  if (signers === undefined) return ok(`signed with ${checked.value}; whose key that is, --signer FILE checks`);
  const verified = checkSigner(bytes, path, signers, io);
  if (verified.ok) return ok(`signed with ${checked.value}, which is a key of the signer`);
  if (verified.error.kind === "missing") return err(unsigned(verified.error));
  return err(
    `BAD SIGNATURE: it was made with ${checked.value}, which is none of the signer's (${verified.error.message})`,
  );
};

const unsigned = ({ kind, message }: KeygenProblem): string =>
  kind === "missing"
    ? `SIGNATURE NOT CHECKED: ${message}`
    : `BAD SIGNATURE: the receipt is not what was signed (${message})`;

/** A link that leads nowhere is there, too: somebody wanted a signature. */
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

const readBytes = (path: string): Result<Buffer, string> => {
  try {
    return ok(readFileSync(path));
  } catch (error) {
    if (!isErrno(error)) throw error;
    return err(error.message);
  }
};

/** The public keys of a file; each line must be one. */
const readKeys = (path: string): Result<readonly PublicKey[], string> => {
  const bytes = readBytes(path);
  if (!bytes.ok) return bytes;
  const lines = bytes.value
    .toString()
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const keys: PublicKey[] = [];
  for (const line of lines) {
    const key = parsePublicKey(line);
    if (!key.ok) return err(`${path} is no file of public keys: ${key.error}`);
    keys.push(key.value);
  }
  return keys.length === 0 ? err(`${path} holds no public key`) : ok(keys);
};
