import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";

export const grantBeginSchema = {
  type: "object",
  properties: {
    id: { type: "string", description: "The grant's name on the host: letters, digits and dashes." },
    ticket: { type: "string", description: "The ticket that it belongs to." },
    owner: { type: "string", description: "Who answers for it." },
    reason: { type: "string", description: "Why it was made." },
    expires: { type: "integer", description: "When it ends, in seconds since 1970, UTC." },
    now: { type: "integer", description: "The controller's time, in seconds since 1970: the host's must be near it." },
    run: { type: "string", description: "The run that makes it: a later play of the same run goes on with it." },
    longest: { type: "integer", description: "How many seconds it may last in all, extended or not." },
    confirm: {
      type: "integer",
      default: 300,
      description: "Within how many seconds the grant has to be confirmed, or the host takes it back.",
    },
  },
  required: ["id", "ticket", "expires"],
} as const satisfies ArgumentSchema;

/** The arguments of `grant_begin`. */
export type GrantBeginArguments = FromSchema<typeof grantBeginSchema>;
