import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const groupSchema = {
  type: "object",
  properties: {
    name: { type: "string", description: "The group's name." },
    gid: { type: "integer", description: "Its number; the host chooses one where this is not given." },
    state: {
      type: "string",
      enum: ["present", "absent"],
      default: "present",
      description: "Whether the group is to exist.",
    },
    system: {
      type: "boolean",
      default: false,
      description: "Whether a new group is a system group: its number is taken from that range.",
    },
    force: {
      type: "boolean",
      default: false,
      description: "Whether to delete the group even if it is the primary group of a user.",
    },
    local: {
      type: "boolean",
      enum: [false],
      default: false,
      description: "Only false: the libuser tools are not supported.",
    },
    non_unique: {
      type: "boolean",
      default: false,
      description: "Whether the number may belong to another group, too.",
    },
    gid_min: { type: "integer", description: "The lowest number that the host may choose, instead of login.defs'." },
    gid_max: { type: "integer", description: "The highest number that the host may choose, instead of login.defs'." },
  },
  required: ["name"],
  additionalProperties: false,
} as const;

/** Arguments of group. */
export type GroupArguments = FromSchema<typeof groupSchema>;

/** The keys of group's result. */
export const groupReturns: ReturnedValues = {
  name: { description: "The group's name.", type: "string" },
  state: { description: "The option `state`.", type: "string" },
  gid: { description: "The group's number.", type: "integer", returned: "with `state` present" },
  system: { description: "The option `system`.", type: "boolean", returned: "with `state` present" },
  rc: { description: "The status of the tool that refused.", type: "integer", returned: "when failed" },
};
