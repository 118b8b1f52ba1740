import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const debugSchema = {
  type: "object",
  properties: {
    msg: { description: "What to print." },
    var: { type: "string", description: "A variable or expression, without braces, whose value to print." },
    verbosity: { type: "integer", default: 0, description: "Print only with at least so many -v." },
  },
  additionalProperties: false,
} as const;

/** Arguments of debug. */
export type DebugArguments = FromSchema<typeof debugSchema>;

/** The keys of debug's result. */
export const debugReturns: ReturnedValues = {};
