import { censusLibrary, grantLibraries } from "../../shell/grant.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type GrantUndoArguments, grantUndoSchema, grantUndoReturns } from "./grant_undo.schema.ts";

/** The comment of a rule that playbooks/network.yml makes, unless it is told another: `support_comment` there. */
const supportRule = "Vendor support";

/** Takes grants back: every change that they made, the last one first. */
export const grantUndo: HostModule<GrantUndoArguments> = {
  runs: "host",
  name: "latchkey.access.grant_undo",
  summary: "Takes grants back: every change that they made, the last one first; done twice it changes nothing.",
  schema: grantUndoSchema,
  readOnly: true,
  rules: { exclusive: [["id", "ticket", "all"]], oneOf: [["id", "ticket", "all"]] },
  functions: [...grantLibraries, censusLibrary, shellBody("m_grant_undo", new URL("grant_undo.sh", import.meta.url))],
  params: ({ id, ticket, keep_accounts }) =>
    ok({
      id,
      ticket,
      keys: keep_accounts ? "--keys" : "",
      comment: supportRule,
      hex: Buffer.from(supportRule).toString("hex"),
    }),
  checkMode: "full",
  returns: grantUndoReturns,
  examples: `
- name: Take back what was granted for a ticket
  latchkey.access.grant_undo:
    ticket: T-4711
`,
};
