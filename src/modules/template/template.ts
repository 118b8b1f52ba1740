import type { ShellParams } from "../../shell/program.ts";
import { ok, type Result } from "../../util/result.ts";
import type { PlainMap } from "../../vars/value.ts";
import { contentParams } from "../content-params.ts";
import { copyFunctions } from "../copy/copy.ts";
import { fileOptionAliases, fileParams, normalizeFileArguments } from "../file-options.ts";
import type { HostModule, ModuleContext } from "../module.ts";
import { validateWords } from "../validate-command.ts";
import { type TemplateArguments, templateSchema, templateReturns } from "./template.schema.ts";

/** Renders a template on the controller and copies the outcome. */
export const template: HostModule<TemplateArguments> = {
  runs: "host",
  name: "ansible.builtin.template",
  summary: "Renders a template and puts the outcome on the host.",
  schema: templateSchema,
  optionAliases: fileOptionAliases,
  normalize: (args) => {
    const words = validateWords(args.validate);
    return words.ok ? normalizeFileArguments(args) : words;
  },
  functions: copyFunctions,
  params: (args, context) => templateParams(args, context, false),
  next: (result, args, context) =>
    result.fields["need_content"] === true ? templateParams(args, context, true) : ok(undefined),
  checkMode: "full",
  returns: templateReturns,
  examples: `
- name: The banner names the ticket
  ansible.builtin.template:
    src: banner.j2
    dest: /etc/ssh/banner
    owner: root
    group: root
    mode: "0644"
`,
};

const templateParams = (
  args: TemplateArguments,
  context: ModuleContext,
  whole: boolean,
): Result<ShellParams, string> => {
  const file = context.readFile(args.src, "templates");
  if (!file.ok) return file;
  const rendered = context.renderTemplate(file.value, renderOptions(args));
  if (!rendered.ok) return rendered;
  const words = validateWords(args.validate);
  if (!words.ok) return words;
  const { mode } = file.value;
  return ok({
    ...fileParams(args),
    ...(args.mode === "preserve" ? { mode: mode.toString(8).padStart(4, "0") } : {}),
    dest: args.dest,
    src: file.value.path,
    name: args.src.replace(/^.*\//, ""),
    force: args.force,
    backup: args.backup,
    follow: args.follow,
    validate: words.value,
    ...contentParams(Buffer.from(withNewlines(rendered.value, args.newline_sequence)), whole),
  });
};

/** The options by which the renderer reads a template, and where the outcome goes, by Ansible's names. */
const renderOptions = (args: TemplateArguments): PlainMap => {
  const { comment_start_string: commentStart, comment_end_string: commentEnd } = args;
  return {
    block_start_string: args.block_start_string,
    block_end_string: args.block_end_string,
    variable_start_string: args.variable_start_string,
    variable_end_string: args.variable_end_string,
    ...(commentStart === undefined ? {} : { comment_start_string: commentStart }),
    ...(commentEnd === undefined ? {} : { comment_end_string: commentEnd }),
    trim_blocks: args.trim_blocks,
    lstrip_blocks: args.lstrip_blocks,
    dest: args.dest,
  };
};

/** The option is written `\n` in single quotes as often as in double ones. */
const withNewlines = (text: string, sequence: string): string => {
  const newline = sequence.replaceAll("\\r", "\r").replaceAll("\\n", "\n");
  return newline === "\n" ? text : text.replaceAll(/\r\n|\r|\n/g, newline);
};
