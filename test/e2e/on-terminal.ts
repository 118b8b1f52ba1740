import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Started } from "./latchkey.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A run whose input and output is a terminal of 100 columns and 40 lines. */
export interface OnTerminal extends Pick<Started, "said" | "done"> {
  /** Types on its keyboard; `\x03` is Ctrl-C. */
  readonly type: (keys: string) => void;
  /** Closes the terminal's window: nothing can be written to it any more. */
  readonly hangUp: () => void;
}

/**
 * Starts the built program on a terminal made by script(1); what is left of it on `stdout` is what the terminal was
 * sent. Its standard error goes to `errors`, a path, where one is given.
 */
export function onTerminal(args: readonly string[], errors?: string): OnTerminal {
  const words = [process.execPath, "dist/main.js", ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const command = `stty cols 100 rows 40; exec ${words.join(" ")} ${errors === undefined ? "" : `2>'${errors}'`}`;
  const child = spawn("script", ["-qfec", command, "/dev/null"], {
    cwd: ROOT,
    env: { ...process.env, TERM: "xterm-256color", SHELL: "/bin/sh" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return {
    done: new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    }),
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => (stdout.includes(text) ? resolve() : undefined);
        child.stdout.on("data", look);
        child.on("close", () => reject(new Error(`it ended without saying "${text}": ${stdout}${stderr}`)));
        look();
      }),
    type: (keys) => void child.stdin.write(keys),
    hangUp: () => void child.kill("SIGKILL"),
  };
}
