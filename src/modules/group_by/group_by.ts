import type { ControllerModule } from "../module.ts";
import { type GroupByArguments, groupBySchema, groupByReturns } from "./group_by.schema.ts";

/** Puts hosts into groups by the value of a variable. */
export const groupBy: ControllerModule<GroupByArguments> = {
  runs: "controller",
  name: "ansible.builtin.group_by",
  summary: "Puts hosts into groups by the value of a variable.",
  schema: groupBySchema,
  run: ({ key, parents }, context) => {
    const group = withoutSpaces(key);
    const above = parents.map(withoutSpaces);
    const isNew = context.groupBy(group, above);
    return { outcome: isNew ? "changed" : "ok", fields: { add_group: group, parent_groups: above } };
  },
  returns: groupByReturns,
  examples: `
- name: One group a family of systems
  ansible.builtin.group_by:
    key: os_{{ ansible_os_family }}
`,
};

const withoutSpaces = (name: string): string => name.replaceAll(" ", "-");
