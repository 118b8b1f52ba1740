import type { ProgramResult } from "../../shell/program.ts";
import { pathsLibrary } from "../../shell/libraries.ts";
import { shellBody, shellLibrary } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import { commandResult, type Fields } from "../command/command-result.ts";
import { quoteWords } from "../command/split-words.ts";
import { stdinParams } from "../command/stdin-params.ts";
import type { HostModule } from "../module.ts";
import { type ShellArguments, shellSchema, shellReturns } from "./shell.schema.ts";

/** Runs a text in a shell of the host. */
export const shell: HostModule<ShellArguments> = {
  runs: "host",
  name: "ansible.builtin.shell",
  summary: "Runs a text in a shell of the host.",
  schema: shellSchema,
  freeForm: "cmd",
  normalize: (args) => ((args.cmd ?? "").trim() === "" ? err("no command given") : ok(args)),
  functions: [
    pathsLibrary,
    shellLibrary("run_command", new URL("../command/run-command.sh", import.meta.url)),
    shellBody("m_shell", new URL("shell.sh", import.meta.url)),
  ],
  params: (args) => {
    const { cmd, executable, chdir, creates, removes } = args;
    return ok({ cmd, executable, chdir, creates, removes, ...stdinParams(args) });
  },
  result: (result, args) => resultOf(result, args),
  failure: (result, args) => resultOf(result, args),
  checkMode: "full",
  returns: shellReturns,
  examples: `
- name: Count the sessions of the support account
  ansible.builtin.shell: who | grep -c '^support ' || true
  register: sessions
  changed_when: false
`,
};

const resultOf = (result: ProgramResult, args: ShellArguments): Fields => {
  const { cmd = "", executable = "/bin/sh", creates, removes } = args;
  const text = quoteWords([executable, "-c", cmd]);
  return commandResult(result, { cmd, text, creates, removes, stripEmptyEnds: true });
};
