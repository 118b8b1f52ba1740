import { err, ok } from "../../util/result.ts";
import type { Plain } from "../../vars/value.ts";
import type { ControllerModule } from "../module.ts";
import { type DebugArguments, debugSchema, debugReturns } from "./debug.schema.ts";

/** Prints a text or a variable. */
export const debug: ControllerModule<DebugArguments> = {
  runs: "controller",
  name: "ansible.builtin.debug",
  summary: "Prints a text or a variable.",
  schema: debugSchema,
  expressions: ["var"],
  normalize: (args) =>
    args.msg !== undefined && args.var !== undefined ? err("'msg' and 'var' are incompatible options") : ok(args),
  run: (args, context) => {
    if (context.verbosity < args.verbosity) {
      return { outcome: "skipped", fields: { skipped_reason: "Verbosity threshold not met." } };
    }
    if (args.var === undefined) return { outcome: "ok", fields: { msg: (args.msg ?? "Hello world!") as Plain } };
    const found = context.lookup(args.var);
    if (!found.ok) return { outcome: "failed", fields: { msg: found.error } };
    const value = found.value === undefined ? "VARIABLE IS NOT DEFINED!" : found.value;
    return { outcome: "ok", fields: { [args.var]: value } };
  },
  returns: debugReturns,
  anyReturns: true,
  examples: `
- name: Show what the command said
  ansible.builtin.debug:
    var: sessions.stdout_lines
`,
};
