import { grantLibraries } from "../../shell/grant.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type GrantConfirmArguments, grantConfirmSchema, grantConfirmReturns } from "./grant_confirm.schema.ts";

/** Confirms a grant: without it the host takes the grant back after some minutes. */
export const grantConfirm: HostModule<GrantConfirmArguments> = {
  runs: "host",
  name: "latchkey.access.grant_confirm",
  summary: "Confirms a grant whose steps are done: without it the host takes the grant back after some minutes.",
  schema: grantConfirmSchema,
  readOnly: true,
  functions: [...grantLibraries, shellBody("m_grant_confirm", new URL("grant_confirm.sh", import.meta.url))],
  params: ({ id }) => ok({ id }),
  checkMode: "full",
  returns: grantConfirmReturns,
  examples: `
- name: Confirm the grant
  latchkey.access.grant_confirm:
    id: t-4711
`,
};
