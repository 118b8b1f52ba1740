import { accountsLibrary } from "../../shell/accounts.ts";
import { censusLibrary } from "../../shell/grant.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type CensusArguments, censusSchema, censusReturns } from "./census.schema.ts";

/** Looks for all that an account for support leaves on a host, without any journal. */
export const census: HostModule<CensusArguments> = {
  runs: "host",
  name: "latchkey.access.census",
  summary:
    "Looks for an account and all that it could have left: in account files, sudo, jobs, sshd, firewall and homes.",
  schema: censusSchema,
  readOnly: true,
  // The name becomes part of patterns.
  normalize: (args) =>
    /^[a-z_][a-z0-9_-]{0,31}$/.test(args.user)
      ? ok(args)
      : err(`user: "${args.user}" is no name that a grant would give an account`),
  functions: [accountsLibrary, censusLibrary, shellBody("m_census", new URL("census.sh", import.meta.url))],
  params: ({ user, rule_comment: comment }) =>
    ok({ user, comment, hex: comment === undefined ? undefined : Buffer.from(comment).toString("hex") }),
  result: ({ fields }) => ({ ...fields, residue: fields["residue"] ?? [] }),
  checkMode: "full",
  returns: censusReturns,
  examples: `
- name: Look whether anything is left
  latchkey.access.census:
    user: support
  register: census
  failed_when: census.residue | length > 0
`,
};
