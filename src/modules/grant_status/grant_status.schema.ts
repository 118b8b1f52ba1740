import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";

export const grantStatusSchema = {
  type: "object",
  properties: { id: { type: "string", description: "Only this grant." } },
} as const satisfies ArgumentSchema;

/** The arguments of `grant_status`. */
export type GrantStatusArguments = FromSchema<typeof grantStatusSchema>;
