import type { FromSchema } from "json-schema-to-ts";

export const hostnameSchema = {
  type: "object",
  properties: {
    name: { type: "string", description: "The host's name, with or without a domain." },
    use: {
      type: "string",
      enum: ["alpine", "debian", "systemd"],
      description:
        "How: by hostnamectl (systemd), by /etc/hostname (alpine), or as the host can (debian, and by default). Ansible's other strategies are not supported.",
    },
  },
  required: ["name"],
  additionalProperties: false,
} as const;

/** Arguments of hostname. */
export type HostnameArguments = FromSchema<typeof hostnameSchema>;
