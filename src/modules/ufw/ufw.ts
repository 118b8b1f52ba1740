import { accountsLibrary } from "../../shell/accounts.ts";
import { undoLibrary } from "../../shell/libraries.ts";
import { shellBody } from "../../shell/shell-function.ts";
import { err, ok } from "../../util/result.ts";
import type { HostModule } from "../module.ts";
import { type UfwArguments, ufwSchema, ufwReturns } from "./ufw.schema.ts";

/** Makes a rule or a setting of ufw be so, or not. */
export const ufw: HostModule<UfwArguments> = {
  runs: "host",
  name: "community.general.ufw",
  summary: "Makes a rule, the policy, the logging or the state of ufw be so, or not.",
  schema: ufwSchema,
  optionAliases: {
    policy: "default",
    from: "from_ip",
    src: "from_ip",
    to: "to_ip",
    dest: "to_ip",
    port: "to_port",
    protocol: "proto",
    app: "name",
    if: "interface",
    if_in: "interface_in",
    if_out: "interface_out",
  },
  rules: {
    exclusive: [
      ["name", "proto", "logging"],
      ["direction", "interface_in"],
      ["direction", "interface_out"],
    ],
    oneOf: [["state", "default", "rule", "logging"]],
    requiredBy: { interface: ["direction"] },
  },
  normalize: (args) => {
    const problem = findProblem(args);
    return problem === undefined ? ok(args) : err(problem);
  },
  functions: [undoLibrary, accountsLibrary, shellBody("m_ufw", new URL("ufw.sh", import.meta.url))],
  params: (args) => {
    const { state, default: policy, direction, logging, rule, delete: gone, insert, route, log, comment } = args;
    const relative = args.insert_relative_to;
    const [where, what] = [interfaceWords(args), matchWords(args)];
    return ok({ state, policy, direction, logging, rule, gone, insert, relative, route, log, comment, where, what });
  },
  result: ({ fields }) => ({ commands: [], ...fields }),
  checkMode: "full",
  returns: ufwReturns,
  examples: `
- name: The bastion may connect
  community.general.ufw:
    rule: allow
    from_ip: 203.0.113.7
    to_port: "22"
    proto: tcp
    comment: REQ-42

- name: The firewall works
  community.general.ufw:
    state: enabled
`,
};

const interfaceWords = (args: UfwArguments): readonly string[] => [
  ...(args.direction === undefined ? [] : [args.direction]),
  ...(args.interface === undefined ? [] : ["on", args.interface]),
  ...(args.interface_in === undefined ? [] : ["in", "on", args.interface_in]),
  ...(args.interface_out === undefined ? [] : ["out", "on", args.interface_out]),
];

const matchWords = (args: UfwArguments): readonly string[] =>
  (
    [
      ["from", args.from_ip],
      ["port", args.from_port],
      ["to", args.to_ip],
      ["port", args.to_port],
      ["proto", args.proto],
      ["app", args.name],
    ] as const
  ).flatMap(([word, value]) => (value === undefined ? [] : [word, value]));

const findProblem = (args: UfwArguments): string | undefined => {
  const { direction } = args;
  if (args.default !== undefined && (direction === "in" || direction === "out")) {
    return 'For default, direction must be one of "outgoing", "incoming" and "routed", or direction must not be specified.';
  }
  if (args.rule !== undefined) {
    if (direction !== undefined && direction !== "in" && direction !== "out") {
      return 'For rules, direction must be one of "in" and "out", or direction must not be specified.';
    }
    if (!args.route && args.interface_in !== undefined && args.interface_out !== undefined) {
      return "Only route rules can combine interface_in and interface_out";
    }
  }
  for (const [option, value] of Object.entries(args)) {
    if (typeof value !== "string") continue;
    if (value === "") return `${option} is empty`;
    // oxlint-disable-next-line no-control-regex -- ufw keeps rules in lines
    if (/[\u0000-\u001f\u007f]/.test(value)) return `${option} holds a control character`;
    if (option !== "comment" && /^-|\s$|^\s/.test(value)) return `invalid ${option}: ${JSON.stringify(value)}`;
  }
  return args.comment?.includes("'") === true ? 'Comment may not contain "\'"' : undefined;
};
