import type { ShellParams } from "../../shell/program.ts";

/** The parameters of a text for a command's standard input: it travels through a pipe, never through a file. */
export const stdinParams = (args: { readonly stdin?: string; readonly stdin_add_newline: boolean }): ShellParams =>
  args.stdin === undefined
    ? {}
    : { has_stdin: true, stdin: Buffer.from(args.stdin_add_newline ? `${args.stdin}\n` : args.stdin) };
