import type { FromSchema } from "json-schema-to-ts";

export const loginSchema = {
  type: "object",
  properties: {
    user: { type: "string", description: "The account to log in as." },
    key_file: {
      type: "string",
      description: "The private key, a file of the controller; without it, the first key of the agent.",
    },
    expect: {
      type: "string",
      enum: ["works", "refused"],
      default: "works",
      description: "What the login has to do: work, or be refused by the server when it sees the key.",
    },
  },
  required: ["user"],
  additionalProperties: false,
} as const;

/** Arguments of login. */
export type LoginArguments = FromSchema<typeof loginSchema>;
