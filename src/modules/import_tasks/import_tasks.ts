import type { ControllerModule } from "../module.ts";
import { type ImportTasksArguments, importTasksSchema } from "./import_tasks.schema.ts";

/** The tasks of a file, as if they stood in the play: the loader reads them, so that nothing of this is left to run. */
export const importTasks: ControllerModule<ImportTasksArguments> = {
  runs: "controller",
  name: "ansible.builtin.import_tasks",
  summary: "The tasks of a file, as if they stood in the play.",
  schema: importTasksSchema,
  freeForm: "file",
  returns: {},
  run: () => ({ outcome: "ok", fields: {} }),
  examples: `
- name: Tasks that several playbooks share
  ansible.builtin.import_tasks: tasks/common.yml
`,
};
