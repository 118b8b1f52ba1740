import { createPrivateKey } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import ssh2, { type ParsedKey } from "ssh2";
import type { Failure } from "../../util/failure.ts";
import type { Result } from "../../util/result.ts";
import { err, ok } from "../../util/result.ts";
import type { Secret } from "../transport.ts";

/** A private key file: opened, or still closed by a passphrase that nobody gave. */
export type PrivateKeyFile =
  | { readonly is: "open"; readonly path: string; readonly key: ParsedKey }
  /** `publicKey` is the blob of its public half, where the file tells it: an agent may hold the key. */
  | { readonly is: "encrypted"; readonly path: string; readonly publicKey?: Buffer };

/** Reads a private key: OpenSSH's own format, PEM (PKCS#1, SEC1, PKCS#8). The failure says what is wrong with the file. */
export const loadPrivateKey = async (path: string, passphrase?: Secret): Promise<Result<PrivateKeyFile, Failure>> => {
  let text: string;
  try {
    text = await readFile(path, "utf8");
    const { mode, uid } = await stat(path);
    if (isPublic(text)) return err(isPublicHalf(path));
    if ((mode & 0o077) !== 0 && uid === userInfo().uid) return err(isOpenToOthers(path, mode));
  } catch (error) {
    return err(cannotRead(path, error));
  }
  return parsePrivateKey(path, text, passphrase);
};

const isPublic = (text: string): boolean => /^(?:ssh-|ecdsa-|sk-)\S+ [A-Za-z0-9+/]/.test(text);

const parsePrivateKey = (path: string, text: string, passphrase?: Secret): Result<PrivateKeyFile, Failure> => {
  const isPkcs8 = /^-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----/m.test(text);
  const parsed = isPkcs8 ? parsePkcs8(text, passphrase) : ssh2.utils.parseKey(text, passphrase?.reveal());
  const key: ParsedKey | Error | undefined = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key !== undefined && !(key instanceof Error) && key.isPrivateKey()) return ok({ is: "open", path, key });
  const reason = key instanceof Error ? key.message : "it holds no private key";
  if (/no passphrase given|passphrase required|interrupted or cancelled/i.test(reason)) {
    const publicKey = publicHalf(text);
    return ok({ is: "encrypted", path, ...(publicKey && { publicKey }) });
  }
  if (/bad passphrase|bad decrypt|integrity check/i.test(reason)) return err(wrongPassphrase(path));
  return err(isNoKey(path, reason));
};

/** ssh2 reads the older forms: PKCS#8 is turned into one of them. */
const parsePkcs8 = (text: string, passphrase?: Secret): ParsedKey | Error => {
  try {
    const key = createPrivateKey({ key: text, ...(passphrase && { passphrase: passphrase.reveal() }) });
    const type = key.asymmetricKeyType === "ec" ? "sec1" : "pkcs1";
    return ssh2.utils.parseKey(key.export({ type, format: "pem" }));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

/** The public half stands in clear before the encrypted part (OpenSSH, PROTOCOL.key). */
const publicHalf = (text: string): Buffer | undefined => {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1];
  if (body === undefined) return undefined;
  const bytes = Buffer.from(body, "base64");
  let at = "openssh-key-v1\0".length;
  // Cipher, KDF and its options are strings; then the number of keys; then the public one.
  for (let skipped = 0; skipped < 3 && at + 4 <= bytes.length; skipped++) at += 4 + bytes.readUInt32BE(at);
  at += 4;
  if (at + 4 > bytes.length) return undefined;
  return bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at));
};

const cannotRead = (path: string, error: unknown): Failure => {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") {
    const message = `The private key file ${path} does not exist.`;
    return { kind: "auth", message, hint: "Check --private-key and ansible_ssh_private_key_file." };
  }
  const hint = "Check who may read it; it must be a plain file.";
  return { kind: "auth", message: `The private key file ${path} cannot be read: ${String(error)}.`, hint };
};

const isOpenToOthers = (path: string, mode: number): Failure => ({
  kind: "auth",
  message: `The private key file ${path} may be read by others (mode ${(mode & 0o777).toString(8).padStart(4, "0")}).`,
  hint: `ssh refuses such a key, and so do we: chmod 600 '${path}'`,
});

const isPublicHalf = (path: string): Failure => ({
  kind: "auth",
  message: `${path} is a public key; a private one is needed to log in.`,
  hint: path.endsWith(".pub") ? `Give its private half, usually ${path.slice(0, -4)}.` : "Give its private half.",
});

const wrongPassphrase = (path: string): Failure => ({
  kind: "auth",
  message: `The passphrase of the private key ${path} is wrong.`,
  hint: "Give the right one, or load the key into ssh-agent.",
});

/** The key is encrypted and neither a passphrase nor an agent opens it. */
export const needsPassphrase = (path: string): Failure => ({
  kind: "auth",
  message: `The private key ${path} is encrypted, and no passphrase was given.`,
  hint: "Load it into ssh-agent (ssh-add), or give its passphrase in ansible_ssh_private_key_passphrase.",
});

const isNoKey = (path: string, reason: string): Failure => ({
  kind: "auth",
  message: `${path} is no private key that can be used: ${reason}.`,
  hint: "ed25519, RSA and ECDSA keys work, in OpenSSH's format or PEM. A key of a security token works through ssh-agent only.",
});
