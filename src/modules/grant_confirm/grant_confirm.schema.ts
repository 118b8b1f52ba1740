import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";
import type { ReturnedValues } from "../module.ts";

export const grantConfirmSchema = {
  type: "object",
  properties: { id: { type: "string", description: "The grant's name on the host." } },
  required: ["id"],
} as const satisfies ArgumentSchema;

/** The arguments of `grant_confirm`. */
export type GrantConfirmArguments = FromSchema<typeof grantConfirmSchema>;

/** The keys of grant_confirm's result. */
export const grantConfirmReturns: ReturnedValues = {};
