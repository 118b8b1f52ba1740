import type { FromSchema } from "json-schema-to-ts";
import { importRoleSchema } from "../import_role/import_role.schema.ts";

export const includeRoleSchema = {
  ...importRoleSchema,
  properties: {
    ...importRoleSchema.properties,
    apply: { type: "object", description: "Keywords for its tasks, such as tags and become." },
    public: {
      type: "boolean",
      default: false,
      description: "Whether the tasks after it see the role's variables and defaults, too.",
    },
  },
} as const;

/** Arguments of include_role. */
export type IncludeRoleArguments = FromSchema<typeof includeRoleSchema>;
