import type { FromSchema } from "json-schema-to-ts";

export const sudoCheckSchema = {
  type: "object",
  properties: {
    user: { type: "string", description: "The account that is to become root." },
    commands: {
      type: "array",
      items: { type: "string" },
      default: ["ALL"],
      description: "What it is to run as root without a password: paths with their arguments, or ALL.",
    },
  },
  required: ["user"],
  additionalProperties: false,
} as const;

/** Arguments of sudo_check. */
export type SudoCheckArguments = FromSchema<typeof sudoCheckSchema>;
