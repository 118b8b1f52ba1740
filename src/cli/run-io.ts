import { readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { varsOf } from "../playbook/vars-of.ts";
import { readYaml } from "../playbook/read-yaml.ts";
import type { FolderEntry } from "../modules/module.ts";
import type { RunIo } from "../run/run-services.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { Io } from "./io.ts";
import { promptFor } from "./prompt.ts";

/** The real files, clock and terminal of a run. */
export const createRunIo = (io: Io): RunIo => ({
  clock: Date.now,
  wait: async (ms, signal) => {
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  },
  prompt: (text, echo, signal) => promptFor(text, echo, io, signal),
  readFile: (folders, path, kind) => {
    const found = find(path, folders, [kind]);
    if (!found.ok) return found;
    const stats = statSync(found.value);
    if (!stats.isFile()) return err(`${found.value} is no regular file`);
    return readable(() => ({ path: found.value, content: readFileSync(found.value), mode: stats.mode & 0o7777 }));
  },
  readFolder: (folders, path, kind) => {
    const found = find(path, folders, [kind]);
    if (!found.ok || !statSync(found.value).isDirectory()) return found.ok ? ok(undefined) : found;
    return readable(() => entriesBelow(found.value));
  },
  listFiles: (folders, path) => {
    const found = find(path, folders, ["vars", "files"]);
    return found.ok ? readable(() => filesBelow(found.value)) : found;
  },
  readVars: (folders, path) => {
    const found = find(path, folders, ["vars"]);
    if (!found.ok) return found;
    const diagnostics: Diagnostic[] = [];
    const vars = varsOf(readYaml(found.value, diagnostics), diagnostics);
    const [problem] = diagnostics;
    if (problem === undefined) return ok({ path: found.value, vars });
    const at = problem.span?.file.position(problem.span.start);
    return err(at === undefined ? problem.message : `${found.value}:${at.line}:${at.column}: ${problem.message}`);
  },
});

const readable = <T>(read: () => T): Result<T, string> => {
  try {
    return ok(read());
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
};

/** The first of the folders in which the path exists: each is looked at after what lies in it for this kind of file. */
const find = (path: string, folders: readonly string[], kinds: readonly string[]): Result<string, string> => {
  const expanded = path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
  const candidates = isAbsolute(expanded)
    ? [expanded]
    : folders.flatMap((folder) => [...kinds, ""].map((kind) => resolve(folder, kind, expanded)));
  const found = candidates.find((candidate) => statSync(candidate, { throwIfNoEntry: false }) !== undefined);
  return found === undefined
    ? err(`Could not find or access '${path}' on the controller; looked for ${candidates.join(", ")}`)
    : ok(found);
};

const entriesBelow = (folder: string): readonly FolderEntry[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((name) => {
      const path = join(folder, name);
      const stats = statSync(path);
      if (stats.isDirectory()) return { path: name };
      if (!stats.isFile()) throw new Error(`${path} is no regular file`);
      return { path: name, file: { path, content: readFileSync(path), mode: stats.mode & 0o7777 } };
    });

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
