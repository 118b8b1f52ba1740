import type { FromSchema } from "json-schema-to-ts";
import { fileOptions } from "../file-options.ts";
import { pathReturns, writeReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const copySchema = {
  type: "object",
  properties: {
    src: {
      type: "string",
      description:
        "A file or folder of the controller (of the host, with remote_src). A folder's trailing slash means its content.",
    },
    content: {
      type: ["string", "object", "array", "number", "boolean"],
      description: "The content itself, instead of src. What is no text is written as JSON.",
    },
    dest: { type: "string", description: "Where it goes on the host; a directory where src is one." },
    remote_src: { type: "boolean", default: false, description: "Whether src is on the host." },
    force: { type: "boolean", default: true, description: "With false, only a missing file is written." },
    backup: { type: "boolean", default: false, description: "Keep the old file beside the new one." },
    directory_mode: { type: ["string", "integer"], description: "The mode of directories that are made." },
    follow: { type: "boolean", default: false, description: "Whether a link at dest is followed, not replaced." },
    local_follow: { type: "boolean", default: true, description: "Whether links in src are followed." },
    checksum: { type: "string", description: "The SHA-1 that the content must have." },
    validate: {
      type: "string",
      description: "A command that must accept the new file, which is %s, before it is used.",
    },
    decrypt: { type: "boolean", default: true, description: "Whether a vaulted src is opened." },
    ...fileOptions,
  },
  required: ["dest"],
  additionalProperties: false,
} as const;

/** Arguments of copy. */
export type CopyArguments = FromSchema<typeof copySchema>;

/** The keys of copy's result. */
export const copyReturns: ReturnedValues = {
  ...pathReturns,
  ...writeReturns,
  dest: { description: "The file or directory that was written to.", type: "string" },
  src: { description: "Where the content came from.", type: "string", returned: "when changed" },
  checksum: { description: "The content's SHA-1.", type: "string", returned: "of a file" },
  md5sum: { description: "The content's MD5.", type: "string", returned: "of a file, when changed" },
  path: { description: "The same as `dest`.", type: "string", returned: "of a file, when not changed" },
};
