import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const firewalldSchema = {
  type: "object",
  properties: {
    service: { type: "string", description: "A service that firewalld knows, such as ssh." },
    protocol: { type: "string", description: "A protocol of IP, such as ospf." },
    port: { type: "string", description: "A port or range with its protocol, such as 22/tcp or 161-162/udp." },
    rich_rule: { type: "string", description: "A rule of firewalld's rich language." },
    source: { type: "string", description: "An address or network that belongs to the zone; needs `permanent`." },
    icmp_block: { type: "string", description: "A type of ICMP that the zone blocks." },
    zone: { type: "string", description: "The zone; firewalld's default zone where this is not given." },
    permanent: {
      type: "boolean",
      description: "Whether the change is made in the configuration, which firewalld reads when it starts.",
    },
    immediate: {
      type: "boolean",
      default: false,
      description: "Whether the change is made in the running firewall; always, where it is not permanent.",
    },
    state: {
      type: "string",
      enum: ["enabled", "disabled"],
      description: "Whether it is to be in the zone. Making and deleting zones (present, absent) is not supported.",
    },
    timeout: {
      type: "integer",
      default: 0,
      description:
        "Seconds after which firewalld takes the change of the running firewall back by itself; 0 for never.",
    },
    offline: {
      type: "boolean",
      description: "Whether the configuration may be changed while firewalld does not run. It always may.",
    },
  },
  required: ["state"],
  additionalProperties: false,
} as const;

/** Arguments of firewalld. */
export type FirewalldArguments = FromSchema<typeof firewalldSchema>;

/** The keys of firewalld's result. */
export const firewalldReturns: ReturnedValues = {};
