import type { FromSchema } from "json-schema-to-ts";
import { openstackOptions } from "../openstack-options.ts";
import type { ReturnedValues } from "../module.ts";
import { ruleReturns } from "../openstack-options.ts";

export const securityGroupRuleSchema = {
  type: "object",
  properties: {
    security_group: { type: "string", description: "The name or id of the security group that has the rule." },
    direction: {
      type: "string",
      enum: ["egress", "ingress"],
      default: "ingress",
      description: "Whether the rule is for what comes in or for what goes out.",
    },
    ether_type: {
      type: "string",
      enum: ["IPv4", "IPv6"],
      default: "IPv4",
      description: "The family of its addresses; remote_ip_prefix must be of it.",
    },
    protocol: { type: "string", description: "The protocol by name or number; without it, or with any, every one." },
    port_range_min: { type: "integer", description: "The first port (of ICMP, the type); -1 for every one." },
    port_range_max: { type: "integer", description: "The last port (of ICMP, the code); -1 for every one." },
    remote_ip_prefix: {
      type: "string",
      description: "The other side's network in CIDR notation; an address alone is that one address.",
    },
    remote_group: { type: "string", description: "The name or id of the other side's security group." },
    description: { type: "string", description: "What a new rule says of itself." },
    project: { type: "string", description: "The name or id of the project that has the security group." },
    state: {
      type: "string",
      enum: ["absent", "present"],
      default: "present",
      description: "Whether there is to be such a rule. In a grant only present.",
    },
    ...openstackOptions,
  },
  required: ["security_group"],
  additionalProperties: false,
} as const;

/** Arguments of security_group_rule. */
export type SecurityGroupRuleArguments = FromSchema<typeof securityGroupRuleSchema>;

/** The keys of security_group_rule's result. */
export const securityGroupRuleReturns: ReturnedValues = {
  rule: {
    description: "The rule.",
    type: "object",
    returned: "with `state: present`, unless a dry run would make it",
    contains: ruleReturns,
  },
  id: { description: "The rule's id.", type: "string", returned: "with `rule`" },
};
