import type { FromSchema } from "json-schema-to-ts";
import { pathReturns, writeReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const knownHostsSchema = {
  type: "object",
  properties: {
    name: { type: "string", description: "The host as ssh knows it: `web01`, `10.0.0.1` or `[web01]:2222`." },
    key: {
      type: "string",
      description: "One line of known_hosts, such as `web01,10.0.0.1 ssh-ed25519 AAAA…`, whose names hold `name`.",
    },
    path: { type: "string", default: "~/.ssh/known_hosts", description: "The file of known hosts." },
    hash_host: {
      type: "boolean",
      default: false,
      description: "Whether the line holds a hash instead of the host's name; needs ssh-keygen on the host.",
    },
    state: {
      type: "string",
      enum: ["present", "absent"],
      default: "present",
      description: "Whether the key is to be known; absent without `key` takes all keys of the host out.",
    },
  },
  required: ["name"],
  additionalProperties: false,
} as const;

/** Arguments of known_hosts. */
export type KnownHostsArguments = FromSchema<typeof knownHostsSchema>;

/** The keys of known_hosts's result. */
export const knownHostsReturns: ReturnedValues = {
  ...pathReturns,
  ...writeReturns,
  name: { description: "The option `name`.", type: "string" },
  key: { description: "The option `key`, or null.", type: "string" },
  hash_host: { description: "The option `hash_host`.", type: "boolean" },
  path: { description: "The file.", type: "string" },
};
