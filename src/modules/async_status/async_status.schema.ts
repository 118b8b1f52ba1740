import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

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

/** What async_status returns, beside what the job's own module does. */
export const asyncStatusReturns: ReturnedValues = {
  rc: { type: "integer", description: "How the job's command ended.", returned: "when it has ended, for a command" },
  erased: { type: "string", description: "The file that is gone.", returned: "with mode: cleanup" },
  stdout: { type: "string", description: "What the job printed.", returned: "when it has ended" },
  stderr: { type: "string", description: "What it printed as errors.", returned: "when it has ended" },
};
