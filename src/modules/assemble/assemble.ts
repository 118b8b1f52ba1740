import type { ProgramResult, ShellParams } from "../../shell/program.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { contentParams } from "../content-params.ts";
import { copyFunctions } from "../copy/copy.ts";
import { fileOptionAliases, fileParams, normalizeFileArguments } from "../file-options.ts";
import type { HostModule, ModuleContext } from "../module.ts";
import { validateWords } from "../validate-command.ts";
import { type AssembleArguments, assembleSchema, assembleReturns } from "./assemble.schema.ts";
import { chooseFragments, delimiterBytes, joinFragments } from "./fragments.ts";

/** Makes one file of those of a folder. */
export const assemble: HostModule<AssembleArguments> = {
  runs: "host",
  name: "ansible.builtin.assemble",
  summary: "Makes one file of the host of all files of a folder.",
  schema: assembleSchema,
  optionAliases: fileOptionAliases,
  normalize: (args) => normalizeAssemble(args),
  functions: [...copyFunctions, shellBody("m_assemble", new URL("assemble.sh", import.meta.url))],
  params: (args, context) =>
    args.remote_src ? withCommon(args, { remote_src: true }) : localParams(args, context, false),
  next: (result, args, context) => {
    if (result.fields["need_content"] === true) return localParams(args, context, true);
    return result.fields["listed"] === true ? remoteParams(args, result) : ok(undefined);
  },
  result: ({ fields }, args) => (args.remote_src ? { ...fields, msg: "OK" } : fields),
  checkMode: "full",
  returns: assembleReturns,
  examples: `
- name: One file of the fragments beside the playbook
  ansible.builtin.assemble:
    src: sshd_config.d
    remote_src: false
    dest: /etc/ssh/sshd_config
    regexp: '\\.conf$'
    mode: "0600"
    validate: sshd -t -f %s
- name: One file of the fragments that are on the host
  ansible.builtin.assemble:
    src: /etc/motd.d
    dest: /etc/motd
    ignore_hidden: true
    delimiter: "----"
`,
};

const normalizeAssemble = (args: AssembleArguments): Result<AssembleArguments, string> => {
  if (args.dest.endsWith("/")) return err(`dest is the file that is made, not a directory: ${args.dest}`);
  const words = validateWords(args.validate);
  if (!words.ok) return words;
  const chosen = chooseFragments([], args);
  return chosen.ok ? normalizeFileArguments(args) : chosen;
};

const withCommon = (args: AssembleArguments, params: ShellParams): Result<ShellParams, string> => {
  const words = validateWords(args.validate);
  if (!words.ok) return words;
  const { src, dest, backup } = args;
  return ok({ ...fileParams(args), src, dest, backup, force: true, follow: false, validate: words.value, ...params });
};

const localParams = (args: AssembleArguments, context: ModuleContext, whole: boolean): Result<ShellParams, string> => {
  const folder = context.readFolder?.(args.src, "files", args.decrypt) ?? ok(undefined);
  if (!folder.ok) return folder;
  if (folder.value === undefined) return err(`Source (${args.src}) is not a directory`);
  const files = new Map(
    folder.value.flatMap(({ path, file }) => (file === undefined || path.includes("/") ? [] : [[path, file.content]])),
  );
  const chosen = chooseFragments([...files.keys()], args);
  if (!chosen.ok) return chosen;
  const contents = chosen.value.flatMap((name) => files.get(name) ?? []);
  return withCommon(args, contentParams(joinFragments(contents, delimiterBytes(args.delimiter)), whole));
};

/** The host said which files there are. */
const remoteParams = (args: AssembleArguments, { fields }: ProgramResult): Result<ShellParams, string> => {
  const { entries } = fields;
  // A planned file may be there already.
  const names = [...new Set(Array.isArray(entries) ? entries.map(String) : [])];
  const chosen = chooseFragments(names, args);
  if (!chosen.ok) return chosen;
  const unreadable = chosen.value.find((name) => name.includes("\ufffd"));
  if (unreadable !== undefined) return err(`the name of a file in ${args.src} is not UTF-8: ${unreadable}. Rename it`);
  return withCommon(args, {
    remote_src: true,
    fragments: chosen.value,
    delimiter: delimiterBytes(args.delimiter),
  });
};
