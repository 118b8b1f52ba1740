import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";

export const grantUndoSchema = {
  type: "object",
  properties: {
    id: { type: "string", description: "The grant's name on the host." },
    ticket: { type: "string", description: "Every grant of this ticket." },
    all: { type: "boolean", description: "Every grant on the host." },
    keep_accounts: {
      type: "boolean",
      default: false,
      description:
        "Whether to take back only what came after the accounts, such as keys and sudo. They stay, without their " +
        "processes, so that a login can be tried; another call does the rest.",
    },
  },
} as const satisfies ArgumentSchema;

/** The arguments of `grant_undo`. */
export type GrantUndoArguments = FromSchema<typeof grantUndoSchema>;
