import type { FromSchema } from "json-schema-to-ts";
import type { ReturnedValues } from "../module.ts";

export const groupBySchema = {
  type: "object",
  properties: {
    key: { type: "string", description: "The group's name, mostly from a variable of the host." },
    parents: { type: "array", items: { type: "string" }, default: ["all"], description: "Groups above it." },
  },
  required: ["key"],
  additionalProperties: false,
} as const;

/** Arguments of group_by. */
export type GroupByArguments = FromSchema<typeof groupBySchema>;

/** The keys of group_by's result. */
export const groupByReturns: ReturnedValues = {
  add_group: { description: "The group.", type: "string" },
  parent_groups: { description: "The groups above it.", type: "array" },
};
