import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

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

/** The keys of sudo_check's result. */
export const sudoCheckReturns: ReturnedValues = {
  tool: { description: "What people become root with: sudo or doas.", type: "string" },
  rules: { description: "What it says about the account.", type: "string", returned: "where it was asked" },
};
