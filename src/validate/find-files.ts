import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve, sep } from "node:path";
import { type FileKind, kindOfFile } from "./file-kind.ts";

/** A file that is to be validated. */
export interface FoundFile {
  readonly path: string;
  readonly kind: FileKind;
  readonly text: string;
  /** Whether it was named itself, and not found in a folder. */
  readonly isNamed: boolean;
}

/** Folders whose files are anything, or somebody else's. */
const skippedFolders = new Set([
  "node_modules",
  "files",
  "templates",
  "ansible_collections",
  "library",
  "module_utils",
  "venv",
]);

/** The files that paths mean, folders walked, sorted and each once. */
export const findFiles = (paths: readonly string[], cwd: string): readonly FoundFile[] => {
  const found = new Map<string, FoundFile>();
  for (const given of paths) {
    const path = resolve(cwd, given);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
      for (const file of walk(path, [basename(path)], new Set())) if (!found.has(file.path)) found.set(file.path, file);
    } else found.set(path, namedFile(path));
  }
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
};

/** What cannot be told, or not be read, is a playbook to whoever named it. */
const namedFile = (path: string): FoundFile => {
  const text = readText(path) ?? "";
  const folders = dirname(path).split(sep).slice(-3);
  return { path, text, kind: kindOfFile(path, text, { folders, isNamed: true }) ?? "playbook", isNamed: true };
};

const walk = (folder: string, names: readonly string[], seen: Set<string>): readonly FoundFile[] => {
  const real = realpathSync(folder);
  if (seen.has(real)) return [];
  seen.add(real);
  return entriesOf(folder).flatMap((name): readonly FoundFile[] => {
    if (name.startsWith(".") || name.endsWith("~")) return [];
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) {
      const isSkipped = skippedFolders.has(name) || name.endsWith("_plugins");
      return isSkipped ? [] : walk(path, [...names, name], seen);
    }
    return stats?.isFile() === true && stats.size < 10_000_000 ? foundFile(path, names) : [];
  });
};

/** A file of a folder, unless it is of another program. */
const foundFile = (path: string, folders: readonly string[]): readonly FoundFile[] => {
  const extension = extname(path);
  const isVariables = folders.some((name) => name === "group_vars" || name === "host_vars");
  if (!["", ".yml", ".yaml", ".json", ".ini", ".inventory", ".hosts"].includes(extension) && !isVariables) return [];
  const text = readText(path);
  if (text === undefined) return [];
  const kind = kindOfFile(path, text, { folders, isNamed: false });
  return kind === undefined ? [] : [{ path, kind, text, isNamed: false }];
};

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch {
    return undefined;
  }
};

/** A folder that cannot be read has none. */
const entriesOf = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
};
