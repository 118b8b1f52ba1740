import type { FromSchema } from "json-schema-to-ts";

export const asyncStatusSchema = {
  type: "object",
  properties: {
    jid: { type: "string", description: "The job's name, which its task told as ansible_job_id." },
    mode: {
      type: "string",
      enum: ["status", "cleanup"],
      default: "status",
      description: "status: ask what came of it; cleanup: remove what it left on the host.",
    },
  },
  required: ["jid"],
  additionalProperties: false,
} as const;

/** Arguments of async_status. */
export type AsyncStatusArguments = FromSchema<typeof asyncStatusSchema>;
