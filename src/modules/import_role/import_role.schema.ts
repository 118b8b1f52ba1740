import type { FromSchema } from "json-schema-to-ts";

export const importRoleSchema = {
  type: "object",
  properties: {
    name: { type: "string", description: "The role." },
    tasks_from: { type: "string", description: "A file of its `tasks` to read in place of main." },
    vars_from: { type: "string", description: "A file of its `vars` to read in place of main." },
    defaults_from: { type: "string", description: "A file of its `defaults` to read in place of main." },
    handlers_from: { type: "string", description: "A file of its `handlers` to read in place of main." },
    allow_duplicates: { type: "boolean", default: true, description: "Whether a host may run it again in a play." },
    public: {
      type: "boolean",
      default: true,
      description: "Whether all tasks of the play see the role's variables and defaults.",
    },
    rolespec_validate: {
      type: "boolean",
      default: true,
      description: "Whether the role's parameters are checked against its argument specification.",
    },
  },
  required: ["name"],
  additionalProperties: false,
} as const;

/** Arguments of import_role. */
export type ImportRoleArguments = FromSchema<typeof importRoleSchema>;
