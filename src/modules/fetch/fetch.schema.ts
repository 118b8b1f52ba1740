import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const fetchSchema = {
  type: "object",
  properties: {
    src: { type: "string", description: "The file of the host. At most 47 MiB." },
    dest: {
      type: "string",
      description:
        "The folder of the controller where it goes, as dest/HOST/src. With `flat` the file itself, or with a slash at its end the folder. Relative to the playbook's folder.",
    },
    flat: {
      type: "boolean",
      default: false,
      description: "Whether `dest` stands for itself, without the host's name and the path on the host.",
    },
    fail_on_missing: {
      type: "boolean",
      default: true,
      description: "Whether a file that is not there, or cannot be read, is a failure.",
    },
    validate_checksum: {
      type: "boolean",
      default: true,
      description: "Whether what arrived must have the checksum that the file has on the host.",
    },
  },
  required: ["src", "dest"],
  additionalProperties: false,
} as const;

/** Arguments of fetch. */
export type FetchArguments = FromSchema<typeof fetchSchema>;

/** The keys of fetch's result. */
export const fetchReturns: ReturnedValues = {
  dest: { description: "The file on the controller.", type: "string", returned: "where the host has the file" },
  checksum: { description: "Its SHA-1.", type: "string", returned: "where the host has the file" },
  md5sum: { description: "Its MD5.", type: "string", returned: "where the host has the file" },
  remote_checksum: { description: "The SHA-1 on the host, or null.", type: "string", returned: "when changed" },
  remote_md5sum: { description: "Always null.", type: "string", returned: "when changed" },
  file: { description: "The file on the host.", type: "string", returned: "when not changed" },
};
