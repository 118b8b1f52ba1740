import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";
import type { ReturnedValues } from "../module.ts";

export const grantStatusSchema = {
  type: "object",
  properties: { id: { type: "string", description: "Only this grant." } },
} as const satisfies ArgumentSchema;

/** The arguments of `grant_status`. */
export type GrantStatusArguments = FromSchema<typeof grantStatusSchema>;

/** The keys of grant_status's result. */
export const grantStatusReturns: ReturnedValues = {
  grants: {
    description: "The grants of the host by their ids: whose, why, until when, and what belongs to them.",
    type: "object",
  },
  leftovers: { description: "Accounts of support that belong to no grant.", type: "array" },
  overdue: { description: "How many grants should have ended.", type: "integer" },
  remains: { description: "What ended grants left behind.", type: "array" },
};
