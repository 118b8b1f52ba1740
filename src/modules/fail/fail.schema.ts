import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const failSchema = {
  type: "object",
  properties: {
    msg: { default: "Failed as requested from task", description: "Why it fails." },
  },
  additionalProperties: false,
} as const;

/** Arguments of fail. */
export type FailArguments = FromSchema<typeof failSchema>;

/** The keys of fail's result. */
export const failReturns: ReturnedValues = {};
