import type { FromSchema } from "json-schema-to-ts";
import { commandReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const commandSchema = {
  type: "object",
  properties: {
    cmd: { type: "string", description: "The command and its arguments, quoted as in a shell; no shell runs it." },
    argv: { type: "array", items: { type: "string" }, description: "The command and its arguments as a list." },
    chdir: { type: "string", description: "The directory to run it in." },
    creates: { type: "string", description: "A path or pattern: when it exists, the command is not run." },
    removes: { type: "string", description: "A path or pattern: when it does not exist, the command is not run." },
    stdin: { type: "string", description: "Text for the command's standard input." },
    stdin_add_newline: { type: "boolean", default: true, description: "Whether a newline follows that text." },
    strip_empty_ends: {
      type: "boolean",
      default: true,
      description: "Whether empty lines at the end of the output go.",
    },
    expand_argument_vars: {
      type: "boolean",
      default: true,
      description: "Whether $NAME and a leading ~ in the arguments are expanded on the host.",
    },
  },
  additionalProperties: false,
} as const;

/** Arguments of command. */
export type CommandArguments = FromSchema<typeof commandSchema>;

/** The keys of command's result. */
export const commandModuleReturns: ReturnedValues = {
  ...commandReturns,
  cmd: { description: "The words of the command; its text where it could not be started.", type: "any" },
  start: { description: "When it began, or null.", type: "string" },
  end: { description: "When it ended, or null.", type: "string" },
  delta: { description: "How long it took, or null.", type: "string" },
};
