import { pathsLibrary } from "./libraries.ts";
import type { Program, ShellFunction } from "./program.ts";
import { shellBody, withoutComments } from "./shell-function.ts";

/** Starts a program that goes on without its session: `program` its text, `jid` its name, `limit` its seconds. */
export const startJob: readonly ShellFunction[] = [
  pathsLibrary,
  shellBody("m_start_job", new URL("start-job.sh", import.meta.url)),
];

const prelude = new URL("prelude.sh", import.meta.url);
const runJob = new URL("run-job.sh", import.meta.url);

/** A program as the text of a job: it has everything that a session would have given it, and needs none. */
export const jobProgram = ({ functions, text }: Program): string =>
  [
    withoutComments(prelude),
    ...functions.map((fn) => fn.text),
    `jb_program() {\n${text}}\n`,
    withoutComments(runJob),
    'jb_main "$@"; exit\n',
  ].join("");
