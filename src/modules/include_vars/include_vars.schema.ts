import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const includeVarsSchema = {
  type: "object",
  properties: {
    file: { type: "string", description: "A YAML or JSON file of variables." },
    dir: { type: "string", description: "A folder whose files to read, those of its folders too." },
    name: { type: "string", description: "A variable that gets everything as a mapping." },
    depth: { type: "integer", default: 0, description: "How many levels of folders to read; 0 reads all." },
    files_matching: { type: "string", description: "A regular expression that names of files must match." },
    ignore_files: { type: "array", items: { type: "string" }, description: "Names of files to leave out." },
    extensions: {
      type: "array",
      items: { type: "string" },
      default: ["json", "yaml", "yml"],
      description: "Endings that files of a folder must have.",
    },
    ignore_unknown_extensions: {
      type: "boolean",
      default: false,
      description: "Whether files with other endings are left out instead of failing.",
    },
  },
  additionalProperties: false,
} as const;

/** Arguments of include_vars. */
export type IncludeVarsArguments = FromSchema<typeof includeVarsSchema>;

/** The keys of include_vars's result. */
export const includeVarsReturns: ReturnedValues = {
  ansible_facts: { description: "The variables.", type: "object" },
  ansible_included_var_files: { description: "The files that were read.", type: "array" },
  message: { description: "What is wrong.", type: "string", returned: "when failed" },
};
