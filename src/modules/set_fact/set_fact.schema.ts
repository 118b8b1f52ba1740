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
