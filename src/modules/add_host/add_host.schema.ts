import type { ReturnedValues } from "../module.ts";

export const addHostSchema = {
  type: "object",
  properties: {
    name: { type: "string", description: "The host's name in the inventory; `name:port` sets its port too." },
    groups: { type: "array", items: { type: "string" }, description: "Groups that it joins; new ones are made." },
  },
  required: ["name"],
  additionalProperties: true,
} as const;

/** The keys of add_host's result. */
export const addHostReturns: ReturnedValues = {
  add_host: {
    description: "The host as it was added.",
    type: "object",
    contains: {
      host_name: { description: "Its name.", type: "string" },
      groups: { description: "The groups that it was put into.", type: "array" },
      host_vars: { description: "Its variables.", type: "object" },
    },
  },
};
