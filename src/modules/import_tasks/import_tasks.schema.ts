import type { FromSchema } from "json-schema-to-ts";

export const importTasksSchema = {
  type: "object",
  properties: {
    file: { type: "string", description: "A file with tasks, looked for beside the file that names it." },
  },
  required: ["file"],
  additionalProperties: false,
} as const;

/** Arguments of import_tasks. */
export type ImportTasksArguments = FromSchema<typeof importTasksSchema>;
