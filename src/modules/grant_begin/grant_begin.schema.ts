import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";
import type { ReturnedValues } from "../module.ts";

export const grantBeginSchema = {
  type: "object",
  properties: {
    id: { type: "string", description: "The grant's name on the host: letters, digits and dashes." },
    ticket: { type: "string", description: "The ticket that it belongs to." },
    owner: { type: "string", description: "Who answers for it." },
    reason: { type: "string", description: "Why it was made." },
    expires: { type: "integer", description: "When it ends, in seconds since 1970, UTC." },
    longest: {
      type: "integer",
      description: "How many seconds it may last in all, from its beginning; a later extension, too.",
    },
    now: { type: "integer", description: "The controller's time, in seconds since 1970: the host's must be near it." },
    run: { type: "string", description: "The run that makes it: a later play of the same run goes on with it." },
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

/** The keys of grant_begin's result. */
export const grantBeginReturns: ReturnedValues = {
  id: { description: "The grant's id.", type: "string" },
  ticket: { description: "The ticket that it is for.", type: "string" },
  owner: { description: "Who it is for.", type: "string" },
  reason: { description: "Why.", type: "string" },
  expires: { description: "When it ends, in seconds since 1970.", type: "integer" },
  expiry_time: { description: "The same, as sshd's `expiry-time` takes it.", type: "string" },
  account_expires: { description: "The day on which an account of it has to expire.", type: "integer" },
  account_id: { description: "The number for its account.", type: "integer", returned: "where there is one" },
  plain_keys: { description: "Whether the server takes no options before a key.", type: "boolean" },
  sudo_limits: { description: "The limit of time that its sudo rules have to have.", type: "string" },
  sudo_settings: { description: "The settings of sudo that it needs.", type: "string" },
  root_tool: { description: "What people become root with: sudo, doas or nothing.", type: "string" },
  reaper: {
    description: "What ends it in time: systemd, cron or nothing.",
    type: "string",
    returned: "unless in a dry run",
  },
};
