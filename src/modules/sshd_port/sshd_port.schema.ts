import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";
import type { ReturnedValues } from "../module.ts";

export const sshdPortSchema = {
  type: "object",
  properties: {
    port: {
      type: "integer",
      description: "The port on which sshd is to listen too, besides those where it listens now.",
    },
    state: {
      type: "string",
      enum: ["present", "absent"],
      default: "present",
      description: "Whether sshd is to listen there; `absent` takes away only what this module added.",
    },
    confirm: {
      type: "integer",
      default: 30,
      description: "Within how many seconds a new connection has to come, or the host takes the change back by itself.",
    },
  },
  required: ["port"],
} as const satisfies ArgumentSchema;

/** Arguments of sshd_port. */
export type SshdPortArguments = FromSchema<typeof sshdPortSchema>;

/** The keys of sshd_port's result. */
export const sshdPortReturns: ReturnedValues = {
  port: { description: "The option `port`.", type: "integer" },
  ports: { description: "The ports that sshd listens on.", type: "array" },
  method: { description: "How sshd was told.", type: "string", returned: "where something had to be done" },
};
