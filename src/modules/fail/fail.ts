import type { ControllerModule } from "../module.ts";
import type { Plain } from "../../vars/value.ts";
import { type FailArguments, failSchema, failReturns } from "./fail.schema.ts";

/** Fails with a message. */
export const fail: ControllerModule<FailArguments> = {
  runs: "controller",
  name: "ansible.builtin.fail",
  summary: "Fails with a message.",
  schema: failSchema,
  run: ({ msg }) => ({ outcome: "failed", fields: { msg: msg as Plain } }),
  returns: failReturns,
  examples: `
- name: Only systems with sudo
  ansible.builtin.fail:
    msg: this host has no sudo
  when: sudo_found.rc != 0
`,
};
