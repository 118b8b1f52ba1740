import type { FromSchema } from "json-schema-to-ts";
import { commandReturns } from "../common-returns.ts";
import type { ReturnedValues } from "../module.ts";

export const pauseSchema = {
  type: "object",
  properties: {
    minutes: { type: "number", description: "How long to wait, in minutes." },
    seconds: { type: "number", description: "How long to wait, in seconds." },
    prompt: { type: "string", description: "What to ask the person at the terminal, where no time is given." },
    echo: { type: "boolean", default: true, description: "Whether the terminal shows what is typed." },
  },
  additionalProperties: false,
} as const;

/** Arguments of pause. */
export type PauseArguments = FromSchema<typeof pauseSchema>;

/** The keys of pause's result. */
export const pauseReturns: ReturnedValues = {
  ...commandReturns,
  start: { description: "When it began.", type: "string" },
  stop: { description: "When it ended.", type: "string" },
  delta: { description: "How many seconds it took.", type: "integer" },
  echo: { description: "The option `echo`.", type: "boolean" },
  user_input: { description: "What the person wrote.", type: "string" },
};
