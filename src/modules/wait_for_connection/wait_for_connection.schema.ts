import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const waitForConnectionSchema = {
  type: "object",
  properties: {
    connect_timeout: { type: "integer", default: 5, description: "Seconds for one attempt." },
    delay: { type: "integer", default: 0, description: "Seconds to wait before the first attempt." },
    sleep: { type: "integer", default: 1, description: "Seconds to wait between attempts." },
    timeout: { type: "integer", default: 600, description: "Seconds until it gives up." },
  },
  additionalProperties: false,
} as const;

/** Arguments of wait_for_connection. */
export type WaitForConnectionArguments = FromSchema<typeof waitForConnectionSchema>;

/** The keys of wait_for_connection's result. */
export const waitForConnectionReturns: ReturnedValues = {
  elapsed: { description: "How many seconds it took.", type: "integer" },
};
