import type { FromSchema } from "json-schema-to-ts";

export const validateArgumentSpecSchema = {
  type: "object",
  properties: {
    argument_spec: {
      type: "object",
      description: "The options by name, as in a role's meta/argument_specs.yml: type, required, choices and so on.",
    },
    provided_arguments: {
      type: "object",
      default: {},
      description: "Values that stand before the variables of the same names.",
    },
    validate_args_context: {
      type: "object",
      default: {},
      description: "What the arguments belong to, which the result repeats.",
    },
  },
  required: ["argument_spec"],
  additionalProperties: false,
} as const;

/** Arguments of validate_argument_spec. */
export type ValidateArgumentSpecArguments = FromSchema<typeof validateArgumentSpecSchema>;
