import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";

export const grantUndoSchema = {
  type: "object",
  properties: {
    id: { type: "string", description: "The grant's name on the host." },
    ticket: { type: "string", description: "Every grant of this ticket." },
    all: { type: "boolean", description: "Every grant on the host." },
  },
} as const satisfies ArgumentSchema;

/** The arguments of `grant_undo`. */
export type GrantUndoArguments = FromSchema<typeof grantUndoSchema>;
