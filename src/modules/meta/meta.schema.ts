import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const metaSchema = {
  type: "object",
  properties: {
    free_form: {
      type: "string",
      enum: [
        "clear_facts",
        "clear_host_errors",
        "end_batch",
        "end_host",
        "end_play",
        "end_role",
        "flush_handlers",
        "noop",
        "refresh_inventory",
        "reset_connection",
      ],
      description: "What the run does with itself.",
    },
  },
  required: ["free_form"],
  additionalProperties: false,
} as const;

/** Arguments of meta. */
export type MetaArguments = FromSchema<typeof metaSchema>;

/** The keys of meta's result. */
export const metaReturns: ReturnedValues = {};
