import type { ProgramResult, ShellParams } from "../../shell/program.ts";
import { quote } from "../../shell/quote.ts";
import { pathsLibrary } from "../../shell/libraries.ts";
import { shellBody, shellLibrary } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { errorText, type Fields, ran } from "../command/command-result.ts";
import { splitWords } from "../command/split-words.ts";
import type { HostModule, ModuleContext } from "../module.ts";
import { interpreterNamed, interpreterOf } from "./interpreter.ts";
import { type ScriptArguments, scriptSchema, scriptReturns } from "./script.schema.ts";

/** Runs a script of the controller on the host. */
export const script: HostModule<ScriptArguments> = {
  runs: "host",
  name: "ansible.builtin.script",
  summary: "Runs a script of the controller on the host.",
  schema: scriptSchema,
  freeForm: "cmd",
  normalize: (args) => {
    const words = splitWords(args.cmd ?? "");
    if (!words.ok) return words;
    if (words.value.length === 0) return err("no command given");
    const { chdir } = args;
    return chdir === undefined || chdir.startsWith("/")
      ? ok(args)
      : err(`chdir must be an absolute path, not ${chdir}`);
  },
  functions: [
    pathsLibrary,
    shellLibrary("run_command", new URL("../command/run-command.sh", import.meta.url)),
    shellBody("m_script", new URL("script.sh", import.meta.url)),
  ],
  params: (args, context) => scriptParams(args, context),
  result: (result, args) => resultOf(result, args),
  failure: (result, args) => resultOf(result, args),
  checkMode: "full",
  returns: scriptReturns,
  examples: `
- name: Collect what support needs
  ansible.builtin.script: collect.sh --since yesterday
`,
};

const notPredicted = "Check mode is not supported for this task.";

const resultOf = (result: ProgramResult, { creates, removes }: ScriptArguments): Fields => {
  const { fields } = result;
  if (fields["refused"] === "creates") return { msg: `${creates} exists, matching creates option` };
  if (fields["refused"] === "removes") return { msg: `${removes} does not exist, matching removes option` };
  if (typeof fields["chdir"] === "string") {
    const reason = errorText(Number(fields["errno"]), fields["chdir"]);
    return { msg: `Unable to change directory before execution: ${reason}` };
  }
  if (fields["clock"] !== undefined) return ran(result);
  return result.outcome === "skipped" ? { msg: notPredicted } : fields;
};

const scriptParams = (args: ScriptArguments, context: ModuleContext): Result<ShellParams, string> => {
  const { cmd = "", executable, chdir, creates, removes } = args;
  const words = splitWords(cmd);
  const [path = ""] = words.ok ? words.value : [];
  const file = context.readFile(path, "files", args.decrypt);
  if (!file.ok) return file;
  const { content } = file.value;
  if (content.includes(0))
    return err(`${path} is a program, not a script: bring it to the host with copy, then run it`);
  const { words: named, isShell } = interpreterOf(content);
  // The script's arguments are shell text of the user's, as in Ansible; "$0" is where the script can be read.
  const call = `${executable ?? named.map(quote).join(" ")} "$0" ${withoutFirstWord(cmd)}`;
  const reads = executable === undefined ? isShell : interpreterNamed(executable);
  return ok({ cmd: call, content, shell: reads, chdir, creates, removes });
};

/** The text after its first word, which may be quoted. */
const withoutFirstWord = (text: string): string => {
  const [, rest = ""] = /^\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+([\s\S]*)$/.exec(text) ?? [];
  return rest.trim();
};
