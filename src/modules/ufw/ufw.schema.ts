import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const ufwSchema = {
  type: "object",
  properties: {
    state: {
      type: "string",
      enum: ["enabled", "disabled", "reloaded", "reset"],
      description:
        "Whether the firewall works, now and after a restart; or to read its rules anew, or to delete them all.",
    },
    default: {
      type: "string",
      enum: ["allow", "deny", "reject"],
      description: "The policy for what no rule matches: of incoming packets, or of those that `direction` names.",
    },
    direction: {
      type: "string",
      enum: ["in", "incoming", "out", "outgoing", "routed"],
      description: "The direction of a rule (in, out) or of a policy (incoming, outgoing, routed).",
    },
    logging: {
      type: "string",
      enum: ["on", "off", "low", "medium", "high", "full"],
      description: "What is logged.",
    },
    rule: {
      type: "string",
      enum: ["allow", "deny", "limit", "reject"],
      description: "What becomes of packets that the rule matches.",
    },
    delete: { type: "boolean", default: false, description: "Whether the rule is to be gone." },
    insert: { type: "integer", description: "The number that a new rule gets; without it, it is the last." },
    insert_relative_to: {
      type: "string",
      enum: ["zero", "first-ipv4", "last-ipv4", "first-ipv6", "last-ipv6"],
      default: "zero",
      description: "The rule from which `insert` counts.",
    },
    interface: { type: "string", description: "The interface, in the direction that `direction` says." },
    interface_in: { type: "string", description: "The interface that packets come in by." },
    interface_out: { type: "string", description: "The interface that packets go out by." },
    log: { type: "boolean", default: false, description: "Whether new connections that the rule matches are logged." },
    from_ip: { type: "string", default: "any", description: "The address or network that packets come from." },
    from_port: { type: "string", description: "The port that packets come from." },
    to_ip: { type: "string", default: "any", description: "The address or network that packets go to." },
    to_port: { type: "string", description: "The port that packets go to." },
    proto: {
      type: "string",
      enum: ["any", "tcp", "udp", "ipv6", "esp", "ah", "gre", "igmp", "vrrp"],
      description: "The protocol.",
    },
    name: { type: "string", description: "A profile of /etc/ufw/applications.d instead of ports." },
    route: { type: "boolean", default: false, description: "Whether the rule is for packets that are passed on." },
    comment: {
      type: "string",
      description: "A comment for a new rule. An equal rule that is there keeps its own.",
    },
  },
  required: [],
  additionalProperties: false,
} as const;

/** Arguments of ufw. */
export type UfwArguments = FromSchema<typeof ufwSchema>;

/** The keys of ufw's result. */
export const ufwReturns: ReturnedValues = {
  commands: { description: "The commands that it ran.", type: "array" },
};
