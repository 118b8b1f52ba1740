import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";
import { err, ok, type Result } from "../util/result.ts";
import type { Envelope } from "./envelope.ts";

/** What a password and a salt give: PBKDF2 with SHA-256, 10,000 rounds. */
interface Keys {
  readonly cipher: Buffer;
  readonly hmac: Buffer;
  readonly counter: Buffer;
}

const deriveKeys = (password: Uint8Array, salt: Uint8Array): Keys => {
  const bytes = pbkdf2Sync(password, salt, 10_000, 80, "sha256");
  return { cipher: bytes.subarray(0, 32), hmac: bytes.subarray(32, 64), counter: bytes.subarray(64) };
};

/** Opens a vault; undefined where the password is another, or somebody changed the content. Nothing unchecked is decrypted. */
export const unseal = (
  { salt, hmac, ciphertext }: Envelope,
  password: Uint8Array,
): Result<Buffer, string> | undefined => {
  const keys = deriveKeys(password, salt);
  if (!timingSafeEqual(createHmac("sha256", keys.hmac).update(ciphertext).digest(), hmac)) return undefined;
  const decipher = createDecipheriv("aes-256-ctr", keys.cipher, keys.counter);
  const padded = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  const isPadded = padding >= 1 && padding <= 16 && padded.subarray(-padding).every((byte) => byte === padding);
  return isPadded ? ok(padded.subarray(0, -padding)) : err("the vault is damaged: its content has no proper end");
};

/** Seals a content under a password, with a salt of its own. */
export const seal = (content: Uint8Array, password: Uint8Array, label?: string): Envelope => {
  const salt = randomBytes(32);
  const keys = deriveKeys(password, salt);
  const padding = 16 - (content.length % 16);
  const cipher = createCipheriv("aes-256-ctr", keys.cipher, keys.counter);
  const padded = Buffer.concat([content, Buffer.alloc(padding, padding)]);
  const ciphertext = Buffer.concat([cipher.update(padded), cipher.final()]);
  return { label, salt, hmac: createHmac("sha256", keys.hmac).update(ciphertext).digest(), ciphertext };
};
