import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const setupSchema = {
  type: "object",
  properties: {
    gather_subset: {
      type: "array",
      items: { type: "string" },
      default: ["all"],
      description: "Which facts: all, min, network, hardware, virtual …, with ! in front to leave some out.",
    },
    gather_timeout: {
      type: "integer",
      default: 10,
      description: "Accepted for Ansible's sake: no fact here takes long.",
    },
    filter: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Keep only facts whose names match one of these patterns, with or without ansible_ in front.",
    },
    fact_path: {
      type: "string",
      default: "/etc/ansible/facts.d",
      description: "The host's folder of facts of its own.",
    },
  },
  additionalProperties: false,
} as const;

/** Arguments of setup. */
export type SetupArguments = FromSchema<typeof setupSchema>;

/** The keys of setup's result. */
export const setupReturns: ReturnedValues = {
  ansible_facts: { description: "The facts, each named with `ansible_` before it.", type: "object" },
};
