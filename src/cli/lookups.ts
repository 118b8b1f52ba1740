import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { err, ok, type Result } from "../util/result.ts";
import type { LookupEnvironment } from "../vars/template.ts";
import { problemText, Vault } from "../vault/vault.ts";
import { fetchUrl } from "./fetch-url.ts";
import type { Io } from "./io.ts";

/** What lookups may ask of this machine, with files looked for in some folders; made once for each. */
export const createLookups = (io: Io, vault = new Vault()): ((folders: readonly string[]) => LookupEnvironment) => {
  const made = new Map<string, LookupEnvironment>();
  return (folders) => {
    const key = folders.join("\0");
    const known = made.get(key) ?? lookupsOf(folders, io, vault);
    made.set(key, known);
    return known;
  };
};

const lookupsOf = (folders: readonly string[], io: Io, vault: Vault): LookupEnvironment => {
  const within = (folder: string): string[] => ["files", "templates", "vars", ""].map((name) => join(folder, name));
  return {
    searchPaths: [...folders.flatMap(within), io.cwd],
    env: io.env,
    now: () => new Date(),
    readFile: (path) => {
      try {
        return ok(readFileSync(path));
      } catch (error) {
        return err(error instanceof Error ? error.message : String(error));
      }
    },
    fileKind: (path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats === undefined) return undefined;
      return stats.isFile() ? "file" : stats.isDirectory() ? "directory" : "other";
    },
    list: (path) => {
      try {
        return readdirSync(path);
      } catch {
        return [];
      }
    },
    isLink: (path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true,
    realPath: (path) => realPath(resolve(io.cwd, path)),
    // The last of the folders is that of the playbook, after those of roles.
    playbookFolder: folders.at(-1) ?? io.cwd,
    writeSecret: (path, content) => {
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content, { mode: 0o600 });
        return ok(undefined);
      } catch (error) {
        return err(error instanceof Error ? error.message : String(error));
      }
    },
    openVault: (envelope) => {
      const opened = vault.openText(envelope);
      return opened.ok ? opened : err(problemText(opened.error));
    },
    runPipe: (command) => runPipe(command, io),
    fetchUrl: (request) => fetchUrl(request, io.env),
  };
};

/** As Python's `os.path.realpath`: what does not exist stands below the real path of what does. */
const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
  }
};

const runPipe = (command: string, io: Io): Result<string, string> => {
  const done = spawnSync("/bin/sh", ["-c", command], { cwd: io.cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (done.error !== undefined) return err(done.error.message);
  if (done.status === 0) return ok(done.stdout);
  return err(`the command ended with ${done.status ?? done.signal}: ${done.stderr.trim()}`);
};
