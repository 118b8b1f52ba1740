import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const sudoersSchema = {
  type: "object",
  properties: {
    name: { type: "string", description: "The file's name in `sudoers_path`: letters, digits, `_` and `-`." },
    state: {
      type: "string",
      enum: ["present", "absent"],
      default: "present",
      description: "Whether the file is to exist.",
    },
    user: { type: "string", description: "Who may; either this or `group`." },
    group: { type: "string", description: "The group whose members may; either this or `user`." },
    commands: {
      type: "array",
      items: { type: "string" },
      description: "What they may run: absolute paths, with arguments, or ALL.",
    },
    host: { type: "string", default: "ALL", description: "On which hosts, as sudoers(5) names them." },
    runas: { type: "string", description: "As whom, such as root or ALL:ALL; as root where this is not given." },
    nopassword: { type: "boolean", default: true, description: "Whether sudo asks for no password." },
    noexec: { type: "boolean", default: false, description: "Whether commands are kept from running others." },
    setenv: { type: "boolean", default: false, description: "Whether the environment may be kept or set." },
    defaults: {
      type: "array",
      items: { type: "string" },
      description: "Settings for this user or group, such as `!requiretty`.",
    },
    sudoers_path: { type: "string", default: "/etc/sudoers.d", description: "The directory of the file." },
    validation: {
      type: "string",
      enum: ["detect", "absent", "required"],
      default: "detect",
      description: "Whether visudo checks the rule: where the host has it, never, or always.",
    },
  },
  required: ["name"],
  additionalProperties: false,
} as const;

/** Arguments of sudoers. */
export type SudoersArguments = FromSchema<typeof sudoersSchema>;

/** The keys of sudoers's result. */
export const sudoersReturns: ReturnedValues = {};
