import { ok, type Result } from "../../util/result.ts";
import type { Plain, PlainMap } from "../../vars/value.ts";
import type { CloudRule, OpenedRule, RuleFilter, WantedRule } from "../cloud.ts";
import type { CloudFailure, OpenStackClient, Query } from "./client.ts";
import { mapOf, textOf } from "./json.ts";
import { normalPrefix } from "./prefix.ts";

/** How often a rule is asked for when it stays unsure whether it was made. */
const mostTries = 3;

/**
 * Makes sure of a rule: looks first, and makes what is not there. A rule counts as new only where it is certain that this
 * call made it: what somebody else has made is theirs.
 */
export const openRule = async (
  client: OpenStackClient,
  wanted: WantedRule,
  { check }: { readonly check: boolean },
): Promise<Result<OpenedRule, CloudFailure>> => {
  const before = await findRules(client, { group: wanted.group, equal: wanted });
  if (!before.ok) return before;
  const [there] = before.value;
  if (there !== undefined) return ok({ isNew: false, rule: there });
  if (check) return ok({ isNew: true });
  for (let count = 1; ; count++) {
    const made = await client.post("network", "/security-group-rules", { security_group_rule: bodyOf(wanted) });
    if (made.ok) return settleTwins(client, wanted, toRule(made.value["security_group_rule"]));
    // Only this type of a 409 is a rule that exists; a quota that is used up is a 409 as well.
    const exists = made.error.type === "SecurityGroupRuleExists";
    if (!exists && made.error.unsure !== true) return made;
    const found = await findAfter(client, wanted, made.error);
    // There was none when we looked, and nobody else writes our description: the answer was lost, not the rule.
    const isOurs = count > 1 || !exists;
    if (found !== undefined) {
      return ok({ isNew: isOurs && found.description === (wanted.description ?? ""), rule: found });
    }
    if (count === mostTries) return made;
  }
};

/** The rule after an attempt to make it that was not answered by one; where Neutron calls another one equal, that. */
const findAfter = async (
  client: OpenStackClient,
  wanted: WantedRule,
  { type, message }: CloudFailure,
): Promise<CloudRule | undefined> => {
  const equal = await findRules(client, { group: wanted.group, equal: wanted });
  if (equal.ok && equal.value[0] !== undefined) return equal.value[0];
  const id = type === "SecurityGroupRuleExists" ? /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(message)?.[0] : undefined;
  const named = id === undefined ? undefined : await findRules(client, { id });
  return named?.ok === true ? named.value[0] : undefined;
};

/**
 * Of equal rules that were made at the same moment one is to stay. Neutron lets that happen: its own check and its insert
 * are two steps.
 */
const settleTwins = async (
  client: OpenStackClient,
  wanted: WantedRule,
  made: CloudRule,
): Promise<Result<OpenedRule, CloudFailure>> => {
  const twins = await findRules(client, { group: wanted.group, equal: wanted });
  const [first] = twins.ok ? twins.value.toSorted(byAge) : [];
  if (first === undefined || first.id === made.id) return ok({ isNew: true, rule: made });
  const closed = await closeRule(client, made.id);
  // A rule of ours that could not be taken away is still ours.
  return ok(closed.ok ? { isNew: false, rule: first } : { isNew: true, rule: made });
};

const byAge = (a: CloudRule, b: CloudRule): number => {
  const [left, right] = [a, b].map(({ id, details }) => `${textOf(details["created_at"])} ${id}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
};

/** Takes a rule away by its id. */
export const closeRule = async (
  client: OpenStackClient,
  id: string,
): Promise<Result<"closed" | "gone", CloudFailure>> => {
  const deleted = await client.delete("network", `/security-group-rules/${encodeURIComponent(id)}`);
  if (deleted.ok) return ok("closed");
  return deleted.error.status === 404 ? ok("gone") : deleted;
};

/** The rules that fit; those with bits behind a prefix, a missing mask, or another name of a protocol are told as equal. */
export const findRules = async (
  client: OpenStackClient,
  { id, group, equal }: RuleFilter,
): Promise<Result<readonly CloudRule[], CloudFailure>> => {
  const query: Query = [
    ...(id === undefined ? [] : [["id", id] as const]),
    ...(group === undefined ? [] : [["security_group_id", group] as const]),
  ];
  const found = await client.list("network", "/security-group-rules", "security_group_rules", { query });
  if (!found.ok) return found;
  const key = equal === undefined ? undefined : keyOf(equal);
  return ok(found.value.map(toRule).filter((rule) => key === undefined || keyOf(rule) === key));
};

/** What makes two rules the same. */
const keyOf = ({ group, direction, family, protocol, ports, remotePrefix, remoteGroup }: WantedRule): string =>
  JSON.stringify([
    group,
    direction,
    family,
    protocolName(protocol, family),
    portsOf(protocol, ports),
    prefixOf(remotePrefix),
    remoteGroup ?? null,
  ]);

const byNumber: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp", "58": "ipv6-icmp" };

const protocolName = (protocol: string | undefined, family: string): string | null => {
  if (protocol === undefined || protocol === "any" || protocol === "0" || protocol === "ip") return null;
  const name = byNumber[protocol] ?? protocol.toLowerCase();
  const isIcmp6 = name === "icmpv6" || (name === "icmp" && family === "IPv6");
  return isIcmp6 ? "ipv6-icmp" : name;
};

/** Every port is the same as none said. */
const portsOf = (protocol: string | undefined, ports: WantedRule["ports"]): readonly number[] | null => {
  if (ports === undefined || (ports.min === -1 && ports.max === -1)) return null;
  const isAll = ports.min <= 1 && ports.max === 65535 && ["tcp", "udp"].includes(protocolName(protocol, "") ?? "");
  return isAll ? null : [ports.min, ports.max];
};

/** From everywhere is the same as from nowhere in particular. */
const prefixOf = (text: string | undefined): string | null => {
  if (text === undefined) return null;
  const normal = normalPrefix(text);
  return normal?.endsWith("/0") === true ? null : (normal ?? text);
};

const bodyOf = (wanted: WantedRule): PlainMap => {
  const { ports, protocol } = wanted;
  return {
    security_group_id: wanted.group,
    direction: wanted.direction,
    ethertype: wanted.family,
    ...(protocol === undefined || protocol === "any" ? {} : { protocol }),
    ...(ports === undefined || ports.min === -1 ? {} : { port_range_min: ports.min, port_range_max: ports.max }),
    ...(wanted.remotePrefix === undefined ? {} : { remote_ip_prefix: wanted.remotePrefix }),
    ...(wanted.remoteGroup === undefined ? {} : { remote_group_id: wanted.remoteGroup }),
    ...(wanted.description === undefined ? {} : { description: wanted.description }),
    ...(wanted.project === undefined ? {} : { project_id: wanted.project }),
  };
};

const toRule = (value: Plain | undefined): CloudRule => {
  const details = mapOf(value);
  const text = (name: string): string | undefined => textOf(details[name]);
  const [protocol, remotePrefix, remoteGroup] = ["protocol", "remote_ip_prefix", "remote_group_id"].map(text);
  const [min, max] = [text("port_range_min"), text("port_range_max")];
  return {
    id: text("id") ?? "",
    group: text("security_group_id") ?? "",
    direction: text("direction") === "egress" ? "egress" : "ingress",
    family: text("ethertype") === "IPv6" ? "IPv6" : "IPv4",
    description: text("description") ?? "",
    details,
    ...(protocol === undefined ? {} : { protocol }),
    ...(min === undefined || max === undefined ? {} : { ports: { min: Number(min), max: Number(max) } }),
    ...(remotePrefix === undefined ? {} : { remotePrefix }),
    ...(remoteGroup === undefined ? {} : { remoteGroup }),
  };
};
