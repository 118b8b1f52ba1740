import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";

export const censusSchema = {
  type: "object",
  properties: {
    user: { type: "string", description: "The account that is to be gone." },
    rule_comment: { type: "string", description: "The comment that rules of the firewall had for it." },
  },
  required: ["user"],
} as const satisfies ArgumentSchema;

/** The arguments of `census`. */
export type CensusArguments = FromSchema<typeof censusSchema>;
