import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";
import type { ReturnedValues } from "../module.ts";

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

/** The keys of grant_undo's result. */
export const grantUndoReturns: ReturnedValues = {
  grants: {
    description: "The ids of the grants that were taken back.",
    type: "array",
    returned: "where there were any",
  },
  tickets: { description: "Their tickets.", type: "array", returned: "where there were any" },
  undone: { description: "What was restored or removed.", type: "array", returned: "where there is such" },
  kept: { description: "What was kept, and why.", type: "array", returned: "where there is such" },
  problems: { description: "What could not be taken back.", type: "array", returned: "when failed" },
};
