import { accountsLibrary } from "../../shell/accounts.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { ok } from "../../util/result.ts";
import { checkAccountName } from "../account-name.ts";
import type { HostModule } from "../module.ts";
import { type SudoCheckArguments, sudoCheckSchema, sudoCheckReturns } from "./sudo_check.schema.ts";

/** Tries whether an account becomes root. */
export const sudoCheck: HostModule<SudoCheckArguments> = {
  runs: "host",
  name: "latchkey.access.sudo_check",
  summary: "Tries whether an account becomes root without a password, and tells why not.",
  schema: sudoCheckSchema,
  readOnly: true,
  normalize: (args) => {
    const name = checkAccountName(args.user, "user");
    return name.ok ? ok(args) : name;
  },
  functions: [accountsLibrary, shellBody("m_sudo_check", new URL("sudo_check.sh", import.meta.url))],
  // What holds a wildcard or an exception is no command that one could ask for.
  params: ({ user, commands }) =>
    ok({ user, all: commands.includes("ALL"), command: commands.filter((text) => /^\/[^*?[\]\\!]*$/.test(text)) }),
  checkMode: "full",
  returns: sudoCheckReturns,
  examples: `
- name: Does the rule have an effect?
  latchkey.access.sudo_check:
    user: support
  become: true
`,
};
