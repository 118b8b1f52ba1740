import process from "node:process";
import { runCli } from "./cli/cli.ts";
import type { Io } from "./cli/io.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const io: Io = {
  env: process.env,
  cwd: process.cwd(),
  pid: process.pid,
  isAlive: (pid) => {
    try {
      return process.kill(pid, 0);
    } catch (error) {
      // Somebody else's, and there.
      return error instanceof Error && "code" in error && error.code === "EPERM";
    }
  },
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupt: () => void process.kill(process.pid, "SIGINT"),
  onInterrupt: (listener) => {
    for (const signal of signals) process.on(signal, listener);
    return () => {
      for (const signal of signals) process.off(signal, listener);
    };
  },
};

// A write that fails must not end the process: what it started on hosts would be left alone there. A reader that went
// away (`latchkey … | head`) and a terminal that was closed are no errors of ours.
let unwritten: Error | undefined;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE" && error.code !== "EIO") unwritten ??= error;
});
process.stderr.on("error", () => {});

/** Runs the command line that the process was started with; sets its exit code. */
export const runProgram = async (): Promise<void> => {
  try {
    process.exitCode = await runCli(process.argv.slice(2), io);
    if (unwritten !== undefined) {
      process.stderr.write(`latchkey: standard output could not be written: ${unwritten.message}\n`);
      process.exitCode ||= 70;
    }
  } catch (error) {
    process.stderr.write(
      `latchkey: this is a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 70;
  }
};
