import type { FromSchema } from "json-schema-to-ts";
import { fileOptions } from "../file-options.ts";
import { validateReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const lineinfileSchema = {
  type: "object",
  properties: {
    path: { type: "string", description: "The file to change." },
    state: {
      type: "string",
      enum: ["present", "absent"],
      default: "present",
      description: "Whether the line is to be there.",
    },
    regexp: { type: "string", description: "A Python regular expression; the last line that it matches is replaced." },
    search_string: { type: "string", description: "A text; the last line that holds it is replaced." },
    line: { type: "string", description: "The line, without its line break." },
    backrefs: {
      type: "boolean",
      default: false,
      description: "Whether \\1 in line means a group of regexp. Without a match nothing changes.",
    },
    insertafter: { type: "string", description: "EOF, BOF or a regular expression: after which line a new one comes." },
    insertbefore: { type: "string", description: "BOF or a regular expression: before which line a new one comes." },
    firstmatch: { type: "boolean", default: false, description: "Whether the first match counts, not the last." },
    create: { type: "boolean", default: false, description: "Whether a missing file is made." },
    backup: { type: "boolean", default: false, description: "Keep the old file beside the new one." },
    validate: {
      type: "string",
      description: "A command that must accept the new file, which is %s, before it is used.",
    },
    encoding: { type: "string", enum: ["utf-8"], default: "utf-8", description: "The file's encoding." },
    ...fileOptions,
  },
  required: ["path"],
  additionalProperties: false,
} as const;

/** Arguments of lineinfile. */
export type LineinfileArguments = FromSchema<typeof lineinfileSchema>;

/** The keys of lineinfile's result. */
export const lineinfileReturns: ReturnedValues = {
  ...validateReturns,
  backup: { description: "Where the old content is kept; empty where it is not.", type: "string" },
  found: { description: "How many lines were removed.", type: "integer", returned: "with `state: absent`" },
  rc: { description: "256 of a directory, 257 of a file that is not there.", type: "integer", returned: "when failed" },
};
