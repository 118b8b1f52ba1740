import type { ReturnedValues } from "../module.ts";

export const setFactSchema = {
  type: "object",
  properties: {
    cacheable: {
      type: "boolean",
      default: false,
      description: "Whether a fact cache keeps them; a run has none beyond its end.",
    },
  },
  additionalProperties: true,
} as const;

/** The keys of set_fact's result. */
export const setFactReturns: ReturnedValues = {
  ansible_facts: { description: "The variables that were set.", type: "object" },
};
