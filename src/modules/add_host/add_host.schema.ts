export const addHostSchema = {
  type: "object",
  properties: {
    name: { type: "string", description: "The host's name in the inventory; `name:port` sets its port too." },
    groups: { type: "array", items: { type: "string" }, description: "Groups that it joins; new ones are made." },
  },
  required: ["name"],
  additionalProperties: true,
} as const;
