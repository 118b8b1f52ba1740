import { createHash } from "node:crypto";
import { err, ok, type Result } from "../util/result.ts";

/** What the controller did to a grant on one host, or for it in a cloud, as it is handed to the ledger. */
export interface LedgerEntry {
  /**
   * `opening`, `open` and `close` are about one rule in the firewall of a cloud: that it is about to be made, that it is
   * there, and that it is not, or no longer for this grant.
   */
  readonly verb: "grant" | "revoke" | "extend" | "opening" | "open" | "close";
  /** The id of the grant. */
  readonly grant: string;
  readonly ticket?: string;
  /** Who answers for the grant. */
  readonly owner?: string;
  /** The local user who ran the command. */
  readonly user?: string;
  readonly reason?: string;
  /** When the grant ends: ISO 8601 with its zone; `null` says that it has no end. */
  readonly expires?: string | null;
  /** Fingerprints as ssh-keygen prints them: `SHA256:` and 43 characters of base64. */
  readonly keys?: readonly string[];
  /** Of the certificate authorities, in the same form. */
  readonly authorities?: readonly string[];
  /** The host's name in the inventory. */
  readonly host?: string;
  readonly address?: string;
  readonly outcome?: "ok" | "failed" | "rolled-back" | "unreachable";
  /** Where the rule is; see `CloudPlace`. */
  readonly provider?: string;
  readonly cloud?: string;
  readonly url?: string;
  readonly project?: string;
  readonly region?: string;
  /** The id of the rule's security group. */
  readonly group?: string;
  /** The id of the rule. */
  readonly rule?: string;
  /** The rule in JSON, by which it is found again where its id never became known. */
  readonly wanted?: string;
}

/** One line of the ledger. Members of a later version may be there as well, and count for the hash. */
export interface LedgerRecord extends LedgerEntry {
  /** 1 for the first record, and one more for each that follows. */
  readonly seq: number;
  /** When it was written: ISO 8601, UTC. */
  readonly at: string;
  /** The hash of the record before; 64 zeros in the first one. */
  readonly prev: string;
  /** SHA-256 over the canonical JSON of the record without this member, in hex. */
  readonly hash: string;
}

/** What the next record is chained to. */
export type LedgerEnd = Pick<LedgerRecord, "seq" | "hash">;

/** The end of a ledger without records. */
export const emptyEnd: LedgerEnd = { seq: 0, hash: "0".repeat(64) };

/** JSON in the one form that is hashed, signed and stored (RFC 8785): the members of every object sorted, no blanks. */
export const canonicalJson = (record: object): string =>
  JSON.stringify(record, (_name, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

/** The hash that a record must carry. */
export const hashOf = (record: object): string => {
  const hashed = Object.entries(record).filter(([name]) => name !== "hash");
  return createHash("sha256")
    .update(canonicalJson(Object.fromEntries(hashed)))
    .digest("hex");
};

/** The record that an entry becomes after the given end. */
export const chainEntry = (entry: LedgerEntry, end: LedgerEnd, at: string): LedgerRecord => {
  const record = { ...entry, seq: end.seq + 1, at, prev: end.hash };
  return { ...record, hash: hashOf(record) };
};

/** Says why an entry must not be written, if so: a secret, or a value that `parseRecord` would not take back. */
export const checkEntry = (entry: LedgerEntry): string | undefined => {
  for (const [name, value] of Object.entries(entry)) {
    // PEM and OpenSSH both announce a private key by these words. The value is not repeated.
    if (JSON.stringify(value)?.includes("PRIVATE KEY")) return `${name} holds a private key, which is never recorded`;
  }
  return problemOf({ ...entry, ...emptyEnd, seq: 1, at: "1970-01-01T00:00:00Z", prev: emptyEnd.hash });
};

/** Reads one line, without its newline; the error is what is wrong with it. The chain is not looked at. */
export const parseRecord = (line: Buffer): Result<LedgerRecord, string> => {
  const value = parseObject(line);
  if (value === undefined) return err("it is not JSON");
  const problem = problemOf(value);
  // What was just checked, member by member.
  return problem === undefined ? ok(value as object as LedgerRecord) : err(`it is no record: ${problem}`);
};

/** The members that a record is chained by, whatever the others are; `undefined` for a line that is not JSON. */
export const parseEnd = (line: Buffer): Result<LedgerEnd, string> | undefined => {
  const value = parseObject(line);
  if (value === undefined) return undefined;
  const { seq, hash } = value;
  return isCount(seq) && isHash(hash) ? ok({ seq, hash }) : err("its last line is no record");
};

type Members = Readonly<Record<string, unknown>>;

const parseObject = (line: Buffer): Members | undefined => {
  try {
    const value: unknown = JSON.parse(line.toString());
    // Another JSON value has none of the members, and so is no record.
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return undefined;
  }
};

const isText = (value: unknown): value is string => typeof value === "string";
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
const matches =
  (pattern: RegExp) =>
  (value: unknown): value is string =>
    isText(value) && pattern.test(value);
const isHash = matches(/^[0-9a-f]{64}$/);
const isTime = matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/);
const isFingerprint = matches(/^SHA256:[A-Za-z0-9+/]{43}$/);
const areFingerprints = (value: unknown): boolean => Array.isArray(value) && value.every(isFingerprint);

const required = ["seq", "at", "verb", "grant", "prev", "hash"];
/** What each member must be, in the words of the message. */
const members: Readonly<Record<keyof LedgerRecord, readonly [holds: (value: unknown) => boolean, what: string]>> = {
  seq: [isCount, "a whole number from 1 on"],
  at: [isTime, "a time with its zone"],
  verb: [matches(/^(?:grant|revoke|extend|opening|open|close)$/), "grant, revoke, extend, opening, open or close"],
  grant: [isText, "a text"],
  ticket: [isText, "a text"],
  owner: [isText, "a text"],
  user: [isText, "a text"],
  reason: [isText, "a text"],
  expires: [(value) => value === null || isTime(value), "a time with its zone, or null"],
  keys: [areFingerprints, "a list of SHA256: fingerprints"],
  authorities: [areFingerprints, "a list of SHA256: fingerprints"],
  host: [isText, "a text"],
  address: [isText, "a text"],
  outcome: [matches(/^(?:ok|failed|rolled-back|unreachable)$/), "ok, failed, rolled-back or unreachable"],
  provider: [isText, "a text"],
  cloud: [isText, "a text"],
  url: [isText, "a text"],
  project: [isText, "a text"],
  region: [isText, "a text"],
  group: [isText, "a text"],
  rule: [isText, "a text"],
  wanted: [isText, "a text"],
  prev: [isHash, "64 hexadecimal digits"],
  hash: [isHash, "64 hexadecimal digits"],
};

const problemOf = (record: Members): string | undefined => {
  for (const [name, [holds, what]] of Object.entries(members)) {
    const value = record[name];
    if (value === undefined ? required.includes(name) : !holds(value)) return `${name} must be ${what}`;
  }
  return undefined;
};
