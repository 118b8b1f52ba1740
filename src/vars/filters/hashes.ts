import { createHash, getHashes, randomInt } from "node:crypto";
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

/** Ansible's default: that of passlib for these two schemes. */
const defaultRounds = { sha512: 656_000, sha256: 535_000 } as const;

// A hash takes seconds by design. One password with one salt gives one hash for all hosts.
const known = new Map<string, string>();

const passwordHash: Filter = filter("hashtype salt salt_size rounds ident", (value, args) => {
  const scheme = args.text("hashtype", "sha512").replace(/_crypt$/, "");
  if (scheme !== "sha512" && scheme !== "sha256") {
    throw new Fault(`password_hash: '${scheme}' is not supported in Latchkey: use sha512 or sha256`);
  }
  const given = args.get("salt") ?? null;
  const salt = given === null ? randomSalt(args.integer("salt_size", 16)) : text(given);
  if (!/^[./\dA-Za-z]{1,16}$/.test(salt)) {
    throw new Fault("password_hash: a salt has 1 to 16 characters of letters, digits, '.' and '/'");
  }
  const rounds = args.integer("rounds", defaultRounds[scheme]);
  if (rounds < 1000 || rounds > 5_000_000)
    throw new Fault("password_hash: rounds must be 1000 to 5000000, which is seconds of work");
  const password = text(value);
  const key = createHash("sha256").update(`${scheme}$${rounds}$${salt}$${password}`).digest("base64");
  const hash = known.get(key) ?? shaCrypt({ scheme, password, salt, rounds });
  if (given !== null) known.set(key, hash);
  return hash;
});

/** Filters that hash. */
export const hashFilters: FilterTable = {
  hash: filter("hashtype", (value, args) => {
    const algorithm = args.text("hashtype", "sha1");
    if (!getHashes().includes(algorithm)) throw new Fault(`hash: there is no algorithm '${algorithm}'`);
    return digest(algorithm, text(value));
  }),
  checksum: textFilter((value) => digest("sha1", value)),
  sha1: textFilter((value) => digest("sha1", value)),
  md5: textFilter((value) => digest("md5", value)),
  password_hash: passwordHash,
};
