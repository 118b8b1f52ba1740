import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const systemdServiceSchema = {
  type: "object",
  properties: {
    name: { type: "string", description: "The unit; `.service` may be left out." },
    state: {
      type: "string",
      enum: ["started", "stopped", "restarted", "reloaded"],
      description: "Whether it is to run. Restarting and reloading start a unit that does not run.",
    },
    enabled: { type: "boolean", description: "Whether it is to start when the host boots." },
    masked: { type: "boolean", description: "Whether it is to be impossible to start." },
    force: { type: "boolean", default: false, description: "Whether to replace links that are in the way." },
    daemon_reload: {
      type: "boolean",
      default: false,
      description: "Whether systemd reads its files anew before; not in a dry run.",
    },
    daemon_reexec: {
      type: "boolean",
      default: false,
      description: "Whether systemd starts itself anew before; not in a dry run.",
    },
    scope: {
      type: "string",
      enum: ["system", "user", "global"],
      default: "system",
      description: "Whose manager: the host's, the user's, or that of all users.",
    },
    no_block: { type: "boolean", default: false, description: "Whether not to wait until the unit has changed." },
  },
  additionalProperties: false,
} as const;

/** Arguments of systemd_service. */
export type SystemdServiceArguments = FromSchema<typeof systemdServiceSchema>;

/** The keys of systemd_service's result. */
export const systemdServiceReturns: ReturnedValues = {
  name: { description: "The unit's name.", type: "string", returned: "with `name`" },
  state: { description: "What it is: started or stopped.", type: "string", returned: "with `state`" },
  enabled: { description: "Whether it starts with the system.", type: "boolean", returned: "with `enabled`" },
  status: { description: "What `systemctl show` says.", type: "object", returned: "with `name`" },
};
