import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const cloudGroupSchema = {
  type: "object",
  properties: {
    provider: { type: "string", enum: ["openstack"], default: "openstack", description: "The kind of cloud." },
    cloud: {
      type: "string",
      description:
        "The cloud's name in the provider's configuration; by default as the provider's own programs choose it.",
    },
    region: { type: "string", description: "The region." },
    server: { type: "string", description: "The name or id of the server." },
    security_group: {
      type: "string",
      description:
        "The name or id of the group that is meant. Of a server that has one group alone it need not be said.",
    },
  },
  additionalProperties: false,
} as const;

/** Arguments of cloud_group. */
export type CloudGroupArguments = FromSchema<typeof cloudGroupSchema>;

/** The keys of cloud_group's result. */
export const cloudGroupReturns: ReturnedValues = {
  id: { description: "The group's id.", type: "string" },
  name: { description: "The group's name.", type: "string" },
};
