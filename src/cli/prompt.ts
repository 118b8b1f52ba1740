import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { escapeForTerminal } from "../util/escape.ts";
import { err, ok, type Result } from "../util/result.ts";
import type { Io } from "./io.ts";

/**
 * Asks the person at the terminal for one line; without `echo` it is not shown. An error where nobody can answer, and
 * where the signal comes first. Ctrl-C is no answer: it interrupts as it does outside of a question.
 */
export const promptFor = async (
  text: string,
  echo: boolean,
  io: Io,
  signal: AbortSignal = new AbortController().signal,
): Promise<Result<string, string>> => {
  if (!io.stdin.isTTY) return err(`cannot ask "${text.trim()}": standard input is no terminal`);
  const question = text.split("\n").map(escapeForTerminal).join("\n");
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: io.stdin, output: echo ? io.stderr : silent, terminal: true });
  // Only now: until there is a reader the terminal shows what is typed.
  if (!echo) io.stderr.write(question);
  reader.on("SIGINT", () => {
    reader.close();
    io.interrupt();
  });
  // A closed reader keeps no process alive until the interruption is there.
  const alive = setInterval(() => {}, 60_000);
  try {
    // The reader writes the question itself: it clears the line that it stands in.
    return ok(await reader.question(echo ? question : "", { signal }));
  } catch {
    return err("no answer was given");
  } finally {
    clearInterval(alive);
    reader.close();
    if (!echo) io.stderr.write("\n");
  }
};
