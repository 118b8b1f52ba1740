import { filesLibrary, pathsLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok, type Result } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type TempfileArguments, tempfileSchema, tempfileReturns } from "./tempfile.schema.ts";

/** Makes a file or directory with a name that nothing had. */
export const tempfile: HostModule<TempfileArguments> = {
  runs: "host",
  name: "ansible.builtin.tempfile",
  summary: "Makes a temporary file or directory that only its owner may use.",
  schema: tempfileSchema,
  normalize: (args) => normalizeTempfile(args),
  functions: [pathsLibrary, filesLibrary, shellBody("m_tempfile", new URL("tempfile.sh", import.meta.url))],
  params: ({ state, path, prefix, suffix }) => ok({ state, path, prefix, suffix }),
  checkMode: "full",
  returns: tempfileReturns,
  examples: `
- name: A place for the logs that go to the vendor
  ansible.builtin.tempfile:
    state: directory
    prefix: support.
  register: logs
- name: Collect them there
  ansible.builtin.copy:
    src: /var/log/syslog
    dest: "{{ logs.path }}/syslog"
    remote_src: true
`,
};

const normalizeTempfile = (args: TempfileArguments): Result<TempfileArguments, string> => {
  for (const name of ["prefix", "suffix"] as const) {
    if (args[name].includes("/")) {
      return err(`${name} is a part of a name and must not contain "/": ${args[name]}. path says where it is made`);
    }
  }
  return ok(args);
};
