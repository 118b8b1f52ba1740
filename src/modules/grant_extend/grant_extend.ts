import { grantLibraries } from "../../shell/grant.ts";
import { writeLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type GrantExtendArguments, grantExtendSchema, grantExtendReturns } from "./grant_extend.schema.ts";

/** Gives a grant another end: its reaper, the keys' and the sudo rule's own times, and the account's last day. */
export const grantExtend: HostModule<GrantExtendArguments> = {
  runs: "host",
  name: "latchkey.access.grant_extend",
  summary: "Gives an open grant another end, in everything that ends it by itself.",
  schema: grantExtendSchema,
  readOnly: true,
  functions: [
    ...grantLibraries,
    writeLibrary,
    shellBody("m_grant_extend", new URL("grant_extend.sh", import.meta.url)),
  ],
  params: ({ id, expires, longest }) => ok({ id, expires, longest }),
  checkMode: "full",
  returns: grantExtendReturns,
  examples: `
- name: Two hours more
  latchkey.access.grant_extend:
    id: t-4711
    expires: "{{ (now().timestamp() | int) + 2 * 3600 }}"
    longest: "{{ 72 * 3600 }}"
`,
};
