import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

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

/** The keys of hostname's result. */
export const hostnameReturns: ReturnedValues = {
  name: { description: "The name.", type: "string" },
  ansible_facts: {
    description: "The facts that change with the name.",
    type: "object",
    contains: {
      ansible_hostname: { description: "The name up to the first dot.", type: "string" },
      ansible_nodename: { description: "The whole name.", type: "string" },
      ansible_fqdn: { description: "The name with its domain.", type: "string" },
      ansible_domain: { description: "The domain.", type: "string" },
    },
  },
};
