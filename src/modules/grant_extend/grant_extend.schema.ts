import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";
import type { ReturnedValues } from "../module.ts";

export const grantExtendSchema = {
  type: "object",
  properties: {
    id: { type: "string", description: "The grant's name on the host." },
    expires: { type: "integer", description: "Its new end, in seconds since 1970, UTC." },
    longest: {
      type: "integer",
      description:
        "How many seconds a grant may last in all, from its beginning, where the grant itself does not say it.",
    },
  },
  required: ["id", "expires", "longest"],
} as const satisfies ArgumentSchema;

/** The arguments of `grant_extend`. */
export type GrantExtendArguments = FromSchema<typeof grantExtendSchema>;

/** The keys of grant_extend's result. */
export const grantExtendReturns: ReturnedValues = {
  id: { description: "The grant's id.", type: "string" },
  expires: { description: "When it ends now, in seconds since 1970.", type: "integer" },
};
