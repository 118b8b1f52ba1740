import { statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** Where a file that a task names is looked for, in order. */
export const controllerPaths = (name: string, folder: string, playbookDir: string): readonly string[] => {
  const expanded = name.startsWith("~/") ? join(homedir(), name.slice(2)) : name;
  if (isAbsolute(expanded)) return [expanded];
  return [join(playbookDir, folder, expanded), resolve(playbookDir, expanded)];
};

/** The first of these places at which something is. */
export const controllerFile = (name: string, folder: string, playbookDir: string): string | undefined =>
  controllerPaths(name, folder, playbookDir).find((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
