import type { FromSchema } from "json-schema-to-ts";
import { fileOptions } from "../file-options.ts";
import { pathReturns, writeReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const templateSchema = {
  type: "object",
  properties: {
    src: { type: "string", description: "The template: a file of the controller, looked for in templates/ too." },
    dest: { type: "string", description: "Where the outcome goes on the host." },
    newline_sequence: {
      type: "string",
      enum: ["\\n", "\\r", "\\r\\n", "\n", "\r", "\r\n"],
      default: "\n",
      description: "What ends the lines of the outcome.",
    },
    block_start_string: { type: "string", default: "{%", description: "What begins a statement." },
    block_end_string: { type: "string", default: "%}", description: "What ends a statement." },
    variable_start_string: { type: "string", default: "{{", description: "What begins an expression." },
    variable_end_string: { type: "string", default: "}}", description: "What ends an expression." },
    comment_start_string: { type: "string", description: "What begins a comment; {# where not given." },
    comment_end_string: { type: "string", description: "What ends a comment; #} where not given." },
    trim_blocks: {
      type: "boolean",
      default: true,
      description: "Whether the line break after a statement is dropped.",
    },
    lstrip_blocks: { type: "boolean", default: false, description: "Whether blanks before a statement are dropped." },
    output_encoding: { type: "string", enum: ["utf-8"], default: "utf-8", description: "The outcome's encoding." },
    backup: { type: "boolean", default: false, description: "Keep the old file beside the new one." },
    force: { type: "boolean", default: true, description: "With false, only a missing file is written." },
    follow: { type: "boolean", default: false, description: "Whether a link at dest is followed, not replaced." },
    validate: {
      type: "string",
      description: "A command that must accept the new file, which is %s, before it is used.",
    },
    ...fileOptions,
  },
  required: ["src", "dest"],
  additionalProperties: false,
} as const;

/** Arguments of template. */
export type TemplateArguments = FromSchema<typeof templateSchema>;

/** The keys of template's result. */
export const templateReturns: ReturnedValues = {
  ...pathReturns,
  ...writeReturns,
  dest: { description: "The file.", type: "string" },
  src: { description: "Where the content came from.", type: "string", returned: "when changed" },
  checksum: { description: "The content's SHA-1.", type: "string" },
  md5sum: { description: "The content's MD5.", type: "string", returned: "when changed" },
  path: { description: "The same as `dest`.", type: "string", returned: "when not changed" },
};
