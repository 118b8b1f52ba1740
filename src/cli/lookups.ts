import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "../util/result.ts";
import type { LookupEnvironment } from "../vars/template.ts";
import { problemText, Vault } from "../vault/vault.ts";
import type { Io } from "./io.ts";

/** What lookups may ask of this machine, for the playbook at a path; made once for each. */
export const createLookups = (io: Io, vault = new Vault()): ((playbookPath: string) => LookupEnvironment) => {
  const made = new Map<string, LookupEnvironment>();
  return (playbookPath) => {
    const known = made.get(playbookPath) ?? lookupsOf(playbookPath, io, vault);
    made.set(playbookPath, known);
    return known;
  };
};

const lookupsOf = (playbookPath: string, io: Io, vault: Vault): LookupEnvironment => {
  const folder = dirname(playbookPath);
  return {
    searchPaths: [...["files", "templates", "vars"].map((name) => join(folder, name)), folder, io.cwd],
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
    openVault: (envelope) => {
      const opened = vault.openText(envelope);
      return opened.ok ? opened : err(problemText(opened.error));
    },
    runPipe: (command) => runPipe(command, io),
  };
};

const runPipe = (command: string, io: Io): Result<string, string> => {
  const done = spawnSync("/bin/sh", ["-c", command], { cwd: io.cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (done.error !== undefined) return err(done.error.message);
  if (done.status === 0) return ok(done.stdout);
  return err(`the command ended with ${done.status ?? done.signal}: ${done.stderr.trim()}`);
};
