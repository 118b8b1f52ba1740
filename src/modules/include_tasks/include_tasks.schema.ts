import type { FromSchema } from "json-schema-to-ts";

export const includeTasksSchema = {
  type: "object",
  properties: {
    file: { type: "string", description: "A file with tasks, looked for beside the file that names it." },
    apply: { type: "object", description: "Keywords for its tasks, such as tags and become." },
  },
  required: ["file"],
  additionalProperties: false,
} as const;

/** Arguments of include_tasks. */
export type IncludeTasksArguments = FromSchema<typeof includeTasksSchema>;
