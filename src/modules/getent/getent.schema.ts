import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const getentSchema = {
  type: "object",
  properties: {
    database: { type: "string", description: "The database, such as passwd, group, shadow, hosts, services." },
    key: { type: "string", description: "The entry that is wanted; all of them where this is not given." },
    service: { type: "string", description: "The only name service to ask, instead of those in nsswitch.conf." },
    split: {
      type: "string",
      description: "What stands between fields: by default `:` for accounts, blanks for others.",
    },
    fail_key: { type: "boolean", default: true, description: "Whether it is a failure when there is no such entry." },
  },
  required: ["database"],
  additionalProperties: false,
} as const;

/** Arguments of getent. */
export type GetentArguments = FromSchema<typeof getentSchema>;

/** The keys of getent's result. */
export const getentReturns: ReturnedValues = {
  ansible_facts: { description: "`getent_DATABASE`: each entry's fields by its name.", type: "object" },
};
