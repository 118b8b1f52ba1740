import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const pingSchema = {
  type: "object",
  properties: {
    data: { type: "string", default: "pong", description: "What the host answers; `crash` makes it fail." },
  },
  additionalProperties: false,
} as const;

/** Arguments of ping. */
export type PingArguments = FromSchema<typeof pingSchema>;

/** The keys of ping's result. */
export const pingReturns: ReturnedValues = {
  ping: { description: "The option `data`.", type: "string" },
};
