import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isErrno } from "../access/errno.ts";
import { signaturePath } from "../access/receipt-file.ts";
import type { PublicKey } from "../modules/authorized_key/public-key.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { Io } from "./io.ts";

/** What signatures of receipts are for: one that was made for something else is none. */
const namespace = "latchkey-receipt";

/** Of scripts for customers. */
export const scriptNamespace = "latchkey-script";

/** Why there is no signature, or no good one. */
export interface KeygenProblem {
  /** `missing`: nothing was signed or checked, since ssh-keygen could not be started. */
  readonly kind: "missing" | "refused";
  readonly message: string;
}

/** Signs a file; the signature is beside it then. A key with a passphrase is asked for at the terminal. */
export const signFile = (
  path: string,
  key: string,
  io: Io,
  purpose: string = namespace,
): Result<undefined, KeygenProblem> => {
  const signed = sshKeygen(["sign", "-f", key, "-n", purpose, path], io);
  if (!signed.ok) return signed;
  // Where it does not write it can end well all the same.
  if (existsSync(signaturePath(path))) return ok(undefined);
  return err({ kind: "refused", message: "ssh-keygen left no signature" });
};

/** Checks a signature of these bytes, whoever made it; gives the key as ssh-keygen names it: `ED25519 key SHA256:…`. */
export const checkSignature = (signed: Buffer, signature: string, io: Io): Result<string, KeygenProblem> => {
  const said = sshKeygen(["check-novalidate", "-n", namespace, "-s", signature], io, signed);
  return said.ok ? ok(/\S+ key SHA256:\S+/.exec(said.value)?.[0] ?? "a key without a fingerprint") : said;
};

/** Checks that a signature of these bytes is by one of some keys. */
export const checkSigner = (
  signed: Buffer,
  signature: string,
  keys: readonly PublicKey[],
  io: Io,
): Result<string, KeygenProblem> => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
  try {
    const allowed = join(folder, "allowed_signers");
    const lines = keys.map(({ type, blob }) => `latchkey namespaces="${namespace}" ${type} ${blob}\n`);
    writeFileSync(allowed, lines.join(""), { mode: 0o600, flag: "wx" });
    return sshKeygen(["verify", "-f", allowed, "-I", "latchkey", "-n", namespace, "-s", signature], io, signed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Runs `ssh-keygen -Y …`, without a shell; gives what it printed. Without an input it has ours. */
const sshKeygen = (args: readonly string[], io: Io, input?: Buffer): Result<string, KeygenProblem> => {
  const done = spawnSync("ssh-keygen", ["-Y", ...args], {
    env: { ...io.env },
    encoding: "utf8",
    ...(input === undefined ? { stdio: ["inherit", "pipe", "pipe"] } : { input }),
  });
  if (done.status === 0) return ok(done.stdout);
  // One that ended without reading all of its input has a status as well.
  if (done.error !== undefined && done.status === null) {
    const isMissing = isErrno(done.error, "ENOENT");
    const message = isMissing ? "there is no ssh-keygen: install OpenSSH's client, 8.2 or later" : done.error.message;
    return err({ kind: "missing", message });
  }
  const said = done.stderr.trim().split("\n").join("; ");
  return err({ kind: "refused", message: said || `ssh-keygen ended with ${done.status ?? done.signal ?? "nothing"}` });
};
