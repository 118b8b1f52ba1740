import { ok } from "../../util/result.ts";
import { editHooks } from "../edit.ts";
import { fileOptionAliases, fileParams, normalizeFileArguments } from "../file-options.ts";
import type { HostModule } from "../module.ts";
import { validateWords } from "../validate-command.ts";
import { type ReplaceArguments, replaceSchema, replaceReturns } from "./replace.schema.ts";
import { replaceMatches } from "./replace-matches.ts";

/** Replaces what a regular expression matches. */
export const replace: HostModule<ReplaceArguments> = {
  runs: "host",
  name: "ansible.builtin.replace",
  summary: "Replaces everything in a text file that a regular expression matches.",
  schema: replaceSchema,
  optionAliases: { dest: "path", destfile: "path", name: "path", ...fileOptionAliases },
  normalize: (args) => {
    const words = validateWords(args.validate);
    return words.ok ? normalizeFileArguments(args) : words;
  },
  ...editHooks<ReplaceArguments>({
    view: "utf8",
    decide: replaceMatches,
    params: (args) => {
      const words = validateWords(args.validate);
      if (!words.ok) return words;
      const { path, backup } = args;
      return ok({ ...fileParams(args), path, backup, validate: words.value });
    },
    keys: (_msg, backup) => ({ rc: 0, ...(backup === undefined ? {} : { backup_file: backup }) }),
  }),
  returns: replaceReturns,
  examples: `
- name: The old bastion's address is the new one's
  ansible.builtin.replace:
    path: /etc/hosts.allow
    regexp: '\\b203\\.245\\.13\\.206\\b'
    replace: 203.245.13.207
    backup: true
`,
};
