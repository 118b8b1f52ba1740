import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { CommandResult } from "../lab/lab.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A run that is under way. */
export interface Started {
  readonly pid: number;
  /** Resolves when standard output holds a text; rejects where it ends without it. */
  readonly said: (text: string) => Promise<void>;
  readonly signal: (name: "SIGINT" | "SIGTERM") => void;
  readonly done: Promise<CommandResult>;
}

/** Starts the built program in the repository's root, as a person would without a terminal. */
export function startLatchkey(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, ["dist/main.js", ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const done = new Promise<CommandResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => (stdout.includes(text) ? resolve() : undefined);
      child.stdout.on("data", look);
      child.on("close", () => reject(new Error(`it ended without saying "${text}": ${stdout}${stderr}`)));
      look();
    });
  return { pid: child.pid ?? 0, said, signal: (name) => void child.kill(name), done };
}

/** Runs it to its end. */
export function latchkey(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return startLatchkey(args, environment).done;
}

/** One line of Ansible's recap. */
export interface Recap {
  readonly host: string;
  readonly ok: number;
  readonly changed: number;
  readonly unreachable: number;
  readonly failed: number;
}

/** The recap lines of what the plain reporter wrote. */
export function recapOf(stdout: string): readonly Recap[] {
  const lines = stdout.matchAll(/^(\S+) +: ok=(\d+) +changed=(\d+) +unreachable=(\d+) +failed=(\d+) /gm);
  return [...lines].map(([, host = "", ok, changed, unreachable, failed]) => ({
    host,
    ok: Number(ok),
    changed: Number(changed),
    unreachable: Number(unreachable),
    failed: Number(failed),
  }));
}
