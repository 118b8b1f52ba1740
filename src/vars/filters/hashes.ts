import { createHash, getHashes, randomInt } from "node:crypto";
import { createRequire } from "node:module";
import type * as Bcrypt from "bcryptjs";
import type { Arguments } from "../evaluate/arguments.ts";
import { Fault } from "../evaluate/fault.ts";
import type { Filter } from "../evaluate/evaluation.ts";
import { shaCrypt } from "../python/sha-crypt.ts";
import { text } from "../python/text.ts";
import { filter, type FilterTable, textFilter } from "./filter.ts";

const digest = (algorithm: string, value: string): string => createHash(algorithm).update(value).digest("hex");

/** The UUID of a name in a namespace (RFC 9562, version 5). */
export const uuid5 = (name: string, namespace: string): string => {
  const space = Buffer.from(namespace.replaceAll("-", ""), "hex");
  if (space.length !== 16) throw new Fault(`to_uuid: '${namespace}' is not a UUID`);
  const bytes = createHash("sha1").update(space).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

const saltCharacters = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const randomSalt = (size: number): string =>
  Array.from({ length: size }, () => saltCharacters.charAt(randomInt(saltCharacters.length))).join("");

/** Ansible's default: that of passlib for these schemes; of bcrypt it is the logarithm. */
const defaultRounds = { sha512: 656_000, sha256: 535_000, bcrypt: 12 } as const;

// A hash takes seconds by design. One password with one salt gives one hash for all hosts.
const known = new Map<string, string>();

const passwordHash: Filter = filter("hashtype salt salt_size rounds ident", (value, args) => {
  const name = args.text("hashtype", "sha512").replace(/_crypt$/, "");
  const scheme = name === "blowfish" ? "bcrypt" : name;
  if (scheme !== "sha512" && scheme !== "sha256" && scheme !== "bcrypt") {
    throw new Fault(`password_hash: '${scheme}' is not supported in Latchkey: use sha512, sha256 or bcrypt`);
  }
  const salt = args.get("salt") ?? null;
  const rounds = args.integer("rounds", defaultRounds[scheme]);
  const hash = scheme === "bcrypt" ? bcryptOf(args, rounds) : shaCryptOf(scheme, args, rounds);
  const password = text(value);
  if (salt === null) return hash(password, undefined);
  const parts = [scheme, args.get("ident") ?? "", rounds, salt, password].map(text);
  const key = createHash("sha256").update(parts.join("$")).digest("base64");
  const result = known.get(key) ?? hash(password, text(salt));
  known.set(key, result);
  return result;
});

type PasswordHash = (password: string, salt: string | undefined) => string;

const shaCryptOf =
  (scheme: "sha512" | "sha256", args: Arguments, rounds: number): PasswordHash =>
  (password, given) => {
    const salt = given ?? randomSalt(args.integer("salt_size", 16));
    if (!/^[./\dA-Za-z]{1,16}$/.test(salt)) {
      throw new Fault("password_hash: a salt has 1 to 16 characters of letters, digits, '.' and '/'");
    }
    if (rounds < 1000 || rounds > 5_000_000)
      throw new Fault("password_hash: rounds must be 1000 to 5000000, which is seconds of work");
    return shaCrypt({ scheme, password, salt, rounds });
  };

const bcryptOf =
  (args: Arguments, rounds: number): PasswordHash =>
  (password, given) => {
    const ident = args.text("ident", "2b");
    if (!/^2[aby]$/.test(ident)) throw new Fault(`password_hash: the ident of bcrypt is 2a, 2b or 2y, not '${ident}'`);
    const salt = given ?? randomSalt(22);
    if (!/^[./\dA-Za-z]{22}$/.test(salt)) {
      throw new Fault("password_hash: a salt of bcrypt has 22 characters of letters, digits, '.' and '/'");
    }
    if (rounds < 4 || rounds > 16)
      throw new Fault("password_hash: rounds of bcrypt must be 4 to 16, each of which doubles the work");
    // Loaded where it is needed only: most playbooks never do.
    const { hashSync } = createRequire(import.meta.url)("bcryptjs") as typeof Bcrypt;
    return hashSync(password, `$${ident}$${String(rounds).padStart(2, "0")}$${salt}`);
  };

/** Python's names of algorithms, where OpenSSL has others. */
const algorithms: Readonly<Record<string, string>> = {
  blake2b: "blake2b512",
  blake2s: "blake2s256",
  sha3_224: "sha3-224",
  sha3_256: "sha3-256",
  sha3_384: "sha3-384",
  sha3_512: "sha3-512",
};

/** Filters that hash. */
export const hashFilters: FilterTable = {
  hash: filter("hashtype", (value, args) => {
    const name = args.text("hashtype", "sha1");
    const algorithm = algorithms[name] ?? name;
    if (!getHashes().includes(algorithm)) throw new Fault(`hash: there is no algorithm '${name}'`);
    return digest(algorithm, text(value));
  }),
  checksum: textFilter((value) => digest("sha1", value)),
  sha1: textFilter((value) => digest("sha1", value)),
  md5: textFilter((value) => digest("md5", value)),
  password_hash: passwordHash,
};
