import { shellBody } from "../../shell/shell-function.ts";
import { sshdConfigLibraries } from "../../shell/sshd-config.ts";
import { err, ok } from "../../util/result.ts";
import { parseNetwork } from "../address.ts";
import { NOWHERE } from "../login_check/nowhere.ts";
import type { HostModule } from "../module.ts";
import { type SshdAllowArguments, sshdAllowSchema, sshdAllowReturns } from "./sshd_allow.schema.ts";

/** Has sshd let an account in where AllowUsers or AllowGroups leaves it out. */
export const sshdAllow: HostModule<SshdAllowArguments> = {
  runs: "host",
  name: "latchkey.access.sshd_allow",
  summary: "Adds an account to sshd's AllowUsers and AllowGroups where they leave it out, or takes it out again.",
  schema: sshdAllowSchema,
  normalize: (args) => {
    for (const key of ["user", "group"] as const) {
      if (isPlainName(args[key] ?? "name")) continue;
      return err(`${key} is ${JSON.stringify(args[key])}: to sshd's lists that would be a pattern, or several names`);
    }
    if (args.confirm < 1 || args.confirm > 3600) return err("confirm: from 1 to 3600 seconds");
    const sources: string[] = [];
    for (const text of args.sources ?? []) {
      const parsed = parseNetwork(text.trim());
      if (!parsed.ok) return err(`sources: ${parsed.error}`);
      sources.push(parsed.value);
    }
    return ok({ ...args, sources });
  },
  functions: [...sshdConfigLibraries, shellBody("m_sshd_allow", new URL("sshd_allow.sh", import.meta.url))],
  params: ({ user, group, sources = [], state, confirm }) =>
    ok({
      user,
      // `group` would be the owner of the file that is written.
      // Not `group`: that is the owner of the file that is written.
      login_group: group ?? user,
      // USER@HOST with an address or a network: sshd_config(5), AllowUsers.
      patterns: sources.length === 0 ? [user] : sources.map((source) => `${user}@${source}`),
      address: sources[0]?.split("/")[0] ?? NOWHERE,
      state,
      confirm,
    }),
  confirmBy: "new-connection",
  result: ({ fields }) => fields,
  checkMode: "full",
  returns: sshdAllowReturns,
  examples: `
- name: sshd lets support in from the bastion, whoever else it is limited to
  latchkey.access.sshd_allow:
    user: support
    sources: [203.245.13.207]
`,
};

/** Whether sshd_config(5) reads it as one name: no space, no wildcard, no quote, no `@`. */
const isPlainName = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name);
