import type { ControllerModule } from "../module.ts";
import { type IncludeRoleArguments, includeRoleSchema } from "./include_role.schema.ts";

/** Brings in a role when it is reached; the run takes the host through its tasks afterwards. */
export const includeRole: ControllerModule<IncludeRoleArguments> = {
  runs: "controller",
  name: "ansible.builtin.include_role",
  summary: "Brings in a role when it is reached.",
  schema: includeRoleSchema,
  optionAliases: { role: "name" },
  returns: {},
  run: async (args, context) => {
    const included = await context.include(args);
    if (!included.ok) return { outcome: "failed", fields: { msg: included.error } };
    return { outcome: "ok", fields: {} };
  },
  examples: `
- name: A role for each tenant
  ansible.builtin.include_role:
    name: "{{ item }}"
  loop: [alpha, beta]
`,
};
