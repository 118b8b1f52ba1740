import type { FromSchema } from "json-schema-to-ts";

export const statSchema = {
  type: "object",
  properties: {
    path: { type: "string", description: "What to look at." },
    follow: { type: "boolean", default: false, description: "Whether a link is followed." },
    get_checksum: { type: "boolean", default: true, description: "Whether a file's checksum is wanted." },
    checksum_algorithm: {
      type: "string",
      enum: ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"],
      default: "sha1",
      description: "The checksum's algorithm.",
    },
    get_mime: {
      type: "boolean",
      default: true,
      description: "Whether the kind of content is wanted, where the host has `file`.",
    },
    get_attributes: {
      type: "boolean",
      default: true,
      description: "Whether attributes are wanted, where the host has `lsattr`.",
    },
  },
  required: ["path"],
  additionalProperties: false,
} as const;

/** Arguments of stat. */
export type StatArguments = FromSchema<typeof statSchema>;
