import type { FromSchema } from "json-schema-to-ts";
import { fileOptions } from "../file-options.ts";
import { writeReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const replaceSchema = {
  type: "object",
  properties: {
    path: { type: "string", description: "The file to change." },
    regexp: {
      type: "string",
      description: "A Python regular expression; every match is replaced. ^ and $ are those of lines.",
    },
    replace: { type: "string", default: "", description: "What comes in its place; \\1 is a group of regexp." },
    after: { type: "string", description: "A regular expression: only what follows it is looked at." },
    before: { type: "string", description: "A regular expression: only what precedes it is looked at." },
    backup: { type: "boolean", default: false, description: "Keep the old file beside the new one." },
    validate: {
      type: "string",
      description: "A command that must accept the new file, which is %s, before it is used.",
    },
    encoding: { type: "string", enum: ["utf-8"], default: "utf-8", description: "The file's encoding." },
    ...fileOptions,
  },
  required: ["path", "regexp"],
  additionalProperties: false,
} as const;

/** Arguments of replace. */
export type ReplaceArguments = FromSchema<typeof replaceSchema>;

/** The keys of replace's result. */
export const replaceReturns: ReturnedValues = {
  ...writeReturns,
  rc: { description: "0, 256 of a directory, 257 of a file that is not there.", type: "integer" },
};
