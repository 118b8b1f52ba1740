import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const loginCheckSchema = {
  type: "object",
  properties: {
    user: { type: "string", description: "The account that is to log in." },
    address: {
      type: "string",
      description: "The address that it comes from, as the host sees it; without it, any place that no setting names.",
    },
    key: {
      type: "string",
      description: "A public key, as one line; the check is then also whether sshd finds it for this account.",
    },
    lines: {
      type: "array",
      items: { type: "string" },
      default: [],
      description:
        "Lines of authorized_keys that the account was given. Another line with the key of one of them, in any file " +
        "that sshd reads for the account, must not be without its limits.",
    },
  },
  required: ["user"],
  additionalProperties: false,
} as const;

/** Arguments of login_check. */
export type LoginCheckArguments = FromSchema<typeof loginCheckSchema>;

/** The keys of login_check's result. */
export const loginCheckReturns: ReturnedValues = {
  allowed: { description: "Whether the login would be let in.", type: "boolean", returned: "where that is known" },
  blockers: { description: "What keeps it out.", type: "array" },
  notes: { description: "What to know besides.", type: "array" },
  key_options: {
    description: "The options of the lines that hold the key.",
    type: "array",
    returned: "where the key was found",
  },
};
