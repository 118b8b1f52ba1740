import { shellBody, shellLibrary } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import { failedToStart, ran } from "../command/command-result.ts";
import type { HostModule } from "../module.ts";
import { type RawArguments, rawSchema, rawReturns } from "./raw.schema.ts";

/** Runs a text in a shell of the host and returns what it wrote, as it is. */
export const raw: HostModule<RawArguments> = {
  runs: "host",
  name: "ansible.builtin.raw",
  summary: "Runs a text in a shell of the host and returns what it wrote, as it is.",
  schema: rawSchema,
  freeForm: "cmd",
  normalize: (args) => ((args.cmd ?? "").trim() === "" ? err("no command given") : ok(args)),
  functions: [
    shellLibrary("run_command", new URL("../command/run-command.sh", import.meta.url)),
    shellBody("m_raw", new URL("raw.sh", import.meta.url)),
  ],
  params: ({ cmd, executable }) => ok({ cmd, executable }),
  result: (result) => ran(result),
  failure: (result) => failedToStart(result) ?? ran(result),
  checkMode: "skips",
  returns: rawReturns,
  examples: `
- name: What kind of system this is
  ansible.builtin.raw: uname -a
  changed_when: false
`,
};
