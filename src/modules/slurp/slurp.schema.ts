import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

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

/** The keys of slurp's result. */
export const slurpReturns: ReturnedValues = {
  content: { description: "The content, in base64.", type: "string" },
  source: { description: "The file.", type: "string" },
  encoding: { description: "base64.", type: "string" },
};
