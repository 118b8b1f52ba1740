import { holdsPrivateKey } from "../modules/authorized_key/public-key.ts";
import { err, ok, type Result } from "../util/result.ts";
import { canonicalJson } from "./ledger-record.ts";

/** How a revoke ended on a host; `unreachable` also where its connection was lost before the end. */
export type ReceiptOutcome = "closed" | "nothing-there" | "failed" | "unreachable";

/** What one host said when its grants were taken back. The texts are the host's: escape them before a terminal. */
export interface HostReceipt {
  /** The host's name in the inventory. */
  readonly host: string;
  /** Where it was reached, or looked for; empty where nobody tried. */
  readonly address: string;
  readonly outcome: ReceiptOutcome;
  /** The ids of the grants that were taken back. */
  readonly grants: readonly string[];
  /** Their tickets. */
  readonly tickets: readonly string[];
  /** The changes that were taken back. */
  readonly undone: readonly string[];
  /** What somebody else changed since, and so stays. */
  readonly kept: readonly string[];
  /** Each place that was looked at, and what was there. */
  readonly checks: readonly string[];
  /** Those of them that were not clean. */
  readonly residue: readonly string[];
  readonly problems: readonly string[];
}

/** What a revoke did on all of its hosts. */
export interface Receipt {
  readonly v: 1;
  readonly kind: "latchkey.receipt";
  /** When the run ended: ISO 8601, UTC. */
  readonly at: string;
  /** The local user who ran it. */
  readonly by: string;
  /** The run's id, as on its events. */
  readonly run?: string;
  /** By name. */
  readonly hosts: readonly HostReceipt[];
  /** Whether everything is closed, and nothing was found. */
  readonly clean: boolean;
}

/** What a receipt comes to. */
export type Verdict = "CLOSED" | "CLOSED WITH LEFTOVERS" | "NOT CLOSED";

/** Whether a host's access is closed, whatever it left. */
export const isClosed = ({ outcome }: HostReceipt): boolean => outcome === "closed" || outcome === "nothing-there";

/** What all hosts together come to: a host that did not answer is not closed. */
export const judgeReceipt = ({ hosts }: Pick<Receipt, "hosts">): Verdict => {
  if (hosts.length === 0 || !hosts.every(isClosed)) return "NOT CLOSED";
  return hosts.some(({ residue }) => residue.length > 0) ? "CLOSED WITH LEFTOVERS" : "CLOSED";
};

/** A receipt of what the hosts said, in any order. No private key gets into it, wherever a host took it from. */
export const buildReceipt = (told: Pick<Receipt, "at" | "by" | "run" | "hosts">): Receipt => {
  const hosts = told.hosts.map(withoutSecrets).toSorted((a, b) => (a.host < b.host ? -1 : 1));
  return { v: 1, kind: "latchkey.receipt", ...told, hosts, clean: judgeReceipt({ hosts }) === "CLOSED" };
};

const withoutSecrets = (host: HostReceipt): HostReceipt => {
  const lists = listNames.map((name) => [
    name,
    host[name].map((text) => (holdsPrivateKey(text) ? "(a private key, left out)" : text)),
  ]);
  return { ...host, ...(Object.fromEntries(lists) as Pick<HostReceipt, ListName>) };
};

/** The bytes of its file, and what is signed. */
export const formatReceipt = (receipt: Receipt): string => `${canonicalJson(receipt)}\n`;

/** Reads a receipt's file; the error is what is wrong with it, and may hold texts of the file. */
export const parseReceipt = (bytes: Buffer): Result<Receipt, string> => {
  const value = parseJson(bytes);
  if (value === undefined) return err("it is not JSON");
  const problem = problemOf(value, "it", receiptMembers, ["run"]);
  if (problem !== undefined) return err(problem);
  // What was just checked, member by member.
  const receipt = value as Receipt;
  const [unsorted] = receipt.hosts.filter(({ host }, at) => at > 0 && host <= (receipt.hosts[at - 1]?.host ?? ""));
  if (unsorted !== undefined) return err(`host "${unsorted.host}" is there twice, or not in its place by name`);
  const verdict = judgeReceipt(receipt);
  if (receipt.clean !== (verdict === "CLOSED")) return err(`clean is ${receipt.clean}, but its hosts are ${verdict}`);
  // The same content in other bytes, such as a member that is there twice: people would read something else.
  if (!bytes.equals(Buffer.from(formatReceipt(receipt)))) return err("it is not in the form that was written");
  return ok(receipt);
};

const parseJson = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
};

const listNames = ["grants", "tickets", "undone", "kept", "checks", "residue", "problems"] as const;
type ListName = (typeof listNames)[number];

/** Says what a value must be, where it is something else; `at` is its name in the message. */
type Check = (value: unknown, at: string) => string | undefined;

const isTime = (value: unknown): boolean =>
  typeof value === "string" &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value) &&
  !Number.isNaN(Date.parse(value));

const must =
  (holds: (value: unknown) => boolean, what: string): Check =>
  (value, at) =>
    holds(value) ? undefined : `${at} must be ${what}`;
const text = must((value) => typeof value === "string", "a text");
const texts = must(
  (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  "a list of texts",
);
const outcomes: readonly unknown[] = ["closed", "nothing-there", "failed", "unreachable"] satisfies ReceiptOutcome[];

const hostMembers: Readonly<Record<keyof HostReceipt, Check>> = {
  host: text,
  address: text,
  outcome: must((value) => outcomes.includes(value), "closed, nothing-there, failed or unreachable"),
  grants: texts,
  tickets: texts,
  undone: texts,
  kept: texts,
  checks: texts,
  residue: texts,
  problems: texts,
};

const hostList: Check = (value, at) => {
  if (!Array.isArray(value) || value.length === 0) return `${at} must be a list of one host or more`;
  for (const [index, host] of value.entries()) {
    const problem = problemOf(host, `${at}[${index}]`, hostMembers);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

const receiptMembers: Readonly<Record<keyof Receipt, Check>> = {
  kind: must((value) => value === "latchkey.receipt", '"latchkey.receipt"'),
  v: must((value) => value === 1, "1: another version of latchkey wrote it"),
  at: must(isTime, "a time in UTC"),
  by: text,
  run: text,
  hosts: hostList,
  clean: must((value) => typeof value === "boolean", "true or false"),
};

/** What is wrong with an object that has these members, all but the optional ones, and no others. */
const problemOf = (
  value: unknown,
  at: string,
  members: Readonly<Record<string, Check>>,
  optional: readonly string[] = [],
): string | undefined => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return `${at} must be an object`;
  const given = new Map<string, unknown>(Object.entries(value));
  for (const [name, check] of Object.entries(members)) {
    const path = at === "it" ? name : `${at}.${name}`;
    if (!given.has(name) && optional.includes(name)) continue;
    const problem = given.has(name) ? check(given.get(name), path) : `${path} is missing`;
    if (problem !== undefined) return problem;
  }
  const unknown = [...given.keys()].find((name) => !Object.hasOwn(members, name));
  return unknown === undefined ? undefined : `there is no member "${unknown}" in a receipt`;
};
