import type { FromSchema } from "json-schema-to-ts";
import { fileOptions } from "../file-options.ts";
import { pathReturns, writeReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const assembleSchema = {
  type: "object",
  properties: {
    src: {
      type: "string",
      description: "The folder whose files are put together: of the host, or of the controller with remote_src: false.",
    },
    dest: { type: "string", description: "The file of the host that is made of them." },
    remote_src: {
      type: "boolean",
      default: true,
      description: "Whether src is on the host; with false it is the controller's.",
    },
    delimiter: {
      type: "string",
      description:
        "What stands between two files, on lines of its own. An escape such as \\n is what it means in Python.",
    },
    regexp: {
      type: "string",
      description: "A regular expression in Python's syntax: only files whose names it matches somewhere.",
    },
    ignore_hidden: { type: "boolean", default: false, description: "Leave out files whose names begin with a dot." },
    backup: { type: "boolean", default: false, description: "Keep the old file beside the new one." },
    validate: {
      type: "string",
      description: "A command that must accept the new file, which is %s, before it is used.",
    },
    decrypt: { type: "boolean", default: true, description: "Whether a vaulted src is opened." },
    ...fileOptions,
  },
  required: ["src", "dest"],
  additionalProperties: false,
} as const;

/** Arguments of assemble. */
export type AssembleArguments = FromSchema<typeof assembleSchema>;

/** The keys of assemble's result. */
export const assembleReturns: ReturnedValues = {
  ...pathReturns,
  ...writeReturns,
  path: { description: "The same as `dest`.", type: "string", returned: "when not changed" },
  dest: { description: "The file that was assembled.", type: "string" },
  src: { description: "Where the content came from.", type: "string" },
  checksum: { description: "The content's SHA-1.", type: "string" },
  md5sum: { description: "The content's MD5.", type: "string", returned: "when changed" },
};
