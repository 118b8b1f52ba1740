import { statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Task } from "../../playbook/playbook.ts";
import { searchFolders } from "../../playbook/search-folders.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { entryOf } from "../../source/node.ts";
import type { Plan } from "../plan.ts";

/** Which option of a module names a file of this machine, and the folder beside the playbook that is searched first. */
const options: Readonly<Record<string, { readonly option: string; readonly folder: string }>> = {
  copy: { option: "src", folder: "files" },
  template: { option: "src", folder: "templates" },
  script: { option: "cmd", folder: "files" },
};

/** Files that a task sends to its hosts and that are not there. */
export const checkFiles = ({ playbooks }: Plan): readonly Diagnostic[] =>
  playbooks.flatMap(({ playbook }) => {
    const tasks = playbook.plays.flatMap((play) => tasksOfPlay(play));
    return tasks.flatMap((task) => checkTask(task, searchFolders(task, playbook.path)));
  });

const checkTask = (task: Task, folders: readonly string[]): readonly Diagnostic[] => {
  const named = options[task.module.shortName];
  const value = named === undefined ? undefined : task.args[named.option];
  if (named === undefined || typeof value !== "string" || task.args["remote_src"] !== undefined) return [];
  const name = task.module.shortName === "script" ? (value.split(/\s/, 1)[0] ?? "") : value;
  const expanded = name.startsWith("~/") ? join(homedir(), name.slice(2)) : name;
  const candidates = isAbsolute(expanded)
    ? [expanded]
    : folders.flatMap((folder) => [join(folder, named.folder, expanded), resolve(folder, expanded)]);
  if (candidates.some((path) => statSync(path, { throwIfNoEntry: false }) !== undefined)) return [];
  const span = entryOf(task.argsNode, named.option)?.value.span ?? task.argsNode.span;
  const hint = `looked for ${candidates.join(" and ")}`;
  return [{ code: "V32", severity: "error", message: `there is no file "${name}"`, span, hint }];
};
