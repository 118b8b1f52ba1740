import { statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Task } from "../playbook/playbook.ts";
import { searchFolders } from "../playbook/search-folders.ts";

/** A file of this machine that a task names, and what is there; nothing where no place has it. */
export interface ControllerPath {
  readonly path?: string;
  readonly kind?: "file" | "directory" | "other";
  /** Where it was looked for, in order. */
  readonly tried: readonly string[];
}

/** Finds a file that a task names: `kind` is the folder that is searched before each place itself. */
export const controllerPath = (
  name: string,
  kind: "files" | "templates",
  { task, playbook }: { readonly task: Task; readonly playbook: string },
): ControllerPath => {
  const expanded = name.startsWith("~/") ? join(homedir(), name.slice(2)) : name;
  const tried = isAbsolute(expanded)
    ? [expanded]
    : searchFolders(task, playbook).flatMap((folder) => [join(folder, kind, expanded), join(folder, expanded)]);
  for (const path of tried) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined) {
      return { path, kind: stats.isFile() ? "file" : stats.isDirectory() ? "directory" : "other", tried };
    }
  }
  return { tried };
};
