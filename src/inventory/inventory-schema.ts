/** The schema of a YAML inventory, for editors; what it cannot say is checked when an inventory is loaded. */
export const inventorySchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Latchkey inventory",
  type: "object",
  additionalProperties: { $ref: "#/$defs/group" },
  $defs: {
    group: {
      type: ["object", "null"],
      additionalProperties: false,
      properties: {
        hosts: {
          description: "Hosts of the group by name, or a range such as web[01:20], each with its variables.",
          type: ["object", "null"],
          additionalProperties: { $ref: "#/$defs/vars" },
        },
        children: {
          description: "Groups that belong to this group.",
          type: ["object", "null"],
          additionalProperties: { $ref: "#/$defs/group" },
        },
        vars: { description: "Variables of all hosts of the group.", $ref: "#/$defs/vars" },
      },
    },
    vars: { type: ["object", "null"] },
  },
} as const;
