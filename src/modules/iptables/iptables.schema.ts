import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

const text = (description: string) => ({ type: "string", description }) as const;
const list = (description: string) =>
  ({ type: "array", items: { type: "string" }, default: [] as string[], description }) as const;

export const iptablesSchema = {
  type: "object",
  properties: {
    table: {
      type: "string",
      enum: ["filter", "nat", "mangle", "raw", "security"],
      default: "filter",
      description: "The table of the chain.",
    },
    state: {
      type: "string",
      enum: ["present", "absent"],
      default: "present",
      description: "Whether the rule is to exist.",
    },
    action: {
      type: "string",
      enum: ["append", "insert"],
      default: "append",
      description: "Where a new rule goes: behind the others or, without `rule_num`, before them.",
    },
    ip_version: {
      type: "string",
      enum: ["ipv4", "ipv6"],
      default: "ipv4",
      description: "Whether iptables or ip6tables is used.",
    },
    chain: text("The chain, such as INPUT or one of the host's own."),
    rule_num: text("The number that a rule gets with `action: insert`."),
    protocol: text("The protocol, such as tcp; a `!` in front turns this, as most of the options, into its opposite."),
    wait: text("Seconds to wait for another program that changes the rules; 5 where this is not given."),
    source: text("The address or network that packets come from."),
    destination: text("The address or network that packets go to."),
    match: list("Extensions to load, such as conntrack; options load those that they need."),
    tcp_flags: {
      type: "object",
      description: "Flags of TCP: `flags` are looked at, and `flags_set` have to be set.",
    },
    jump: text("What becomes of a packet: ACCEPT, DROP, another target or a chain."),
    gateway: text("The address that TEE sends copies to."),
    log_prefix: text("Text before what LOG writes."),
    log_level: {
      type: "string",
      enum: "0 1 2 3 4 5 6 7 emerg alert crit error warning notice info debug".split(" "),
      description: "The level at which LOG writes.",
    },
    goto: text("A chain to continue in, without coming back."),
    in_interface: text("The interface that a packet came in by; a `+` at the end stands for any ending."),
    out_interface: text("The interface that a packet goes out by."),
    fragment: text("Second and further fragments."),
    set_counters: text("What the rule's counters begin with."),
    source_port: text("The port or range (first:last) that packets come from."),
    destination_port: text("The port or range (first:last) that packets go to."),
    destination_ports: list("Ports or ranges that packets go to."),
    to_ports: text("The ports that REDIRECT and MASQUERADE change to."),
    to_destination: text("The address that DNAT changes to."),
    to_source: text("The address that SNAT changes to."),
    syn: {
      type: "string",
      enum: ["ignore", "match", "negate"],
      default: "ignore",
      description: "Whether packets that begin a TCP connection match.",
    },
    set_dscp_mark: text("The mark that DSCP sets."),
    set_dscp_mark_class: text("The class that DSCP sets."),
    comment: text("A comment of the rule. A rule with another comment is another rule."),
    ctstate: list("States of the connection, such as NEW, ESTABLISHED, RELATED."),
    src_range: text("A range of addresses that packets come from."),
    dst_range: text("A range of addresses that packets go to."),
    match_set: text("A set of ipset."),
    match_set_flags: {
      type: "string",
      enum: ["src", "dst", "src,dst", "dst,src", "dst,dst", "src,src"],
      description: "Which addresses are looked up in the set.",
    },
    limit: text("How often at most the rule matches on average, such as 5/minute."),
    limit_burst: text("How often it matches before `limit` applies."),
    uid_owner: text("The user that the sending process belongs to."),
    gid_owner: text("The group that the sending process belongs to."),
    reject_with: text("What REJECT answers with; implies it."),
    icmp_type: text("The type of ICMP."),
    flush: {
      type: "boolean",
      default: false,
      description: "Whether to delete all rules of the chain, or of the table; other options do not count then.",
    },
    policy: {
      type: "string",
      enum: ["ACCEPT", "DROP", "QUEUE", "RETURN"],
      description: "The policy of a chain; other options do not count then.",
    },
    chain_management: {
      type: "boolean",
      default: false,
      description: "Whether a missing chain is made, and, without a rule and with `state: absent`, the chain deleted.",
    },
    numeric: {
      type: "boolean",
      default: false,
      description: "Whether addresses are listed as numbers. They always are.",
    },
  },
  required: [],
  additionalProperties: false,
} as const;

/** Arguments of iptables. */
export type IptablesArguments = FromSchema<typeof iptablesSchema>;

/** The keys of iptables's result. */
export const iptablesReturns: ReturnedValues = {
  ip_version: { description: "The option `ip_version`.", type: "string" },
  table: { description: "The option `table`.", type: "string" },
  chain: { description: "The option `chain`, or null.", type: "string" },
  flush: { description: "The option `flush`.", type: "boolean" },
  rule: { description: "The rule's words.", type: "string" },
  state: { description: "The option `state`.", type: "string" },
  chain_management: { description: "The option `chain_management`.", type: "boolean" },
  rc: { description: "The status of iptables.", type: "integer", returned: "when it refused" },
};
