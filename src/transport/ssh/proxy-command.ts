import { spawn } from "node:child_process";
import { Duplex } from "node:stream";
import type { Failure } from "../../util/failure.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { onAbort } from "../on-abort.ts";
import type { ConnectionTarget } from "../transport.ts";
import { placeOf } from "./connect-failure.ts";

/** How much of what a command complains of is kept, in characters. */
const MOST_HEARD = 2000;

/**
 * Starts the command that is the way to a host, by the shell and as the leader of a group of its own: it cannot ask at the
 * terminal, and it ends with the connection (ProxyCommand, ssh_config(5)).
 */
export const openProxyCommand = async (
  command: string,
  target: ConnectionTarget,
  limitMs: number,
  signal: AbortSignal,
): Promise<Result<Duplex, Failure>> => {
  const child = spawn("/bin/sh", ["-c", `exec ${command}`], { stdio: ["pipe", "pipe", "pipe"], detached: true });
  let heard = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (heard = (heard + text).slice(-MOST_HEARD)));
  child.stdin.on("error", () => {});
  const explain = (reason: string): Failure => ({
    kind: "unreachable",
    message: `No connection to ${placeOf(target)} through its ProxyCommand: ${reason}.`,
    hint: `Try it by hand: ${command}`,
  });
  const end = (): void => void child.kill("SIGHUP");
  // A server speaks first.
  const problem = await new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(`nothing came through it within ${limitMs / 1000} s`), limitMs);
    const stopListening = onAbort(signal, () => resolve("cancelled"));
    const decide = (reason: string | undefined): void => {
      clearTimeout(timer);
      stopListening();
      child.stdout.off("readable", look);
      resolve(reason);
    };
    const look = (): void => {
      if (child.stdout.readableLength > 0) decide(undefined);
      // The end of the output is one only for who reads it.
      else child.stdout.read();
    };
    child.once("error", (error) => decide(error.message));
    child.stdout.on("readable", look);
    child.once("close", () => decide(lastLine(heard) ?? "it ended without a word"));
  });
  if (problem !== undefined) {
    end();
    return err(explain(problem));
  }
  return ok(Duplex.from({ readable: child.stdout, writable: child.stdin }).once("close", end));
};

const lastLine = (text: string): string | undefined =>
  text
    .split("\n")
    .map((line) => line.trim())
    .findLast((line) => line !== "");
