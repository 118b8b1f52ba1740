import { dirname } from "node:path";
import type { Task } from "./playbook.ts";

/**
 * Where a task's files are looked for, in order: its role, the roles around that, beside the file that it stands in,
 * beside the playbook.
 */
export const searchFolders = (
  task: Pick<Task, "role" | "span"> | undefined,
  playbookPath: string,
): readonly string[] => {
  const roles = task?.role === undefined ? [] : [task.role, ...task.role.parents.toReversed()];
  const files = task === undefined ? [playbookPath] : [task.span.file.path, playbookPath];
  return [...new Set([...roles.map(({ path }) => path), ...files.map((file) => dirname(file))])];
};
