import type { FromSchema } from "json-schema-to-ts";

export const pingSchema = {
  type: "object",
  properties: {
    data: { type: "string", default: "pong", description: "What the host answers; `crash` makes it fail." },
  },
  additionalProperties: false,
} as const;

/** Arguments of ping. */
export type PingArguments = FromSchema<typeof pingSchema>;
