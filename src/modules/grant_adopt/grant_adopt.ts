import { grantLibraries } from "../../shell/grant.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import { supportComment } from "../grant_status/grant_status.ts";
import { blobsProblem, sweepLibraries, sweepParams } from "../key_sweep/key_sweep.ts";
import type { HostModule } from "../module.ts";
import { type GrantAdoptArguments, grantAdoptSchema, grantAdoptReturns } from "./grant_adopt.schema.ts";

/** Takes what was set up by hand under a grant, so that the grant's end takes it away. */
export const grantAdopt: HostModule<GrantAdoptArguments> = {
  runs: "host",
  name: "latchkey.access.grant_adopt",
  summary:
    "Takes an account and keys that were set up by hand under a grant: its end removes them as if it had made them.",
  schema: grantAdoptSchema,
  readOnly: true,
  normalize: (args) => {
    const problem = blobsProblem(args.blobs);
    return problem === undefined ? ok(args) : err(problem);
  },
  functions: [
    ...new Set([...grantLibraries, ...sweepLibraries]),
    shellBody("m_grant_adopt", new URL("grant_adopt.sh", import.meta.url)),
  ],
  params: ({ id, blobs, user, comment }) => ok({ id, user, comment: comment ?? supportComment, ...sweepParams(blobs) }),
  result: ({ fields }) => ({ ...fields, adopted: fields["adopted"] ?? [] }),
  checkMode: "full",
  returns: grantAdoptReturns,
  examples: `
- name: Take under the grant what was set up by hand
  latchkey.access.grant_adopt:
    id: t-4711
    user: support
    blobs: [AAAAC3NzaC1lZDI1NTE5AAAAIHRoZS1zdXBwb3J0LXRlYW0tcy1wdWJsaWMta2V5LTMy]
`,
};
