import { accountsLibrary } from "../../shell/accounts.ts";
import { undoLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type IptablesArguments, iptablesSchema, iptablesReturns } from "./iptables.schema.ts";
import { flagList, ruleWords } from "./rule-words.ts";

/** Makes a rule of iptables exist, or not. */
export const iptables: HostModule<IptablesArguments> = {
  runs: "host",
  name: "ansible.builtin.iptables",
  summary: "Makes a rule, a chain or a policy of iptables exist, or not, until the host restarts.",
  schema: iptablesSchema,
  rules: {
    exclusive: [
      ["set_dscp_mark", "set_dscp_mark_class"],
      ["flush", "policy"],
    ],
    together: [["match_set", "match_set_flags"]],
    requiredIf: [
      { option: "jump", is: "TEE", needs: ["gateway"] },
      { option: "jump", is: "tee", needs: ["gateway"] },
    ],
    ignored: [{ options: ["rule_num"], option: "action", isNot: ["insert"] }],
  },
  normalize: (args) => {
    const problem = findProblem(args);
    return problem === undefined ? ok(args) : err(problem);
  },
  functions: [undoLibrary, accountsLibrary, shellBody("m_iptables", new URL("iptables.sh", import.meta.url))],
  params: (args) => {
    const { table, chain, state, rule_num, wait, flush, policy, chain_management } = args;
    const logs = args.log_prefix !== undefined || args.log_level !== undefined;
    const rule = ruleWords(logs && args.jump === undefined ? { ...args, jump: "LOG" } : args);
    const command = args.ip_version === "ipv6" ? "ip6tables" : "iptables";
    const insert = args.action === "insert";
    return ok({ command, table, chain, state, insert, rule_num, wait, flush, policy, chain_management, rule });
  },
  result: ({ fields }, args) => ({
    ip_version: args.ip_version,
    table: args.table,
    chain: args.chain ?? null,
    flush: args.flush,
    rule: [...(args.wait === undefined ? [] : ["-w", args.wait]), ...ruleWords(args)].join(" "),
    state: args.state,
    chain_management: args.chain_management,
    ...fields,
  }),
  checkMode: "full",
  returns: iptablesReturns,
  examples: `
- name: The bastion may connect
  ansible.builtin.iptables:
    chain: INPUT
    action: insert
    protocol: tcp
    source: 203.0.113.7
    destination_port: "22"
    ctstate: [NEW]
    jump: ACCEPT
    comment: REQ-42

- name: Nobody else may
  ansible.builtin.iptables:
    chain: INPUT
    policy: DROP
`,
};

const findProblem = (args: IptablesArguments): string | undefined => {
  if (!args.flush && args.chain === undefined) return "Either chain or flush parameter must be specified.";
  for (const [option, value] of Object.entries(args)) {
    const texts = Array.isArray(value) ? value : [value];
    // oxlint-disable-next-line no-control-regex -- no such character has a place in a rule, and the undo reads lines
    if (texts.some((text) => typeof text === "string" && /[\u0000-\u001f\u007f]/.test(text))) {
      return `${option} holds a control character`;
    }
    if (value === "" || value === "!") return `${option} is empty`;
  }
  for (const [option, value] of [["chain", args.chain] as const, ["jump", args.jump] as const]) {
    if (value !== undefined && /^[-!]|\s/.test(value)) return `invalid ${option}: ${JSON.stringify(value)}`;
  }
  if (args.rule_num !== undefined && !/^[1-9]\d*$/.test(args.rule_num)) {
    return `rule_num is a number above 0: ${JSON.stringify(args.rule_num)}`;
  }
  if (args.wait !== undefined && !/^\d+$/.test(args.wait)) return `wait is a number: ${JSON.stringify(args.wait)}`;
  if (args.log_prefix !== undefined || args.log_level !== undefined) {
    if (args.jump !== undefined && args.jump !== "LOG") {
      return "Logging options can only be used with the LOG jump target.";
    }
  }
  const flags: unknown = args.tcp_flags;
  if (flags !== undefined && !isFlags(flags)) {
    return "tcp_flags takes the lists flags and flags_set";
  }
  if (!args.flush && args.policy === undefined && ruleWords(args).length === 0 && !args.chain_management) {
    return "there is no rule: to make or delete the chain itself, set chain_management";
  }
  return undefined;
};

const isFlags = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).every(
    ([name, flags]) => (name === "flags" || name === "flags_set") && flagList(flags) !== undefined,
  );
