import { createHash } from "node:crypto";
import { accountsLibrary } from "../../shell/accounts.ts";
import { filesLibrary, pathsLibrary, undoLibrary } from "../../shell/libraries.ts";
import { shellBody, shellLibrary } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import { checkComment, parseNetwork } from "../address.ts";
import type { HostModule } from "../module.ts";
import { type FirewallArguments, firewallSchema, firewallReturns } from "./firewall.schema.ts";

/** Opens a port in whatever firewall blocks it. */
export const firewall: HostModule<FirewallArguments> = {
  runs: "host",
  name: "latchkey.access.firewall",
  summary: "Opens a port in the host's own firewall, in that firewall's way, where something blocks it.",
  schema: firewallSchema,
  normalize: (args) => {
    const problem = findProblem(args);
    if (problem !== undefined) return err(problem);
    const sources: string[] = [];
    for (const text of args.sources ?? []) {
      const parsed = parseNetwork(text.trim());
      if (!parsed.ok) return err(`sources: ${parsed.error}`);
      if (!sources.includes(parsed.value)) sources.push(parsed.value);
    }
    return ok({ ...args, ...(sources.length === 0 ? {} : { sources }) });
  },
  functions: [
    undoLibrary,
    accountsLibrary,
    pathsLibrary,
    filesLibrary,
    shellLibrary("firewall_judge", new URL("judge.sh", import.meta.url)),
    shellBody("m_firewall", new URL("firewall.sh", import.meta.url)),
  ],
  params: ({ port, sources, comment, timeout, state }) =>
    ok({
      port,
      sources: sources ?? ["0.0.0.0/0", "::/0"],
      all: sources === undefined,
      comment,
      // ufw's file has a comment so; the name of a set of nftables cannot hold one.
      hex: Buffer.from(comment).toString("hex"),
      tag: createHash("sha256").update(comment).digest("hex").slice(0, 8),
      timeout,
      state,
    }),
  result: ({ fields }) => ({ rules: [], ...fields }),
  checkMode: "full",
  returns: firewallReturns,
  examples: `
- name: The support's bastion may connect for four hours
  latchkey.access.firewall:
    port: 22
    sources: [203.0.113.7, "2001:db8:7::/64"]
    comment: REQ-42
    timeout: 14400

- name: No longer
  latchkey.access.firewall:
    comment: REQ-42
    state: absent
`,
};

const findProblem = (args: FirewallArguments): string | undefined => {
  if (args.port < 1 || args.port > 65_535) return `port is a number from 1 to 65535: ${args.port}`;
  if (args.timeout !== undefined && args.timeout < 1) return `timeout is a number of seconds above 0: ${args.timeout}`;
  if (args.sources?.length === 0) return "sources is empty: leave it out for everywhere";
  return checkComment(args.comment);
};
