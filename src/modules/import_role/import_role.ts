import type { ControllerModule } from "../module.ts";
import { type ImportRoleArguments, importRoleSchema } from "./import_role.schema.ts";

/** The tasks of a role, as if they stood in the play: the loader reads them, so that nothing of this is left to run. */
export const importRole: ControllerModule<ImportRoleArguments> = {
  runs: "controller",
  name: "ansible.builtin.import_role",
  summary: "The tasks of a role, as if they stood in the play.",
  schema: importRoleSchema,
  optionAliases: { role: "name" },
  returns: {},
  run: () => ({ outcome: "ok", fields: {} }),
  examples: `
- name: A role at this place of the play
  ansible.builtin.import_role:
    name: support_access
    tasks_from: open
`,
};
