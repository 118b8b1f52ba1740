import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";
import type { ReturnedValues } from "../module.ts";

export const keySweepSchema = {
  type: "object",
  properties: {
    blobs: {
      type: "array",
      items: { type: "string" },
      description: "The keys to look for: of each public key its base64 part.",
    },
  },
  required: ["blobs"],
} as const satisfies ArgumentSchema;

/** The arguments of `key_sweep`. */
export type KeySweepArguments = FromSchema<typeof keySweepSchema>;

/** The keys of key_sweep's result. */
export const keySweepReturns: ReturnedValues = {
  found: {
    description: "The lines that hold one of the keys, or trust an authority.",
    type: "array",
    contains: {
      account: { description: "Whose file it is.", type: "string" },
      gecos: { description: "The account's comment.", type: "string" },
      file: { description: "The file.", type: "string" },
      line: { description: "The line's number.", type: "integer" },
      blob: { description: "The key, in base64.", type: "string" },
      fingerprint: { description: "The key's fingerprint; empty where the key is damaged.", type: "string" },
      options: { description: "The options before it.", type: "string" },
      authority: { description: "Whether it is trusted as an authority.", type: "boolean" },
      commented: { description: "Whether the line is a comment.", type: "boolean" },
    },
  },
  accounts: { description: "How many accounts were looked at.", type: "integer" },
  unreadable: { description: "What could not be looked at, and why.", type: "array" },
};
