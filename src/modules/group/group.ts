import { accountsLibrary } from "../../shell/accounts.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { ok } from "../../util/result.ts";
import { checkAccountName } from "../account-name.ts";
import type { HostModule } from "../module.ts";
import { type GroupArguments, groupSchema, groupReturns } from "./group.schema.ts";

/** Makes a group exist, or not. */
export const group: HostModule<GroupArguments> = {
  runs: "host",
  name: "ansible.builtin.group",
  summary: "Makes a group exist on the host, or not.",
  schema: groupSchema,
  rules: {
    requiredIf: [{ option: "non_unique", is: true, needs: ["gid"] }],
    ignored: [
      { options: ["gid", "system", "non_unique"], option: "state", is: ["absent"] },
      { options: ["force"], option: "state", is: ["present"] },
    ],
  },
  normalize: (args) => {
    const checked = checkAccountName(args.name, "group");
    return checked.ok ? ok(args) : checked;
  },
  functions: [accountsLibrary, shellBody("m_group", new URL("group.sh", import.meta.url))],
  params: ({ name, gid, state, system, force, non_unique, gid_min, gid_max }) =>
    ok({ name, gid, state, system, force, non_unique, gid_min, gid_max }),
  checkMode: "full",
  returns: groupReturns,
  examples: `
- name: A group for the people from support
  ansible.builtin.group:
    name: support

- name: With a number of its own
  ansible.builtin.group:
    name: support
    gid: 60900
`,
};
