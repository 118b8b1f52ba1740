import type { FromSchema } from "json-schema-to-ts";
import { commandReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const shellSchema = {
  type: "object",
  properties: {
    cmd: { type: "string", description: "The text that the shell runs." },
    executable: { type: "string", description: "The shell; /bin/sh where it is not given." },
    chdir: { type: "string", description: "The directory to run it in." },
    creates: { type: "string", description: "A path or pattern: when it exists, nothing is run." },
    removes: { type: "string", description: "A path or pattern: when it does not exist, nothing is run." },
    stdin: { type: "string", description: "Text for its standard input." },
    stdin_add_newline: { type: "boolean", default: true, description: "Whether a newline follows that text." },
  },
  additionalProperties: false,
} as const;

/** Arguments of shell. */
export type ShellArguments = FromSchema<typeof shellSchema>;

/** The keys of shell's result. */
export const shellReturns: ReturnedValues = {
  ...commandReturns,
  cmd: { description: "The text of the command.", type: "string" },
  start: { description: "When it began, or null.", type: "string" },
  end: { description: "When it ended, or null.", type: "string" },
  delta: { description: "How long it took, or null.", type: "string" },
};
