import type { FromSchema } from "json-schema-to-ts";

export const slurpSchema = {
  type: "object",
  properties: {
    src: { type: "string", description: "The file of the host whose content is wanted." },
  },
  required: ["src"],
  additionalProperties: false,
} as const;

/** Arguments of slurp. */
export type SlurpArguments = FromSchema<typeof slurpSchema>;
