import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type PackageArguments, packageReturns, packageSchema } from "./package.schema.ts";

/** Installs or removes packages, with whatever package manager the host has. */
export const packageModule: HostModule<PackageArguments> = {
  runs: "host",
  name: "ansible.builtin.package",
  summary: "Installs, updates or removes packages, with whatever package manager the host has.",
  schema: packageSchema,
  optionAliases: { pkg: "name" },
  normalize: (args) => {
    // oxlint-disable-next-line no-control-regex -- the body keeps names as lines
    const wrong = args.name.find((name) => /^-|^\s*$|[\u0000-\u001f\u007f]/.test(name));
    return wrong === undefined ? ok(args) : err(`invalid name of a package: ${JSON.stringify(wrong)}`);
  },
  functions: [shellBody("m_package", new URL("package.sh", import.meta.url))],
  params: ({ name, state, use, update_cache }) =>
    ok({
      names: name.map((text) => text.trim()),
      state: state === "installed" ? "present" : state === "removed" ? "absent" : state,
      use,
      update_cache,
    }),
  checkMode: "full",
  returns: packageReturns,
  examples: `
- name: The programs that support works with
  ansible.builtin.package:
    name: [tcpdump, strace]
    state: present
- name: sudo, with the corrections of this week
  ansible.builtin.package:
    name: sudo
    state: latest
    update_cache: true
`,
};
