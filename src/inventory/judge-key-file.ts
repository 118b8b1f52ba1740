import { readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";

/** What opens an encrypted key besides a person at a terminal. */
export interface KeyOpeners {
  readonly hasPassphrase: boolean;
  readonly hasAgent: boolean;
}

/** What is wrong with a private key's file; the words end a sentence that begins with its path. */
export interface KeyFileProblem {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint: string;
}

/** Why a login with this private key file would fail, as far as the file itself shows; nothing of it is kept. */
export const judgeKeyFile = (path: string, openers: KeyOpeners): KeyFileProblem | undefined => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    // What is validated here may run elsewhere.
    const hint = "it has to be there where `latchkey run` is; check the path";
    return { severity: "warning", message: `there is no private key file "${path}"`, hint };
  }
  if (!stats.isFile()) {
    return { severity: "error", message: `"${path}" is not a file`, hint: "expected the file of a private key" };
  }
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    const hint = "it has to belong to whoever runs latchkey";
    return { severity: "warning", message: `the private key file "${path}" cannot be read`, hint };
  }
  if (/^(?:ssh-|ecdsa-|sk-)\S+ [A-Za-z0-9+/]/.test(text)) {
    const half = path.endsWith(".pub") ? `, usually "${path.slice(0, -4)}"` : "";
    const hint = `a login needs the private half${half}`;
    return { severity: "error", message: `"${path}" is a public key`, hint };
  }
  if (!/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----|^PuTTY-User-Key-File-/.test(text)) {
    const hint = "expected a private key in OpenSSH's format or PEM";
    return { severity: "error", message: `"${path}" is not a private key`, hint };
  }
  if ((stats.mode & 0o077) !== 0 && stats.uid === userInfo().uid) {
    const mode = (stats.mode & 0o777).toString(8).padStart(4, "0");
    const message = `the private key file "${path}" may be read by others (mode ${mode})`;
    return { severity: "error", message, hint: `ssh refuses such a key, and so do we: chmod 600 '${path}'` };
  }
  if (!isEncrypted(text) || openers.hasPassphrase || openers.hasAgent) return undefined;
  const hint = "load it into ssh-agent (ssh-add), or give its passphrase in ansible_ssh_private_key_passphrase";
  const message = `the private key "${path}" is encrypted, and there is neither an agent nor a passphrase`;
  return { severity: "warning", message, hint };
};

const isEncrypted = (text: string): boolean => {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) return true;
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)/.exec(text)?.[1];
  if (body === undefined) return false;
  // After the magic word comes the cipher, as a string with its length before it (OpenSSH, PROTOCOL.key).
  const bytes = Buffer.from(body, "base64");
  const at = "openssh-key-v1\0".length;
  return (
    bytes.length >= at + 8 && bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at)).toString("latin1") !== "none"
  );
};
