import { accountsLibrary } from "../../shell/accounts.ts";
import { undoLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type FirewalldArguments, firewalldSchema, firewalldReturns } from "./firewalld.schema.ts";

/** Makes a service, a port or a rule be in a zone of firewalld, or not. */
export const firewalld: HostModule<FirewalldArguments> = {
  runs: "host",
  name: "ansible.posix.firewalld",
  summary: "Makes a service, a port, a source or a rule be in a zone of firewalld, or not.",
  schema: firewalldSchema,
  rules: {
    exclusive: [["service", "protocol", "port", "rich_rule", "source", "icmp_block"]],
    oneOf: [["service", "protocol", "port", "rich_rule", "source", "icmp_block"]],
    requiredBy: { source: ["permanent"] },
  },
  normalize: (args) => {
    const problem = findProblem(args);
    return problem === undefined ? ok(args) : err(problem);
  },
  functions: [undoLibrary, accountsLibrary, shellBody("m_firewalld", new URL("firewalld.sh", import.meta.url))],
  params: (args) => {
    const { zone, permanent = false, state, timeout } = args;
    // As firewalld's own command names them.
    const [option, value] = elementOf(args);
    const immediate = args.immediate || !permanent;
    return ok({ option: option.replace("_", "-"), value, word: option, zone, permanent, immediate, state, timeout });
  },
  checkMode: "full",
  returns: firewalldReturns,
  examples: `
- name: The bastion may connect for four hours
  ansible.posix.firewalld:
    rich_rule: rule family="ipv4" source address="203.0.113.7" service name="ssh" accept
    timeout: 14400
    state: enabled

- name: No web server any more
  ansible.posix.firewalld:
    service: http
    permanent: true
    immediate: true
    state: disabled
`,
};

const elementOf = (args: FirewalldArguments): readonly [string, string] => {
  for (const option of ["service", "protocol", "rich_rule", "source", "icmp_block"] as const) {
    const value = args[option];
    if (value !== undefined) return [option, value];
  }
  return ["port", args.port?.trim() ?? ""];
};

const findProblem = (args: FirewalldArguments): string | undefined => {
  const [option, value] = elementOf(args);
  if (option === "port" && !/^[^/]*\/[^/]+$/.test(value)) return "improper port format (missing protocol?)";
  for (const [name, text] of [[option, value] as const, ["zone", args.zone] as const]) {
    // oxlint-disable-next-line no-control-regex -- firewalld keeps a rule in a line
    if (text !== undefined && (text === "" || /[\u0000-\u001f\u007f]/.test(text))) {
      return `invalid ${name}: ${JSON.stringify(text)}`;
    }
  }
  return args.timeout < 0 ? `timeout is a number of seconds: ${args.timeout}` : undefined;
};
