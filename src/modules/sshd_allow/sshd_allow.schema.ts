import type { FromSchema } from "json-schema-to-ts";
import type { ArgumentSchema } from "../module.ts";
import type { ReturnedValues } from "../module.ts";

export const sshdAllowSchema = {
  type: "object",
  properties: {
    user: { type: "string", description: "The account that sshd is to let in." },
    group: {
      type: "string",
      description:
        "The account's group, added where AllowGroups leaves the account out; the account's name by default.",
    },
    sources: {
      type: "array",
      items: { type: "string" },
      description: "Addresses and networks that AllowUsers is to let the account in from; from everywhere by default.",
    },
    state: {
      type: "string",
      enum: ["present", "absent"],
      default: "present",
      description: "Whether it is to be let in; `absent` takes away only what this module added.",
    },
    confirm: {
      type: "integer",
      default: 30,
      description: "Within how many seconds a new connection has to come, or the host takes the change back by itself.",
    },
  },
  required: ["user"],
} as const satisfies ArgumentSchema;

/** Arguments of sshd_allow. */
export type SshdAllowArguments = FromSchema<typeof sshdAllowSchema>;

/** The keys of sshd_allow's result. */
export const sshdAllowReturns: ReturnedValues = {
  method: { description: "How sshd was told.", type: "string", returned: "where something had to be done" },
};
