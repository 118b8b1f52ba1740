import type { Plain } from "../../vars/value.ts";
import type { ControllerModule } from "../module.ts";
import { cloudOptions, findGroups, openstackAliases, refused, ruleFields } from "../openstack-options.ts";
import {
  type SecurityGroupRuleInfoArguments,
  securityGroupRuleInfoSchema,
  securityGroupRuleInfoReturns,
} from "./security_group_rule_info.schema.ts";

/** Looks up rules in the firewall of a cloud. */
export const securityGroupRuleInfo: ControllerModule<SecurityGroupRuleInfoArguments> = {
  runs: "controller",
  name: "openstack.cloud.security_group_rule_info",
  summary: "Lists rules of OpenStack security groups.",
  schema: securityGroupRuleInfoSchema,
  optionAliases: { ...openstackAliases, ethertype: "ether_type", rule: "id" },
  rules: { exclusive: [["remote_ip_prefix", "remote_group"]], requiredBy: { project: ["security_group"] } },
  run: async (args, context) => {
    const cloud = await context.cloud(cloudOptions(args));
    if (!cloud.ok) return refused(cloud.error);
    const { security_group: group, remote_group: remote, project, id } = args;
    const groups = await findGroups(cloud.value, {
      ...(group === undefined ? {} : { group }),
      ...(remote === undefined ? {} : { remote }),
      ...(project === undefined ? {} : { project }),
    });
    if (!groups.ok) return refused(groups.error);
    const { group: own, remote: other } = groups.value;
    const rules = await cloud.value.findRules({
      ...(id === undefined ? {} : { id }),
      ...(own === undefined ? {} : { group: own.id }),
    });
    if (!rules.ok) return refused(rules.error);
    const wanted: readonly (readonly [name: string, value: Plain | undefined])[] = [
      ["description", args.description],
      ["direction", args.direction],
      ["ether_type", args.ether_type],
      ["protocol", args.protocol === "any" ? null : args.protocol],
      ["port_range_min", args.port_range_min],
      ["port_range_max", args.port_range_max],
      ["remote_ip_prefix", args.remote_ip_prefix],
      ["remote_group_id", other?.id],
      ["revision_number", args.revision_number],
    ];
    const found = rules.value
      .map(ruleFields)
      .filter((rule) => wanted.every(([name, value]) => value === undefined || rule[name] === value));
    return { outcome: "ok", fields: { security_group_rules: found } };
  },
  returns: securityGroupRuleInfoReturns,
  examples: `
- name: Look who is let in over SSH
  openstack.cloud.security_group_rule_info:
    cloud: customer
    security_group: web
    protocol: tcp
    port_range_min: 22
    port_range_max: 22
  delegate_to: localhost
  register: found
`,
};
