import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const authorizedKeySchema = {
  type: "object",
  properties: {
    user: { type: "string", description: "The account whose keys these are." },
    key: { type: "string", description: "The public key, or several, one a line." },
    path: { type: "string", description: "The file, instead of .ssh/authorized_keys in the account's home." },
    state: {
      type: "string",
      enum: ["present", "absent"],
      default: "present",
      description: "Whether the file is to hold the keys. The base64 part alone tells which line is which key.",
    },
    exclusive: {
      type: "boolean",
      default: false,
      description: "Whether to remove every other line, comments too.",
    },
    key_options: { type: "string", description: "Options before each key, instead of those in `key`." },
    comment: { type: "string", description: "The comment after each key, instead of that in `key`." },
    manage_dir: {
      type: "boolean",
      default: true,
      description: "Whether to make the file's directory, and give it to the account with mode 0700.",
    },
    follow: {
      type: "boolean",
      default: false,
      description: "Whether to write through a symbolic link. Without it, a link is refused.",
    },
    validate_certs: {
      type: "boolean",
      default: true,
      description: "Without effect: keys are not fetched from URLs.",
    },
  },
  required: ["user", "key"],
  additionalProperties: false,
} as const;

/** Arguments of authorized_key. */
export type AuthorizedKeyArguments = FromSchema<typeof authorizedKeySchema>;

/** The keys of authorized_key's result. */
export const authorizedKeyReturns: ReturnedValues = {
  user: { description: "The account.", type: "string" },
  keyfile: { description: "The file of keys.", type: "string" },
  key: { description: "The option `key`.", type: "string" },
  path: { description: "The option `path`, or null.", type: "string" },
  state: { description: "The option `state`.", type: "string" },
  exclusive: { description: "The option `exclusive`.", type: "boolean" },
  key_options: { description: "The option `key_options`, or null.", type: "string" },
  comment: { description: "The option `comment`, or null.", type: "string" },
  manage_dir: { description: "The option `manage_dir`.", type: "boolean" },
  follow: { description: "The option `follow`.", type: "boolean" },
  validate_certs: { description: "The option `validate_certs`.", type: "boolean" },
};
