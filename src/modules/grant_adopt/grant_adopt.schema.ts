import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";
import type { ReturnedValues } from "../module.ts";

export const grantAdoptSchema = {
  type: "object",
  properties: {
    id: { type: "string", description: "The grant's name on the host." },
    blobs: {
      type: "array",
      items: { type: "string" },
      description: "The keys that were ever given out: of each public key its base64 part.",
    },
    user: { type: "string", description: "The name that accounts for support have." },
    comment: { type: "string", description: "The comment that they may have instead." },
  },
  required: ["id", "blobs", "user"],
} as const satisfies ArgumentSchema;

/** The arguments of `grant_adopt`. */
export type GrantAdoptArguments = FromSchema<typeof grantAdoptSchema>;

/** The keys of grant_adopt's result. */
export const grantAdoptReturns: ReturnedValues = {
  adopted: { description: "What was taken under the grant.", type: "array" },
  empty: { description: "Whether there was nothing to take.", type: "boolean" },
};
