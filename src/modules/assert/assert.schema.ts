import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const assertSchema = {
  type: "object",
  properties: {
    that: { description: "The conditions, as in `when`: one text or a list; all must hold." },
    fail_msg: {
      type: ["string", "array"],
      items: { type: "string" },
      description: "What to say when one does not hold.",
    },
    success_msg: { type: ["string", "array"], items: { type: "string" }, description: "What to say when all hold." },
    quiet: { type: "boolean", default: false, description: "Whether reporters show less of a success." },
  },
  required: ["that"],
  additionalProperties: false,
} as const;

/** Arguments of assert. */
export type AssertArguments = FromSchema<typeof assertSchema>;

/** The keys of assert's result. */
export const assertReturns: ReturnedValues = {
  assertion: { description: "The condition that does not hold.", type: "any", returned: "when failed" },
  evaluated_to: { description: "What it gave.", type: "boolean", returned: "when a condition is false" },
};
