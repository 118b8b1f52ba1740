import type { FromSchema } from "json-schema-to-ts";
import { fileOptions } from "../file-options.ts";
import { writeReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const blockinfileSchema = {
  type: "object",
  properties: {
    path: { type: "string", description: "The file to change." },
    state: {
      type: "string",
      enum: ["present", "absent"],
      default: "present",
      description: "Whether the block is to be there.",
    },
    block: { type: "string", default: "", description: "The text between the markers. An empty one means absent." },
    marker: {
      type: "string",
      default: "# {mark} ANSIBLE MANAGED BLOCK",
      description: "The lines around the block; {mark} becomes marker_begin and marker_end.",
    },
    marker_begin: { type: "string", default: "BEGIN", description: "What {mark} is in the first marker." },
    marker_end: { type: "string", default: "END", description: "What {mark} is in the last marker." },
    insertafter: {
      type: "string",
      description: "EOF or a Python regular expression: after which line a new block comes.",
    },
    insertbefore: {
      type: "string",
      description: "BOF or a Python regular expression: before which line a new block comes.",
    },
    create: { type: "boolean", default: false, description: "Whether a missing file is made." },
    backup: { type: "boolean", default: false, description: "Keep the old file beside the new one." },
    append_newline: {
      type: "boolean",
      default: false,
      description: "An empty line after the block, unless one is there or it is the end.",
    },
    prepend_newline: {
      type: "boolean",
      default: false,
      description: "An empty line before the block, unless one is there or it is the start.",
    },
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

/** Arguments of blockinfile. */
export type BlockinfileArguments = FromSchema<typeof blockinfileSchema>;

/** The keys of blockinfile's result. */
export const blockinfileReturns: ReturnedValues = {
  ...writeReturns,
  rc: { description: "256 of a directory, 257 of a file that is not there.", type: "integer", returned: "when failed" },
};
