import { didYouMean } from "../diagnostics/suggest.ts";
import { BoundedRegExp, SearchTooLong } from "../util/bounded-reg-exp.ts";
import { globToRegExp } from "../util/glob.ts";
import { groupHosts } from "./group-tree.ts";
import { isAddress6 } from "./host-name.ts";
import type { Inventory } from "./inventory.ts";

/** The hosts that a pattern names, and the parts of it that name nothing. */
export interface Selection {
  /** In the order in which the pattern names them, and within a group in the order of the inventory. */
  readonly hosts: readonly string[];
  /** Parts that match no group and no host, as written. The caller decides whether that is an error. */
  readonly unmatched: readonly string[];
}

/**
 * The hosts of a pattern such as `web:&prod:!web3`, `db[0:2]`, `*.example.com` or `~web\d`, or of several patterns.
 *
 * First everything named plainly, then `&` restricts it, then `!` takes away, in whatever order they are written; with
 * `&` and `!` only, it begins with `all`. Source: Ansible's "Patterns: targeting hosts and groups".
 */
export const selectHosts = (pattern: string | readonly string[], inventory: Inventory): Selection => {
  const terms = (typeof pattern === "string" ? [pattern] : pattern).flatMap(splitPattern);
  const unmatched: string[] = [];
  const find = (term: string): readonly string[] => {
    const hosts = matchTerm(term, inventory);
    if (hosts === undefined) unmatched.push(term);
    return hosts ?? [];
  };
  const plain = terms.filter((term) => !/^[!&]/.test(term));
  const selected = new Set((plain.length === 0 ? ["all"] : plain).flatMap(find));
  for (const term of terms) if (term.startsWith("&")) keepOnly(selected, new Set(find(term.slice(1).trim())));
  for (const term of terms) {
    if (term.startsWith("!")) for (const host of find(term.slice(1).trim())) selected.delete(host);
  }
  return { hosts: [...selected], unmatched };
};

/** Why a part of a pattern names nothing, and what was most likely meant. */
export const explainUnmatched = (
  term: string,
  inventory: Inventory,
): { readonly message: string; readonly hint?: string } => {
  const message = `no host or group matches "${term}"`;
  if (term.startsWith("~") && regExpOf(term.slice(1)) === undefined) {
    return { message: `"${term.slice(1)}" is not a regular expression` };
  }
  if (/^[^[\]:]+:[0-9]+$/.test(term))
    return { message, hint: "a pattern has no port; set ansible_port in the inventory" };
  const name = term.replace(/\[[^\]]*\]$/, "");
  const hint = didYouMean(name, [...inventory.groups.keys(), ...inventory.hosts.keys()]);
  return hint === undefined ? { message } : { message, hint };
};

/** A comma separates; a colon only where there is no comma, and not within brackets, an address, or before a port. */
const splitPattern = (pattern: string): readonly string[] => {
  const parts = pattern.includes(",") ? pattern.split(",") : isOneName(pattern) ? [pattern] : splitAtColons(pattern);
  return parts.map((part) => part.trim()).filter((part) => part !== "");
};

const isOneName = (pattern: string): boolean =>
  isAddress6(pattern.trim().replace(/^[!&]/, "")) || /^\s*[^[\]:~&!*?]+:[0-9]+\s*$/.test(pattern);

const splitAtColons = (pattern: string): readonly string[] => pattern.match(/(?:\[[^\]]*\]|[^:])+/g) ?? [];

const keepOnly = (hosts: Set<string>, others: ReadonlySet<string>): void => {
  for (const host of hosts) if (!others.has(host)) hosts.delete(host);
};

/** The hosts of one part of a pattern, or undefined where it names nothing. */
const matchTerm = (term: string, inventory: Inventory): readonly string[] | undefined => {
  if (term.startsWith("~")) return matchRegExp(term.slice(1), inventory);
  const subscript = /^(.+)\[(-?[0-9]+)(?:(:)([0-9]*))?\]$/.exec(term);
  if (subscript === null) return matchName(term, inventory);
  const [, name = "", from = "", range, to = ""] = subscript;
  // Only a single position counts from the end.
  if (range !== undefined && from.startsWith("-")) return undefined;
  const hosts = matchName(name, inventory);
  if (hosts === undefined) return undefined;
  if (range === undefined) return [hosts.at(Number(from))].filter((host) => host !== undefined);
  return hosts.slice(Number(from), to === "" ? undefined : Number(to) + 1);
};

const matchName = (name: string, inventory: Inventory): readonly string[] | undefined => {
  if (name === "all" || name === "*") return groupHosts(inventory, "all");
  if (/[*?[]/.test(name)) {
    const glob = globToRegExp(name);
    return matchAll((candidate) => glob.test(candidate), inventory);
  }
  // A group goes before a host of the same name.
  if (inventory.groups.has(name)) return groupHosts(inventory, name);
  return inventory.hosts.has(name) || isImplicitHost(name) ? [name] : undefined;
};

/** Names of this machine: they can be named without being in an inventory, and are no part of `all`. */
export const isImplicitHost = (name: string): boolean => name === "localhost" || name === "127.0.0.1" || name === "::1";

const matchRegExp = (source: string, inventory: Inventory): readonly string[] | undefined => {
  const pattern = regExpOf(source);
  return pattern === undefined ? undefined : matchAll((candidate) => pattern.test(candidate), inventory);
};

/** Python's `re.match`: from the beginning, not necessarily to the end. */
const regExpOf = (source: string): RegExp | undefined => {
  const flags = /^\(\?i\)/.exec(source)?.[0] ?? "";
  const body = source.slice(flags.length).replaceAll("(?P<", "(?<");
  try {
    return new BoundedRegExp(`^(?:${body})`, flags === "" ? "su" : "sui");
  } catch {
    return undefined;
  }
};

const matchAll = (matches: (name: string) => boolean, inventory: Inventory): readonly string[] | undefined => {
  let groups: readonly string[];
  let hosts: readonly string[];
  try {
    groups = [...inventory.groups.keys()].filter(matches);
    hosts = [...inventory.hosts.keys()].filter(matches);
  } catch (error) {
    // No names are worth such a search.
    if (error instanceof SearchTooLong) return undefined;
    throw error;
  }
  if (groups.length === 0 && hosts.length === 0) return undefined;
  return [...new Set([...groups.flatMap((group) => groupHosts(inventory, group)), ...hosts])];
};
