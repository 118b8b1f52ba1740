import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

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
    command: {
      type: "boolean",
      default: true,
      description: "Whether a command has to run there, too. A key may be for one command only, which would be run.",
    },
    sudo: {
      type: "string",
      enum: ["none", "listed", "all"],
      default: "none",
      description:
        "What sudo has to allow there without a password: nothing, something (`sudo -n -l`), or everything (`sudo -n true`).",
    },
  },
  required: ["user"],
  additionalProperties: false,
} as const;

/** Arguments of login. */
export type LoginArguments = FromSchema<typeof loginSchema>;

/** The keys of login's result. */
export const loginReturns: ReturnedValues = {
  user: { description: "The account.", type: "string", returned: "where something is known of the login" },
  login: {
    description: "What came of it: works or refused.",
    type: "string",
    returned: "where something is known of it",
  },
  name: { description: "Who a command ran as.", type: "string", returned: "where one ran" },
  ms: { description: "How many milliseconds it took.", type: "integer" },
};
