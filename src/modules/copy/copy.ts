import { createHash } from "node:crypto";
import { filesLibrary, pathsLibrary, writeLibrary } from "../../shell/libraries.ts";
import type { ShellParams } from "../../shell/program.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { contentParams } from "../content-params.ts";
import { fileOptionAliases, fileParams, normalizeFileArguments, normalizeMode } from "../file-options.ts";
import type { HostModule, ModuleContext } from "../module.ts";
import { toJson } from "../../vars/python/json.ts";
import { text } from "../../vars/python/text.ts";
import type { Plain } from "../../vars/value.ts";
import { validateWords } from "../validate-command.ts";
import { type CopyArguments, copySchema, copyReturns } from "./copy.schema.ts";
import { folderParams } from "./folder-params.ts";

/** The body that makes a path hold a content; template uses it too. */
export const copyFunctions = [
  pathsLibrary,
  filesLibrary,
  writeLibrary,
  shellBody("m_copy", new URL("copy.sh", import.meta.url)),
];

/** Puts files on the host. */
export const copy: HostModule<CopyArguments> = {
  runs: "host",
  name: "ansible.builtin.copy",
  summary: "Puts a file, a folder or a given content on the host.",
  schema: copySchema,
  optionAliases: fileOptionAliases,
  rules: {
    exclusive: [["src", "content"]],
    ignored: [{ options: ["directory_mode", "local_follow"], with: ["content"] }],
  },
  normalize: (args) => normalizeCopy(args),
  functions: copyFunctions,
  params: (args, context) => copyParams(args, context, false),
  next: (result, args, context) =>
    result.fields["need_content"] === true ? copyParams(args, context, true) : ok(undefined),
  checkMode: "full",
  returns: copyReturns,
  examples: `
- name: A message for who logs in
  ansible.builtin.copy:
    content: |
      Vendor support works on this host.
    dest: /etc/motd
    mode: "0644"
- name: A file from beside the playbook
  ansible.builtin.copy:
    src: sshd.conf
    dest: /etc/ssh/sshd_config.d/50-support.conf
    owner: root
    group: root
    mode: "0600"
    validate: sshd -t -f %s
    backup: true
`,
};

const normalizeCopy = (args: CopyArguments): Result<CopyArguments, string> => {
  if (args.src === undefined && args.content === undefined) return err("src (or content) is required");
  if (args.content !== undefined && args.dest.endsWith("/")) return err("can not use content with a dir as dest");
  if (args.remote_src && args.src === undefined) return err("remote_src needs src");
  const words = validateWords(args.validate);
  if (!words.ok) return words;
  const directoryMode = args.directory_mode === undefined ? ok(undefined) : normalizeMode(args.directory_mode);
  if (!directoryMode.ok) return directoryMode;
  const { value } = directoryMode;
  return normalizeFileArguments({ ...args, ...(value === undefined ? {} : { directory_mode: value }) });
};

const copyParams = (args: CopyArguments, context: ModuleContext, whole: boolean): Result<ShellParams, string> => {
  const common = commonParams(args);
  if (!common.ok) return common;
  const { src } = args;
  if (src === undefined) return withContent(args, common.value, { content: textOf(args.content), whole });
  const base = src.replace(/\/+$/, "").replace(/^.*\//, "");
  if (args.remote_src) return ok({ ...common.value, remote: true, src, name: base });
  const folder = context.readFolder?.(src, "files", args.decrypt);
  if (folder !== undefined && !folder.ok) return folder;
  if (folder?.value !== undefined) {
    return ok({ ...common.value, src, base: src.endsWith("/") ? "" : base, ...folderParams(folder.value) });
  }
  const file = context.readFile(src, "files", args.decrypt);
  if (!file.ok) return file;
  const mode = args.mode === "preserve" ? { mode: file.value.mode.toString(8).padStart(4, "0") } : {};
  const params = { ...common.value, ...mode, src: file.value.path, name: base };
  return withContent(args, params, { content: file.value.content, whole });
};

const commonParams = (args: CopyArguments): Result<ShellParams, string> => {
  const words = validateWords(args.validate);
  if (!words.ok) return words;
  return ok({
    ...fileParams(args),
    dest: args.dest,
    force: args.force,
    backup: args.backup,
    follow: args.follow,
    preserve: args.mode === "preserve",
    directory_mode: args.directory_mode === undefined ? undefined : String(args.directory_mode),
    validate: words.value,
  });
};

const withContent = (
  args: CopyArguments,
  params: ShellParams,
  { content, whole }: { readonly content: Uint8Array; readonly whole: boolean },
): Result<ShellParams, string> => {
  const sha1 = createHash("sha1").update(content).digest("hex");
  if (args.checksum !== undefined && args.checksum.toLowerCase() !== sha1) {
    return err("Copied file does not match the expected checksum. Transfer failed.");
  }
  return ok({ ...params, ...contentParams(content, whole) });
};

/** Lists and maps become JSON; numbers and booleans what Python writes for them. */
const textOf = (content: CopyArguments["content"]): Uint8Array => {
  // The schema's type knows nothing of what is inside; arguments are plain values all through.
  const value = (content ?? "") as Plain;
  return Buffer.from(typeof value === "object" ? toJson(value) : text(value));
};
