import { accountsLibrary } from "../../shell/accounts.ts";
import { undoLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type SystemdServiceArguments, systemdServiceSchema, systemdServiceReturns } from "./systemd_service.schema.ts";
import { systemctlLibrary, withStatus } from "./unit-status.ts";

/** Brings a unit of systemd to a state, now and for the next boot. */
export const systemdService: HostModule<SystemdServiceArguments> = {
  runs: "host",
  name: "ansible.builtin.systemd_service",
  aliases: ["ansible.builtin.systemd"],
  summary: "Brings a unit of systemd to a state, now and for the next boot.",
  schema: systemdServiceSchema,
  optionAliases: { service: "name", unit: "name", "daemon-reload": "daemon_reload", "daemon-reexec": "daemon_reexec" },
  rules: {
    requiredBy: { state: ["name"], enabled: ["name"], masked: ["name"] },
  },
  normalize: (args) => {
    if (/[*?[]/.test(args.name ?? "")) {
      return err(
        `This module does not currently support using glob patterns, found in service name: ${args.name ?? ""}`,
      );
    }
    return ok(args);
  },
  functions: [
    accountsLibrary,
    undoLibrary,
    systemctlLibrary,
    shellBody("m_systemd_service", new URL("systemd_service.sh", import.meta.url)),
  ],
  params: (args) => ok(args),
  result: ({ fields }) => withStatus(fields),
  checkMode: "full",
  returns: systemdServiceReturns,
  examples: `
- name: The SSH server reads its settings anew
  ansible.builtin.systemd_service:
    name: ssh
    state: reloaded

- name: A timer, now and after each boot
  ansible.builtin.systemd_service:
    name: end-of-support.timer
    state: started
    enabled: true
    daemon_reload: true
`,
};
