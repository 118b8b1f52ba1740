import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { CommandResult } from "../lab/lab.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Runs the built program in the repository's root, as a person would without a terminal. */
export function latchkey(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["dist/main.js", ...args], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
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
