import { err, ok, type Result } from "../util/result.ts";

/** What stands in a vaulted text: everything that is needed to open it, apart from the password. */
export interface Envelope {
  /** Which password it wants; only version 1.2 says so. */
  readonly label: string | undefined;
  readonly salt: Buffer;
  readonly hmac: Buffer;
  readonly ciphertext: Buffer;
}

/** What is wrong with a vaulted text, and where in it. */
export interface Damage {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

const magic = "$ANSIBLE_VAULT";

/** Whether a file's content is vaulted. */
export const isVaulted = (content: string | Uint8Array): boolean =>
  typeof content === "string"
    ? content.startsWith(magic)
    : Buffer.from(content.subarray(0, magic.length)).toString("latin1") === magic;

/**
 * Takes a vaulted text apart: a header (`$ANSIBLE_VAULT;1.1;AES256`, or `;1.2;AES256;label`), and below it, in hexadecimal
 * digits, three lines that are hexadecimal digits again. Source: "Format of files encrypted with Ansible Vault".
 */
export const parseEnvelope = (text: string): Result<Envelope, Damage> => {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? "";
  const label = readHeader(header);
  if (!label.ok) return err({ message: label.error, start: 0, end: Math.max(1, header.length) });
  const body = decodeHex(text, header.length);
  if (!body.ok) return body;
  const [salt, hmac, ciphertext, ...rest] = body.value.toString("latin1").split("\n");
  const whole = { start: header.length, end: text.length };
  if (salt === undefined || hmac === undefined || ciphertext === undefined || rest.length > 0) {
    return err({ message: "the vault is damaged: it does not hold a salt, a checksum and a content", ...whole });
  }
  const parts = [salt, hmac, ciphertext].map((part) => decodeHex(part, 0));
  const [saltBytes, hmacBytes, bytes] = parts.map((part) => (part.ok ? part.value : undefined));
  if (saltBytes === undefined || hmacBytes?.length !== 32 || bytes === undefined || bytes.length % 16 !== 0) {
    return err({ message: "the vault is damaged: its salt, checksum or content is cut off", ...whole });
  }
  return ok({ label: label.value, salt: saltBytes, hmac: hmacBytes, ciphertext: bytes });
};

const readHeader = (header: string): Result<string | undefined, string> => {
  const [, version = "", cipher = "", label] = header.trimEnd().split(";");
  if (version !== "1.1" && version !== "1.2") {
    return err(`the vault's version "${version}" is not known; Latchkey opens 1.1 and 1.2`);
  }
  if (cipher !== "AES256") return err(`the vault's cipher "${cipher}" is not known; Latchkey opens AES256`);
  return ok(version === "1.2" && label !== undefined && label !== "" ? label : undefined);
};

/** The bytes of hexadecimal digits, however they are broken into lines. */
const decodeHex = (text: string, from: number): Result<Buffer, Damage> => {
  const strange = /[^\da-fA-F\s]/.exec(text.slice(from));
  if (strange !== null) {
    const at = from + strange.index;
    return err({ message: "the vault is damaged: this is no hexadecimal digit", start: at, end: at + 1 });
  }
  const digits = text.slice(from).replaceAll(/\s+/g, "");
  if (digits.length % 2 === 0 && digits !== "") return ok(Buffer.from(digits, "hex"));
  const end = text.trimEnd().length;
  return err({ message: "the vault is damaged: it is cut off", start: Math.max(from, end - 1), end: Math.max(1, end) });
};

/** A vaulted text, in lines of 80 characters; with a label it is of version 1.2. */
export const renderEnvelope = ({ label, salt, hmac, ciphertext }: Envelope): string => {
  const inner = [salt, hmac, ciphertext].map((part) => part.toString("hex")).join("\n");
  const digits = Buffer.from(inner, "latin1").toString("hex");
  const header = label === undefined ? `${magic};1.1;AES256` : `${magic};1.2;AES256;${label}`;
  return `${[header, ...(digits.match(/.{1,80}/g) ?? [])].join("\n")}\n`;
};
