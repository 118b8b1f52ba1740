import type { FromSchema } from "json-schema-to-ts";
import { openstackOptions } from "../openstack-options.ts";
import type { ReturnedValues } from "../module.ts";
import { ruleReturns } from "../openstack-options.ts";

export const securityGroupRuleInfoSchema = {
  type: "object",
  properties: {
    security_group: { type: "string", description: "The name or id of the security group that has the rules." },
    id: { type: "string", description: "The id of a rule." },
    description: { type: "string", description: "What the rules say of themselves." },
    direction: { type: "string", enum: ["egress", "ingress"], description: "Their direction." },
    ether_type: { type: "string", enum: ["IPv4", "IPv6"], description: "The family of their addresses." },
    protocol: { type: "string", description: "Their protocol as the cloud has it; any for those that have none." },
    port_range_min: { type: "integer", description: "Their first port." },
    port_range_max: { type: "integer", description: "Their last port." },
    remote_ip_prefix: { type: "string", description: "The other side's network, as the cloud has it." },
    remote_group: { type: "string", description: "The name or id of the other side's security group." },
    project: { type: "string", description: "The name or id of the project that has the security group." },
    revision_number: { type: "integer", description: "How often they were changed." },
    ...openstackOptions,
  },
  additionalProperties: false,
} as const;

/** Arguments of security_group_rule_info. */
export type SecurityGroupRuleInfoArguments = FromSchema<typeof securityGroupRuleInfoSchema>;

/** The keys of security_group_rule_info's result. */
export const securityGroupRuleInfoReturns: ReturnedValues = {
  security_group_rules: { description: "The rules that fit.", type: "array", contains: ruleReturns },
};
