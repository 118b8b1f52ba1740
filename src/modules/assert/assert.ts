import { text as pythonText } from "../../vars/python/text.ts";
import type { Plain } from "../../vars/value.ts";
import type { ControllerContext, ControllerModule, ControllerResult } from "../module.ts";
import { type AssertArguments, assertSchema, assertReturns } from "./assert.schema.ts";

/** Fails unless conditions hold. */
export const assert: ControllerModule<AssertArguments> = {
  runs: "controller",
  name: "ansible.builtin.assert",
  summary: "Fails unless conditions hold.",
  schema: assertSchema,
  optionAliases: { msg: "fail_msg" },
  expressions: ["that"],
  run: (args, context) => checkAll(args, context),
  returns: assertReturns,
  examples: `
- name: The account's name is one that hosts accept
  ansible.builtin.assert:
    that:
      - support_user is match('^[a-z_][a-z0-9_-]*$')
      - support_user | length <= 32
    fail_msg: "support_user is '{{ support_user }}': letters, digits, _ and - only"
`,
};

const checkAll = (args: AssertArguments, context: ControllerContext): ControllerResult => {
  const that = args.that as Plain;
  for (const assertion of Array.isArray(that) ? that : [that]) {
    const held = context.evaluate(pythonText(assertion));
    if (!held.ok) return { outcome: "failed", fields: { assertion, msg: held.error } };
    if (!held.value) {
      const msg = args.fail_msg ?? "Assertion failed";
      return { outcome: "failed", fields: { assertion, evaluated_to: false, msg } };
    }
  }
  return { outcome: "ok", fields: { msg: args.success_msg ?? "All assertions passed" } };
};
