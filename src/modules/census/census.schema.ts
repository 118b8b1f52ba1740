import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";
import type { ReturnedValues } from "../module.ts";

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

/** The keys of census's result. */
export const censusReturns: ReturnedValues = {
  account: { description: "Whether the account is there.", type: "boolean" },
  checks: { description: "What was looked at, each with what was found.", type: "array" },
  residue: { description: "What was found.", type: "array" },
};
