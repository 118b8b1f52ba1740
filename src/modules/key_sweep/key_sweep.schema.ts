import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";

export const keySweepSchema = {
  type: "object",
  properties: {
    blobs: {
      type: "array",
      items: { type: "string" },
      description: "The keys to look for: of each public key its base64 part.",
    },
  },
  required: ["blobs"],
} as const satisfies ArgumentSchema;

/** The arguments of `key_sweep`. */
export type KeySweepArguments = FromSchema<typeof keySweepSchema>;
