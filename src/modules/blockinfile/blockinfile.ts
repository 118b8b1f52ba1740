import { ok } from "../../util/result.ts";
import { editHooks } from "../edit.ts";
import { fileOptionAliases, fileParams, normalizeFileArguments } from "../file-options.ts";
import type { HostModule } from "../module.ts";
import { validateWords } from "../validate-command.ts";
import { type BlockinfileArguments, blockinfileSchema, blockinfileReturns } from "./blockinfile.schema.ts";
import { editBlock } from "./edit-block.ts";

/** Makes sure of a marked block of lines in a file. */
export const blockinfile: HostModule<BlockinfileArguments> = {
  runs: "host",
  name: "ansible.builtin.blockinfile",
  summary: "Puts a marked block of lines into a text file, or takes it out.",
  schema: blockinfileSchema,
  optionAliases: { dest: "path", destfile: "path", name: "path", content: "block", ...fileOptionAliases },
  rules: {
    exclusive: [["insertbefore", "insertafter"]],
    ignored: [{ options: ["insertafter", "insertbefore"], option: "state", is: ["absent"] }],
  },
  normalize: (args) => {
    const words = validateWords(args.validate);
    return words.ok ? normalizeFileArguments(args) : words;
  },
  ...editHooks<BlockinfileArguments>({
    view: "latin1",
    decide: editBlock,
    params: (args) => {
      const words = validateWords(args.validate);
      if (!words.ok) return words;
      const { path, backup, create } = args;
      return ok({ ...fileParams(args), path, backup, create, validate: words.value });
    },
    keys: (_msg, backup): Record<string, string> => (backup === undefined ? {} : { backup_file: backup }),
  }),
  returns: blockinfileReturns,
  examples: `
- name: Support may come in from the bastion
  ansible.builtin.blockinfile:
    path: /etc/hosts.allow
    marker: "# {mark} SUPPORT"
    block: |
      sshd: 203.245.13.207
`,
};
