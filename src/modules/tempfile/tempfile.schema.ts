import type { FromSchema } from "json-schema-to-ts";
import { pathReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const tempfileSchema = {
  type: "object",
  properties: {
    state: { type: "string", enum: ["file", "directory"], default: "file", description: "What is made." },
    path: {
      type: "string",
      description: "The directory that it is made in. Not given: the host's own for such things, TMPDIR or /tmp.",
    },
    prefix: { type: "string", default: "ansible.", description: "How its name begins." },
    suffix: { type: "string", default: "", description: "How its name ends." },
  },
  additionalProperties: false,
} as const;

/** Arguments of tempfile. */
export type TempfileArguments = FromSchema<typeof tempfileSchema>;

/** The keys of tempfile's result. */
export const tempfileReturns: ReturnedValues = {
  ...pathReturns,
  path: { description: "What was made.", type: "string" },
};
