import { isIP } from "node:net";
import type { Cloud, WantedRule } from "../../cloud/cloud.ts";
import { err, ok } from "../../util/result.ts";
import type { ControllerModule, ControllerResult } from "../module.ts";
import { cloudOptions, findGroups, openstackAliases, refused, ruleFields } from "../openstack-options.ts";
import {
  type SecurityGroupRuleArguments,
  securityGroupRuleSchema,
  securityGroupRuleReturns,
} from "./security_group_rule.schema.ts";

/** Opens or closes one rule in the firewall of a cloud. */
export const securityGroupRule: ControllerModule<SecurityGroupRuleArguments> = {
  runs: "controller",
  name: "openstack.cloud.security_group_rule",
  summary: "Makes sure that an OpenStack security group has a rule, or has not.",
  schema: securityGroupRuleSchema,
  optionAliases: { ...openstackAliases, ethertype: "ether_type" },
  rules: { exclusive: [["remote_ip_prefix", "remote_group"]], together: [["port_range_min", "port_range_max"]] },
  normalize: (args) => {
    const { remote_ip_prefix: prefix, ether_type: family, port_range_min: min, port_range_max: max } = args;
    if (prefix !== undefined) {
      const version = isIP(prefix.split("/")[0] ?? "");
      if (version === 0) return err(`remote_ip_prefix is no network in CIDR notation: ${JSON.stringify(prefix)}`);
      if (family !== `IPv${version}`)
        return err(`remote_ip_prefix ${prefix} is of IPv${version}: set ether_type to it`);
    }
    if (min !== undefined && max !== undefined && min > max) return err("port_range_min is above port_range_max");
    return ok(args);
  },
  run: async (args, context) => {
    const cloud = await context.cloud(cloudOptions(args));
    if (!cloud.ok) return refused(cloud.error);
    const { security_group: group, remote_group: remote, project } = args;
    const groups = await findGroups(cloud.value, {
      group,
      ...(remote === undefined ? {} : { remote }),
      ...(project === undefined ? {} : { project }),
    });
    if (!groups.ok) return refused(groups.error);
    const { group: own, remote: other } = groups.value;
    if (own === undefined) return refused({ kind: "module", message: `there is no security group "${group}"` });
    const wanted = wantedRule(args, {
      group: own.id,
      ...(other === undefined ? {} : { remoteGroup: other.id }),
      ...(project === undefined || own.project === undefined ? {} : { project: own.project }),
    });
    return args.state === "present"
      ? open(cloud.value, wanted, context.check)
      : close(cloud.value, wanted, context.check);
  },
  returns: securityGroupRuleReturns,
  examples: `
- name: Let the bastion in
  openstack.cloud.security_group_rule:
    cloud: customer
    security_group: web
    protocol: tcp
    port_range_min: 22
    port_range_max: 22
    remote_ip_prefix: 203.245.13.207/32
    description: Vendor support
  delegate_to: localhost
`,
};

const wantedRule = (
  args: SecurityGroupRuleArguments,
  found: Pick<WantedRule, "group" | "remoteGroup" | "project">,
): WantedRule => {
  const { direction, ether_type: family, protocol, port_range_min: min, port_range_max: max } = args;
  const { remote_ip_prefix: remotePrefix, description } = args;
  return {
    ...found,
    direction,
    family,
    ...(protocol === undefined || protocol === "any" ? {} : { protocol }),
    ...(min === undefined || max === undefined || min === -1 ? {} : { ports: { min, max } }),
    ...(remotePrefix === undefined ? {} : { remotePrefix }),
    ...(description === undefined ? {} : { description }),
  };
};

const open = async (cloud: Cloud, wanted: WantedRule, check: boolean): Promise<ControllerResult> => {
  const opened = await cloud.openRule(wanted, { check });
  if (!opened.ok) return refused(opened.error);
  const { isNew, rule } = opened.value;
  const fields = rule === undefined ? {} : { rule: ruleFields(rule), id: rule.id };
  return { outcome: isNew ? "changed" : "ok", fields };
};

const close = async (cloud: Cloud, wanted: WantedRule, check: boolean): Promise<ControllerResult> => {
  const found = await cloud.findRules({ group: wanted.group, equal: wanted });
  if (!found.ok) return refused(found.error);
  for (const rule of check ? [] : found.value) {
    const closed = await cloud.closeRule(rule.id);
    if (!closed.ok) return refused(closed.error);
  }
  return { outcome: found.value.length > 0 ? "changed" : "ok", fields: {} };
};
