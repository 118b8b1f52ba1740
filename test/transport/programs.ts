import { quote } from "../../src/shell/quote.ts";
import type { Program } from "../../src/shell/program.ts";
import type { ConnectionTarget, ExecOptions } from "../../src/transport/transport.ts";

/** A program from the text of its subshell. */
export const program = (text: string): Program => ({ functions: [], text: `${text}\n` });

/** A program that runs a command in the open, as the command modules do, and answers with its status. */
export const openCommand = (command: string): Program =>
  program(`lk_begin\nsh -c ${quote(command)}\nlk_i rc "$?"\nlk_changed`);

/** Options that never cancel. */
export const patient = (options: Partial<ExecOptions> = {}): ExecOptions => ({
  signal: new AbortController().signal,
  ...options,
});

/** A target with usual values. */
export const target = (options: Partial<ConnectionTarget> = {}): ConnectionTarget => ({
  name: "testhost",
  kind: "local",
  address: "127.0.0.1",
  port: 22,
  user: "root",
  hostKeyPolicy: "strict",
  knownHostsFiles: [],
  connectTimeoutMs: 5000,
  idleTimeoutMs: 0,
  ...options,
});
