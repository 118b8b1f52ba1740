import type { IptablesArguments } from "./iptables.schema.ts";

/** The words of a rule for iptables, in the order in which Ansible has them. */
export const ruleWords = (args: IptablesArguments): readonly string[] => [
  ...option("-p", args.protocol),
  ...option("-s", args.source),
  ...option("-d", args.destination),
  ...args.match.flatMap((name) => option("-m", name)),
  ...tcpFlags(args.tcp_flags),
  ...option("-j", args.jump),
  ...option("--gateway", args.jump?.toLowerCase() === "tee" ? args.gateway : undefined),
  ...option("--log-prefix", args.log_prefix),
  ...option("--log-level", args.log_level),
  ...option("--to-destination", args.to_destination),
  ...loads("multiport", args.destination_ports.length > 0),
  ...joined("--dports", args.destination_ports),
  ...option("--to-source", args.to_source),
  ...option("-g", args.goto),
  ...option("-i", args.in_interface),
  ...option("-o", args.out_interface),
  ...option("-f", args.fragment),
  ...option("-c", args.set_counters),
  ...option("--source-port", args.source_port),
  ...option("--destination-port", args.destination_port),
  ...option("--to-ports", args.to_ports),
  ...option("--set-dscp", args.set_dscp_mark),
  ...option("--set-dscp-class", args.set_dscp_mark_class),
  ...syn(args.syn),
  ...states(args),
  ...loads("iprange", (args.src_range ?? args.dst_range) !== undefined && !args.match.includes("iprange")),
  ...option("--src-range", args.src_range),
  ...option("--dst-range", args.dst_range),
  ...loads("set", args.match_set !== undefined && !args.match.includes("set")),
  ...option("--match-set", args.match_set),
  ...(args.match_set_flags === undefined ? [] : [args.match_set_flags]),
  ...loads("limit", (args.limit ?? args.limit_burst) !== undefined),
  ...option("--limit", args.limit),
  ...option("--limit-burst", args.limit_burst),
  ...loads("owner", args.uid_owner !== undefined),
  ...option("--uid-owner", args.uid_owner),
  ...loads("owner", args.gid_owner !== undefined),
  ...option("--gid-owner", args.gid_owner),
  ...(args.jump === undefined && args.reject_with !== undefined ? ["-j", "REJECT"] : []),
  ...option("--reject-with", args.reject_with),
  ...option(args.ip_version === "ipv6" ? "--icmpv6-type" : "--icmp-type", args.icmp_type),
  ...loads("comment", args.comment !== undefined),
  ...option("--comment", args.comment),
];

/** A `!` in front of the value stands for the opposite. */
const option = (flag: string, value: string | undefined): readonly string[] => {
  if (value === undefined) return [];
  return value.startsWith("!") ? ["!", flag, value.slice(1)] : [flag, value];
};

const loads = (match: string, isNeeded: boolean): readonly string[] => (isNeeded ? ["-m", match] : []);

const joined = (flag: string, values: readonly string[]): readonly string[] =>
  values.length === 0 ? [] : [flag, values.join(",")];

const syn = (value: "ignore" | "match" | "negate"): readonly string[] =>
  value === "ignore" ? [] : value === "match" ? ["--syn"] : ["!", "--syn"];

const states = ({ match, ctstate }: IptablesArguments): readonly string[] => {
  if (match.includes("conntrack")) return joined("--ctstate", ctstate);
  if (match.includes("state")) return joined("--state", ctstate);
  return [...loads("conntrack", ctstate.length > 0), ...joined("--ctstate", ctstate)];
};

const tcpFlags = (flags: IptablesArguments["tcp_flags"]): readonly string[] => {
  const looked = flagList(flags?.["flags"]);
  const set = flagList(flags?.["flags_set"]);
  return looked === undefined || set === undefined ? [] : ["--tcp-flags", looked, set];
};

/** Flags as iptables takes them, from a list or a text; undefined where it is neither. */
export const flagList = (value: unknown): string | undefined => {
  const text = Array.isArray(value) ? value.join(",") : value;
  return typeof text === "string" && /^[A-Z,]+$/.test(text) ? text : undefined;
};
