import type { FromSchema } from "json-schema-to-ts";
import { commandReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const scriptSchema = {
  type: "object",
  properties: {
    cmd: {
      type: "string",
      description: "The script's path on the controller, then its arguments as a shell of the host reads them.",
    },
    executable: { type: "string", description: "What runs the script; its first line says so where it is not given." },
    chdir: { type: "string", description: "The directory of the host to run it in; an absolute path." },
    decrypt: { type: "boolean", default: true, description: "Whether a vaulted script is opened." },
    creates: { type: "string", description: "A path or pattern of the host: when it exists, nothing is run." },
    removes: { type: "string", description: "A path or pattern of the host: when it does not exist, nothing is run." },
  },
  additionalProperties: false,
} as const;

/** Arguments of script. */
export type ScriptArguments = FromSchema<typeof scriptSchema>;

/** The keys of script's result. */
export const scriptReturns: ReturnedValues = {
  ...commandReturns,
};
