import { filesLibrary, pathsLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import { fileOptionAliases, fileParams, normalizeFileArguments } from "../file-options.ts";
import type { HostModule } from "../module.ts";
import { type FileModuleArguments, fileSchema, fileReturns } from "./file.schema.ts";
import { touchTime } from "./touch-time.ts";

/** Makes files, directories and links be there or not, with owner, group and mode. */
export const file: HostModule<FileModuleArguments> = {
  runs: "host",
  name: "ansible.builtin.file",
  summary: "Makes a file, directory or link be there or not, and sets its owner, group and mode.",
  schema: fileSchema,
  optionAliases: { dest: "path", name: "path", ...fileOptionAliases },
  rules: {
    ignored: [
      {
        options: ["access_time", "group", "mode", "modification_time", "owner", "recurse"],
        option: "state",
        is: ["absent"],
      },
      { options: ["modification_time_format"], without: ["modification_time"] },
      { options: ["access_time_format"], without: ["access_time"] },
    ],
    effects: ["state", "src", "recurse", "owner", "group", "mode", "modification_time", "access_time", "attributes"],
  },
  normalize: (args) => normalizeFile(args),
  functions: [pathsLibrary, filesLibrary, shellBody("m_file", new URL("file.sh", import.meta.url))],
  params: (args) =>
    ok({
      ...fileParams(args),
      path: args.path,
      state: args.state,
      src: args.src,
      recurse: args.recurse,
      force: args.force,
      follow: args.follow,
      mtime: args.modification_time,
      atime: args.access_time,
    }),
  checkMode: "full",
  returns: fileReturns,
  examples: `
- name: A directory for keys that only root changes
  ansible.builtin.file:
    path: /etc/ssh/authorized_keys.d
    state: directory
    owner: root
    group: root
    mode: "0755"
- name: No trace of the work
  ansible.builtin.file:
    path: /var/tmp/support
    state: absent
`,
};

const normalizeFile = (args: FileModuleArguments): Result<FileModuleArguments, string> => {
  const { state, src } = args;
  if (args.recurse && state !== undefined && state !== "directory") {
    return err("recurse option requires state to be 'directory'");
  }
  if (src !== undefined && state !== undefined && state !== "link" && state !== "hard") {
    return err(`src option requires state to be 'link' or 'hard'`);
  }
  const mtime = touchTime(args.modification_time, args.modification_time_format);
  if (!mtime.ok) return mtime;
  const atime = touchTime(args.access_time, args.access_time_format);
  if (!atime.ok) return atime;
  const times = {
    ...(mtime.value === undefined ? {} : { modification_time: mtime.value }),
    ...(atime.value === undefined ? {} : { access_time: atime.value }),
  };
  // Normalized times are read again as such: arguments are checked before the run and in it.
  const formats = { modification_time_format: "%Y%m%d%H%M.%S", access_time_format: "%Y%m%d%H%M.%S" };
  return normalizeFileArguments({ ...args, ...times, ...formats });
};
