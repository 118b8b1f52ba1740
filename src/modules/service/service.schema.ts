import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const serviceSchema = {
  type: "object",
  properties: {
    name: { type: "string", description: "The service." },
    state: {
      type: "string",
      enum: ["started", "stopped", "restarted", "reloaded"],
      description: "Whether it is to run.",
    },
    enabled: { type: "boolean", description: "Whether it is to start when the host boots." },
    sleep: { type: "integer", description: "Seconds between stop and start of a restart; not with systemd." },
    runlevel: { type: "string", default: "default", description: "The runlevel of OpenRC in which it starts." },
    arguments: { type: "string", default: "", description: "Words after the action; not with systemd." },
    use: {
      type: "string",
      enum: ["auto", "systemd", "sysvinit", "openrc", "service"],
      default: "auto",
      description: "Which service manager; by default the one that the host runs.",
    },
  },
  required: ["name"],
  additionalProperties: false,
} as const;

/** Arguments of service. */
export type ServiceArguments = FromSchema<typeof serviceSchema>;

/** The keys of service's result. */
export const serviceReturns: ReturnedValues = {
  name: { description: "The service's name.", type: "string" },
  state: { description: "What it is: started or stopped.", type: "string", returned: "with `state`" },
  enabled: { description: "Whether it starts with the system.", type: "boolean", returned: "with `enabled`" },
  status: { description: "What `systemctl show` says.", type: "object", returned: "with systemd" },
};
