import { createHash, hash as oneShot } from "node:crypto";

/** What is hashed, and how. */
export interface ShaCryptInput {
  readonly scheme: "sha256" | "sha512";
  readonly password: string;
  /** 1 to 16 characters. */
  readonly salt: string;
  /** 1000 to 999999999; 5000 is the scheme's default and is not written. */
  readonly rounds: number;
}

/**
 * The hash of a password for /etc/shadow: SHA-crypt, `$5$` and `$6$`.
 * Source: "Unix crypt using SHA-256 and SHA-512", Ulrich Drepper, version 0.6 (public domain); crypt(5).
 */
export const shaCrypt = ({ scheme, password, salt, rounds }: ShaCryptInput): string => {
  const key = Buffer.from(password);
  const saltBytes = Buffer.from(salt);
  const hash = (...parts: readonly Uint8Array[]): Buffer => {
    const state = createHash(scheme);
    for (const part of parts) state.update(part);
    return state.digest();
  };
  const first = firstDigest(key, saltBytes, hash);
  const keySequence = repeatTo(hash(...Array.from({ length: key.length }, () => key)), key.length);
  const saltDigest = hash(...Array.from({ length: 16 + (first[0] ?? 0) }, () => saltBytes));
  const saltSequence = repeatTo(saltDigest, saltBytes.length);
  const digest = stretch(first, { scheme, keySequence, saltSequence, rounds });
  const prefix = scheme === "sha512" ? "$6$" : "$5$";
  const cost = rounds === 5000 ? "" : `rounds=${rounds}$`;
  return `${prefix}${cost}${salt}$${encode(digest, scheme)}`;
};

/** What the rounds mix into the digest. */
interface Stretching {
  readonly scheme: "sha256" | "sha512";
  readonly keySequence: Buffer;
  readonly saltSequence: Buffer;
  readonly rounds: number;
}

/** The rounds. They are the whole cost, so each writes into one buffer and hashes it in one call. */
const stretch = (first: Buffer, { scheme, keySequence, saltSequence, rounds }: Stretching): Buffer => {
  const message = Buffer.alloc(first.length + saltSequence.length + 2 * keySequence.length);
  let digest = first;
  for (let round = 0; round < rounds; round += 1) {
    const odd = round % 2 === 1;
    let length = (odd ? keySequence : digest).copy(message);
    if (round % 3 !== 0) length += saltSequence.copy(message, length);
    if (round % 7 !== 0) length += keySequence.copy(message, length);
    length += (odd ? digest : keySequence).copy(message, length);
    digest = oneShot(scheme, message.subarray(0, length), "buffer");
  }
  return digest;
};

/** Steps 1 to 12 of the specification: digest A, which mixes digest B by the bits of the key's length. */
const firstDigest = (key: Buffer, salt: Buffer, hash: (...parts: readonly Uint8Array[]) => Buffer): Buffer => {
  const alternate = hash(key, salt, key);
  const parts: Uint8Array[] = [key, salt, repeatTo(alternate, key.length)];
  for (let length = key.length; length > 0; length >>= 1) parts.push(length & 1 ? alternate : key);
  return hash(...parts);
};

const repeatTo = (block: Buffer, length: number): Buffer => {
  const result = Buffer.alloc(length);
  for (let at = 0; at < length; at += block.length) block.copy(result, at);
  return result;
};

const alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The bytes of the digest in the order that the scheme takes them, six bits a character, lowest first. */
const encode = (digest: Buffer, scheme: "sha256" | "sha512"): string => {
  const byte = (index: number): number => digest[index] ?? 0;
  const step = scheme === "sha512" ? 21 : 10;
  const groups = scheme === "sha512" ? 21 : 10;
  let result = "";
  let [a, b, c] = [0, step, step * 2];
  for (let group = 0; group < groups; group += 1) {
    result += sextets((byte(a) << 16) | (byte(b) << 8) | byte(c), 4);
    // The three positions rotate: forwards for SHA-512, backwards for SHA-256.
    [a, b, c] = scheme === "sha512" ? [b + 1, c + 1, a + 1] : [c + 1, a + 1, b + 1];
  }
  return result + (scheme === "sha512" ? sextets(byte(63), 2) : sextets((byte(31) << 8) | byte(30), 3));
};

const sextets = (value: number, count: number): string =>
  Array.from({ length: count }, (_, index) => alphabet.charAt((value >> (6 * index)) & 0x3f)).join("");
