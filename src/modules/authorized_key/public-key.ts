import { createHash } from "node:crypto";
import { err, ok, type Result } from "../../util/result.ts";
import { isKeyType, plainTypeOf } from "./key-types.ts";
import { certifiedKey, measureKey } from "./measure-key.ts";
import { splitOptions } from "./key-options.ts";

/** One public key in the form of a line of authorized_keys (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
export interface PublicKey {
  /** Options in front of it, as written; empty where there are none. */
  readonly options: string;
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** The key itself, in base64: what makes two lines the same key. */
  readonly blob: string;
  /** The rest of the line, blanks between its words made one. */
  readonly comment: string;
  /** Length of the key in bits; 0 where the type does not tell (certificates). */
  readonly bits: number;
  /** As `ssh-keygen -l` shows it: `SHA256:…`. */
  readonly fingerprint: string;
}

/** Whether a text holds a private key, or looks like the file of one: such a text must not be shown, not even in an error. */
export const holdsPrivateKey = (text: string): boolean =>
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY|PuTTY-User-Key-File|\bb3BlbnNzaC1rZXktdjE|SSHPRIVATEKEY/.test(text);

/**
 * Reads one line, and proves that it holds a public key: that the base64 is whole, that the key inside it is of the type
 * that stands before it, and that it has every part that this type has. The error says what is wrong without a period.
 */
export const parsePublicKey = (line: string): Result<PublicKey, string> => {
  const known = parsed.get(line);
  if (known !== undefined) return known;
  const result = parseLine(line);
  if (parsed.size >= 1000) parsed.clear();
  parsed.set(line, result);
  return result;
};

/** A fleet gets the same few keys: each is taken apart once. */
const parsed = new Map<string, Result<PublicKey, string>>();

const parseLine = (line: string): Result<PublicKey, string> => {
  if (holdsPrivateKey(line)) return err("this is a private key: the public one is in the file that ends in .pub");
  // oxlint-disable-next-line no-control-regex -- a line break in a comment would be a second key
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) return err("it holds a control character");
  const cut = cutLine(line.trim());
  if (!cut.ok) return cut;
  const { options, type, blob, comment } = cut.value;
  const bytes = Buffer.from(blob, "base64");
  if (blob === "" || bytes.toString("base64") !== blob) return err("its base64 part is cut off or damaged");
  const bits = measureKey(bytes, plainTypeOf(type), type);
  if (!bits.ok) return bits;
  return ok({ options, type, blob, comment, bits: bits.value, fingerprint: fingerprintOf(bytes) });
};

/** RFC 4648's base64 without padding, over the key; of a certificate the key that it certifies counts, as for ssh-keygen. */
const fingerprintOf = (bytes: Buffer): string => {
  const hash = createHash("sha256").update(certifiedKey(bytes) ?? bytes);
  return `SHA256:${hash.digest("base64").replace(/=+$/, "")}`;
};

/** The fingerprint of the key in a line of authorized_keys or of a `.pub` file, as `ssh-keygen -l` shows it. */
export const keyFingerprint = (line: string): Result<string, string> => {
  const key = parsePublicKey(line);
  return key.ok ? ok(key.value.fingerprint) : key;
};

/** The same for its base64 part alone; empty where that is damaged. */
export const blobFingerprint = (blob: string): string => {
  const print = keyFingerprint(`${typeInside(blob)} ${blob}`);
  return print.ok ? print.value : "";
};

/** A key begins with the name of its type (RFC 4253, section 6.6). */
const typeInside = (blob: string): string => {
  const bytes = Buffer.from(blob, "base64");
  return bytes.length < 4 ? "" : bytes.toString("latin1", 4, 4 + bytes.readUInt32BE(0));
};

/** The line that this key is in a file. Ansible's has a blank at its end where there is no comment. */
export const formatPublicKey = (key: Pick<PublicKey, "options" | "type" | "blob" | "comment">): string =>
  `${key.options === "" ? "" : `${key.options} `}${key.type} ${key.blob} ${key.comment}`;

type CutLine = Pick<PublicKey, "options" | "type" | "blob" | "comment">;

const cutLine = (line: string): Result<CutLine, string> => {
  const words = line.split(/[ \t]+/);
  if (isKeyType(words[0] ?? "")) return ok(fromWords("", words));
  const options = splitOptions(line);
  if (!options.ok) return options;
  const rest = line
    .slice(options.value.length)
    .trimStart()
    .split(/[ \t]+/);
  if (!isKeyType(rest[0] ?? "")) return err("it does not begin with a type such as ssh-ed25519 or ssh-rsa");
  return ok(fromWords(options.value, rest));
};

const fromWords = (options: string, [type = "", blob = "", ...comment]: readonly string[]): CutLine => ({
  options,
  type,
  blob,
  comment: comment.join(" "),
});
