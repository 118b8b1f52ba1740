import { accountsLibrary } from "../../shell/accounts.ts";
import { undoLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import { checkComment } from "../address.ts";
import type { HostModule } from "../module.ts";
import { type NftablesRuleArguments, nftablesRuleSchema, nftablesRuleReturns } from "./nftables_rule.schema.ts";

/** Makes a rule of nftables exist, or not; its comment says which rule it is. */
export const nftablesRule: HostModule<NftablesRuleArguments> = {
  runs: "host",
  name: "latchkey.access.nftables_rule",
  summary: "Makes a rule of nftables exist, or not, known by its comment.",
  schema: nftablesRuleSchema,
  rules: { requiredIf: [{ option: "state", is: "present", needs: ["rule"] }] },
  normalize: (args) => {
    const problem = findProblem(args);
    if (problem !== undefined) return err(problem);
    return ok(args.rule === undefined ? args : { ...args, rule: args.rule.trim().replaceAll(/ +/g, " ") });
  },
  functions: [undoLibrary, accountsLibrary, shellBody("m_nftables_rule", new URL("nftables_rule.sh", import.meta.url))],
  params: ({ table, family, chain, rule, position, comment, timeout, state }) =>
    ok({ table, family, chain, rule, position, comment, timeout, state }),
  checkMode: "full",
  returns: nftablesRuleReturns,
  examples: `
- name: The bastion may connect, until the evening
  latchkey.access.nftables_rule:
    table: filter
    chain: input
    rule: ip saddr 203.0.113.7 tcp dport 22 accept
    position: first
    comment: REQ-42
    timeout: 14400
`,
};

const findProblem = (args: NftablesRuleArguments): string | undefined => {
  for (const [option, value] of [["table", args.table] as const, ["chain", args.chain] as const]) {
    if (!/^[A-Za-z][A-Za-z0-9_/\\.-]*$/.test(value)) return `invalid ${option}: ${JSON.stringify(value)}`;
  }
  if (args.timeout !== undefined && args.timeout < 1) return `timeout is a number of seconds above 0: ${args.timeout}`;
  if (args.rule !== undefined) {
    // Any of these could end the rule and begin another command of nft.
    // oxlint-disable-next-line no-control-regex -- line breaks above all
    if (args.rule.trim() === "" || /[;#\u0000-\u001f\u007f]/.test(args.rule)) {
      return `rule is to be one rule, without ";" and "#": ${JSON.stringify(args.rule)}`;
    }
    if (/(^|\s)comment\s/.test(args.rule)) return "rule is to be without a comment: that is an option of its own";
  }
  return checkComment(args.comment);
};
