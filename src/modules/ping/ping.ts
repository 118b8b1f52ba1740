import { shellBody } from "../../shell/shell-function.ts";
import { ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type PingArguments, pingSchema, pingReturns } from "./ping.schema.ts";

/** Proves that a host can be worked with: connection, login, become and shell. */
export const ping: HostModule<PingArguments> = {
  runs: "host",
  name: "ansible.builtin.ping",
  summary: "Proves that a host can be worked with: connection, login, become and shell.",
  schema: pingSchema,
  functions: [shellBody("m_ping", new URL("ping.sh", import.meta.url))],
  params: ({ data }) => ok({ data }),
  readOnly: true,
  checkMode: "full",
  returns: pingReturns,
  examples: `
- name: Is everybody there?
  ansible.builtin.ping:
`,
};
