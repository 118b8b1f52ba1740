import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const firewallSchema = {
  type: "object",
  properties: {
    port: { type: "integer", default: 22, description: "The port to open, from 1 to 65535." },
    proto: { type: "string", enum: ["tcp"], default: "tcp", description: "The protocol: TCP." },
    sources: {
      type: "array",
      items: { type: "string" },
      description:
        "Addresses and networks that may connect, such as 203.0.113.7 or 2001:db8::/32; from everywhere where this is not given.",
    },
    comment: {
      type: "string",
      default: "latchkey",
      description: "The mark by which the opening is known as ours; rules without it are never removed.",
    },
    timeout: {
      type: "integer",
      description: "Seconds after which the firewall ends the opening by itself, where it can.",
    },
    state: {
      type: "string",
      enum: ["present", "absent"],
      default: "present",
      description: "Whether the opening is to exist. With `absent` and no `sources`, all those with this comment end.",
    },
  },
  required: [],
  additionalProperties: false,
} as const;

/** Arguments of firewall. */
export type FirewallArguments = FromSchema<typeof firewallSchema>;

/** The keys of firewall's result. */
export const firewallReturns: ReturnedValues = {
  firewall: { description: "What filters here: nftables, iptables, ufw, firewalld or none.", type: "string" },
  rules: { description: "The rules that it made, or took away.", type: "array" },
};
