import { grantLibraries } from "../../shell/grant.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type GrantStatusArguments, grantStatusSchema } from "./grant_status.schema.ts";

/** The comment of an account that playbooks/grant.yml makes, unless it is told another: `support_comment` there. */
export const supportComment = "Vendor support account";

/** Tells which grants there are on a host. */
export const grantStatus: HostModule<GrantStatusArguments> = {
  runs: "host",
  name: "latchkey.access.grant_status",
  summary: "Tells which grants there are on a host, whose, and until when.",
  schema: grantStatusSchema,
  readOnly: true,
  functions: [...grantLibraries, shellBody("m_grant_status", new URL("grant_status.sh", import.meta.url))],
  params: ({ id }) => ok({ id, comment: supportComment }),
  result: ({ fields }) => ({ ...fields, leftovers: fields["leftovers"] ?? [] }),
  checkMode: "full",
  examples: `
- name: Look which grants are open
  latchkey.access.grant_status:
  register: found
`,
};
