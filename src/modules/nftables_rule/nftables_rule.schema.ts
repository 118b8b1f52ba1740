import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const nftablesRuleSchema = {
  type: "object",
  properties: {
    table: { type: "string", description: "The table, which is to exist." },
    family: {
      type: "string",
      enum: ["inet", "ip", "ip6", "arp", "bridge", "netdev"],
      default: "inet",
      description: "The table's family.",
    },
    chain: { type: "string", description: "The chain, which is to exist." },
    rule: {
      type: "string",
      description: "The rule as nft takes it, without its comment, such as `ip saddr 203.0.113.7 tcp dport 22 accept`.",
    },
    position: {
      type: "string",
      enum: ["first", "last"],
      default: "last",
      description: "Where in the chain a new rule goes. A rule that is there stays where it is.",
    },
    comment: { type: "string", description: "The rule's comment, by which it is known: one of a kind in its chain." },
    timeout: {
      type: "integer",
      description:
        "Seconds after which the rule does not match any more; nft has to know `meta time` (0.9.3, Linux 5.4).",
    },
    state: {
      type: "string",
      enum: ["present", "absent"],
      default: "present",
      description: "Whether the rule is to exist.",
    },
  },
  required: ["table", "chain", "comment"],
  additionalProperties: false,
} as const;

/** Arguments of nftables_rule. */
export type NftablesRuleArguments = FromSchema<typeof nftablesRuleSchema>;

/** The keys of nftables_rule's result. */
export const nftablesRuleReturns: ReturnedValues = {
  rule: { description: "The rule, as nft lists it.", type: "string", returned: "where it is there" },
};
