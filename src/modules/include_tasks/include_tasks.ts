import type { ControllerModule } from "../module.ts";
import { type IncludeTasksArguments, includeTasksSchema } from "./include_tasks.schema.ts";

/** Brings in the tasks of a file when it is reached; the run takes the host through them afterwards. */
export const includeTasks: ControllerModule<IncludeTasksArguments> = {
  runs: "controller",
  name: "ansible.builtin.include_tasks",
  summary: "Brings in the tasks of a file when it is reached.",
  schema: includeTasksSchema,
  freeForm: "file",
  returns: {
    include: { type: "string", description: "The file." },
    include_args: { type: "object", description: "Empty." },
  },
  run: async (args, context) => {
    const included = await context.include(args);
    if (!included.ok) return { outcome: "failed", fields: { msg: included.error } };
    return { outcome: "ok", fields: { include: args.file, include_args: {} } };
  },
  examples: `
- name: What is particular to this family of systems
  ansible.builtin.include_tasks: "setup-{{ ansible_os_family }}.yml"
`,
};
