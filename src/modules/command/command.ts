import type { ProgramResult } from "../../shell/program.ts";
import { pathsLibrary } from "../../shell/libraries.ts";
import { shellBody, shellLibrary } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { commandResult, type Fields } from "./command-result.ts";
import { type CommandArguments, commandSchema, commandModuleReturns } from "./command.schema.ts";
import { stdinParams } from "./stdin-params.ts";
import { quoteWords, splitWords } from "./split-words.ts";

/** Runs a program of the host, without a shell. */
export const command: HostModule<CommandArguments> = {
  runs: "host",
  name: "ansible.builtin.command",
  summary: "Runs a program of the host, without a shell.",
  schema: commandSchema,
  freeForm: "cmd",
  normalize: (args) => {
    if (args.cmd !== undefined && args.argv !== undefined) return err("only command or argv can be given, not both");
    const words = wordsOf(args);
    if (!words.ok) return words;
    return words.value.length === 0 ? err("no command given") : ok(args);
  },
  functions: [
    pathsLibrary,
    shellLibrary("run_command", new URL("run-command.sh", import.meta.url)),
    shellBody("m_command", new URL("command.sh", import.meta.url)),
  ],
  params: (args) => {
    const words = wordsOf(args);
    if (!words.ok) return words;
    const { chdir, creates, removes } = args;
    return ok({ argv: words.value, expand: args.expand_argument_vars, chdir, creates, removes, ...stdinParams(args) });
  },
  result: (result, args) => resultOf(result, args),
  failure: (result, args) => resultOf(result, args),
  checkMode: "full",
  returns: commandModuleReturns,
  examples: `
- name: Make the keys of the host
  ansible.builtin.command: ssh-keygen -A
  args:
    creates: /etc/ssh/ssh_host_ed25519_key
- name: A name with spaces
  ansible.builtin.command:
    argv: [touch, /tmp/two words]
`,
};

const wordsOf = (args: CommandArguments): Result<readonly string[], string> =>
  args.argv === undefined ? splitWords(args.cmd ?? "") : ok(args.argv);

const resultOf = (result: ProgramResult, args: CommandArguments): Fields => {
  const words = wordsOf(args);
  const cmd = words.ok ? words.value : [];
  const { creates, removes } = args;
  return commandResult(result, { cmd, text: quoteWords(cmd), creates, removes, stripEmptyEnds: args.strip_empty_ends });
};
