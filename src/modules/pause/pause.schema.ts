import type { FromSchema } from "json-schema-to-ts";

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
