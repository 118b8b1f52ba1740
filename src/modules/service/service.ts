import { accountsLibrary } from "../../shell/accounts.ts";
import { undoLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { systemctlLibrary, withStatus } from "../systemd_service/unit-status.ts";
import { type ServiceArguments, serviceSchema, serviceReturns } from "./service.schema.ts";

/** Brings a service to a state, with whatever service manager the host has. */
export const service: HostModule<ServiceArguments> = {
  runs: "host",
  name: "ansible.builtin.service",
  summary: "Brings a service to a state, with whatever service manager the host has.",
  schema: serviceSchema,
  optionAliases: { args: "arguments" },
  rules: {
    oneOf: [["state", "enabled"]],
    ignored: [{ options: ["sleep"], option: "state", isNot: ["restarted"] }],
  },
  normalize: (args) =>
    // The name becomes part of paths.
    args.name === "" || /[/\n]/.test(args.name) || args.name.startsWith("-")
      ? err(`invalid name of a service: ${JSON.stringify(args.name)}`)
      : ok(args),
  functions: [
    accountsLibrary,
    undoLibrary,
    systemctlLibrary,
    shellBody("m_service", new URL("service.sh", import.meta.url)),
  ],
  params: ({ name, state, enabled, sleep, runlevel, arguments: words, use }) =>
    ok({ name, state, enabled, sleep, runlevel, words: words.split(/\s+/).filter((word) => word !== ""), use }),
  result: ({ fields }) => withStatus(fields),
  checkMode: "full",
  returns: serviceReturns,
  examples: `
- name: The SSH server reads its settings anew
  ansible.builtin.service:
    name: ssh
    state: reloaded
`,
};
