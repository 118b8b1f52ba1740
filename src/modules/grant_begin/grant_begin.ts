import { grantLibraries, undoProgram } from "../../shell/grant.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type GrantBeginArguments, grantBeginSchema, grantBeginReturns } from "./grant_begin.schema.ts";

/** Begins a grant: its journal, its undo program, and the reaper that ends it with no controller alive. */
export const grantBegin: HostModule<GrantBeginArguments> = {
  runs: "host",
  name: "latchkey.access.grant_begin",
  summary: "Begins a grant: from here on each change keeps what undoes it, and the host ends it by itself.",
  schema: grantBeginSchema,
  readOnly: true,
  normalize: (args) => {
    if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/.test(args.id)) return err("id: letters, digits and dashes, at most 32");
    const texts = [args.ticket, args.owner, args.reason, args.run];
    // oxlint-disable-next-line no-control-regex -- a line break would begin another value of the grant
    if (texts.some((text) => /[\u0000-\u001f\u007f]/.test(text ?? ""))) return err("a text holds a control character");
    return ok(args);
  },
  functions: [...grantLibraries, shellBody("m_grant_begin", new URL("grant_begin.sh", import.meta.url))],
  params: ({ id, ticket, owner, reason, expires, longest, now, run, confirm }) =>
    ok({ id, ticket, owner, reason, expires, longest, now, run, confirm, undo: Buffer.from(undoProgram(id)) }),
  checkMode: "full",
  returns: grantBeginReturns,
  examples: `
- name: Begin the grant
  latchkey.access.grant_begin:
    id: t-4711
    ticket: T-4711
    expires: "{{ (now().timestamp() | int) + 4 * 3600 }}"
`,
};
