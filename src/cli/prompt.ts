import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { err, ok, type Result } from "../util/result.ts";
import type { Io } from "./io.ts";

/** Asks the person at the terminal for one line; without `echo` it is not shown. An error where nobody can answer. */
export const promptFor = async (text: string, echo: boolean, io: Io): Promise<Result<string, string>> => {
  if (!io.stdin.isTTY) return err(`cannot ask "${text.trim()}": standard input is no terminal`);
  io.stderr.write(text);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: io.stdin, output: echo ? io.stderr : silent, terminal: true });
  try {
    return ok(await reader.question(""));
  } catch {
    return err("no answer was given");
  } finally {
    reader.close();
    if (!echo) io.stderr.write("\n");
  }
};
