import { err, ok, type Result } from "../../util/result.ts";
import { editHooks } from "../edit.ts";
import { fileOptionAliases, fileParams, normalizeFileArguments } from "../file-options.ts";
import type { HostModule } from "../module.ts";
import { validateWords } from "../validate-command.ts";
import { editLines } from "./edit-lines.ts";
import { type LineinfileArguments, lineinfileSchema, lineinfileReturns } from "./lineinfile.schema.ts";

const fileNotPresent = "file not present";

/** Makes sure of one line in a file. */
export const lineinfile: HostModule<LineinfileArguments> = {
  runs: "host",
  name: "ansible.builtin.lineinfile",
  summary: "Puts one line into a text file, or takes lines out.",
  schema: lineinfileSchema,
  optionAliases: {
    dest: "path",
    destfile: "path",
    name: "path",
    regex: "regexp",
    value: "line",
    ...fileOptionAliases,
  },
  rules: {
    exclusive: [
      ["insertbefore", "insertafter"],
      ["regexp", "search_string"],
      ["backrefs", "search_string"],
    ],
    ignored: [
      { options: ["insertafter", "insertbefore", "create"], option: "state", is: ["absent"] },
      { options: ["firstmatch"], without: ["insertafter", "insertbefore", "regexp", "search_string"] },
    ],
  },
  normalize: (args) => normalizeLineinfile(args),
  ...editHooks<LineinfileArguments>({
    view: "latin1",
    diffList: true,
    decide: editLines,
    params: (args) => {
      const words = validateWords(args.validate);
      if (!words.ok) return words;
      const { path, backup } = args;
      const create = args.create && args.state === "present";
      const missing = args.state === "absent" ? fileNotPresent : undefined;
      return ok({ ...fileParams(args), path, backup, create, missing, subject: "Destination", validate: words.value });
    },
    keys: (msg, backup, args) => {
      const removed = /^(\d+) line\(s\) removed/.exec(msg)?.[1] ?? "0";
      const found = args.state === "absent" && msg !== fileNotPresent ? { found: Number(removed) } : {};
      return { backup: backup ?? "", ...found };
    },
  }),
  returns: lineinfileReturns,
  examples: `
- name: Nobody logs in with a password
  ansible.builtin.lineinfile:
    path: /etc/ssh/sshd_config
    regexp: "^#?PasswordAuthentication "
    line: PasswordAuthentication no
    validate: sshd -t -f %s
- name: The host knows the bastion
  ansible.builtin.lineinfile:
    path: /etc/hosts
    line: 203.245.13.207 bastion
`,
};

const normalizeLineinfile = (args: LineinfileArguments): Result<LineinfileArguments, string> => {
  const { state, regexp, search_string: searchString, line } = args;
  if (state === "present") {
    if (args.backrefs && regexp === undefined) return err("regexp is required with backrefs=true");
    if (line === undefined) return err("line is required with state=present");
  } else if (regexp === undefined && searchString === undefined && line === undefined) {
    return err("one of line, search_string, or regexp is required with state=absent");
  }
  const words = validateWords(args.validate);
  return words.ok ? normalizeFileArguments(args) : words;
};
