import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Task } from "../../playbook/playbook.ts";
import { readYaml } from "../../playbook/read-yaml.ts";
import { searchFolders } from "../../playbook/search-folders.ts";

/** The names that an include_vars sets; undefined where its file is not known before the run, or cannot be read. */
export const includedNames = (task: Task, playbookPath: string): readonly string[] | undefined => {
  if (!known.has(task)) known.set(task, read(task, playbookPath));
  return known.get(task);
};

const known = new WeakMap<Task, readonly string[] | undefined>();

const read = ({ args, ...task }: Task, playbookPath: string): readonly string[] | undefined => {
  const { file, name } = args;
  if (typeof name === "string") return [name];
  if (name !== undefined || typeof file !== "string") return undefined;
  const candidates = searchFolders(task, playbookPath).flatMap((folder) => [
    join(folder, "vars", file),
    resolve(folder, file),
  ]);
  const path = candidates.find((candidate) => existsSync(candidate));
  // What is wrong with it is told when it is read: here only its names count.
  const root = path === undefined ? undefined : readYaml(path, [], undefined);
  return root?.kind === "map" ? root.entries.map(({ key }) => String(key.value)) : undefined;
};
