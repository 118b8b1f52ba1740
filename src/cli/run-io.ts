import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { varsOf } from "../playbook/vars-of.ts";
import { readYaml } from "../playbook/read-yaml.ts";
import type { ControllerFile, FolderEntry } from "../modules/module.ts";
import type { RunIo } from "../run/run-services.ts";
import { isVaulted } from "../vault/envelope.ts";
import { problemText, Vault } from "../vault/vault.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { Io } from "./io.ts";
import { withoutQuotes } from "./vault.ts";
import { promptFor } from "./prompt.ts";

/** The real files, clock and terminal of a run. */
export const createRunIo = (io: Io, vault = new Vault()): RunIo => ({
  clock: Date.now,
  wait: async (ms, signal) => {
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  },
  canPrompt: () => io.stdin.isTTY,
  prompt: (text, echo, signal) => promptFor(text, echo, io, signal),
  readFile: (folders, path, kind, decrypt) => {
    const found = find(path, folders, [kind]);
    if (!found.ok) return found;
    const stats = statSync(found.value);
    if (!stats.isFile()) return err(`${found.value} is no regular file`);
    return readable(() => readOpened(found.value, stats.mode, decrypt === false ? undefined : vault));
  },
  readFolder: (folders, path, kind, decrypt) => {
    const found = find(path, folders, [kind]);
    if (!found.ok || !statSync(found.value).isDirectory()) return found.ok ? ok(undefined) : found;
    return readable(() => entriesBelow(found.value, decrypt === false ? undefined : vault));
  },
  listFiles: (folders, path) => {
    const found = find(path, folders, ["vars", "files"]);
    return found.ok ? readable(() => filesBelow(found.value)) : found;
  },
  absolute: (folder, path) => resolve(folder, expandHome(path)),
  readSaved: (folder, path) => {
    const full = resolve(folder, expandHome(path));
    return readable(() => {
      const stats = statSync(full, { throwIfNoEntry: false });
      if (stats === undefined || stats.isDirectory()) return stats === undefined ? stats : "directory";
      if (!stats.isFile()) throw new Error(`${full} is no regular file`);
      return readFileSync(full);
    });
  },
  saveFile: (folder, path, content) => {
    const full = resolve(folder, expandHome(path));
    return readable(() => {
      mkdirSync(dirname(full), { recursive: true });
      const temporary = `${full}.${randomUUID()}`;
      try {
        writeFileSync(temporary, content, { flag: "wx" });
        renameSync(temporary, full);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
    });
  },
  readVars: (folders, path) => {
    const found = find(path, folders, ["vars"]);
    if (!found.ok) return found;
    const diagnostics: Diagnostic[] = [];
    const vars = varsOf(readYaml(found.value, diagnostics, vault), diagnostics);
    const [problem] = diagnostics.map(withoutQuotes);
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

const expandHome = (path: string): string =>
  path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;

/** The first of the folders in which the path exists: each is looked at after what lies in it for this kind of file. */
const find = (path: string, folders: readonly string[], kinds: readonly string[]): Result<string, string> => {
  const expanded = expandHome(path);
  const candidates = isAbsolute(expanded)
    ? [expanded]
    : folders.flatMap((folder) => [...kinds, ""].map((kind) => resolve(folder, kind, expanded)));
  const found = candidates.find((candidate) => statSync(candidate, { throwIfNoEntry: false }) !== undefined);
  return found === undefined
    ? err(`Could not find or access '${path}' on the controller; looked for ${candidates.join(", ")}`)
    : ok(found);
};

/** A file with its content, out of its vault where there is one to open it. @throws Error where that fails */
const readOpened = (path: string, mode: number, vault: Vault | undefined): ControllerFile => {
  const file = { path, content: readFileSync(path), mode: mode & 0o7777 };
  if (vault === undefined || !isVaulted(file.content)) return file;
  if (vault.keepsValuesClosed) throw new Error(`${path} is vaulted, and a script for a customer carries no secret`);
  const opened = vault.open(file.content.toString("latin1"));
  if (!opened.ok) throw new Error(`${path}: ${problemText(opened.error)}`);
  // What is no text is told by nobody.
  if (isUtf8(opened.value)) vault.learnText(opened.value.toString("utf8"));
  return { ...file, content: opened.value };
};

const entriesBelow = (folder: string, vault: Vault | undefined): readonly FolderEntry[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((name) => {
      const path = join(folder, name);
      const stats = statSync(path);
      if (stats.isDirectory()) return { path: name };
      if (!stats.isFile()) throw new Error(`${path} is no regular file`);
      return { path: name, file: readOpened(path, stats.mode, vault) };
    });

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
