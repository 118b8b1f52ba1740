import type { FromSchema } from "json-schema-to-ts";
import { commandReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const rawSchema = {
  type: "object",
  properties: {
    cmd: { type: "string", description: "The text that the shell runs." },
    executable: { type: "string", description: "The shell; /bin/sh where it is not given." },
  },
  additionalProperties: false,
} as const;

/** Arguments of raw. */
export type RawArguments = FromSchema<typeof rawSchema>;

/** The keys of raw's result. */
export const rawReturns: ReturnedValues = {
  ...commandReturns,
};
