import { connectionVariables } from "../inventory/connection-variables.ts";
import type { AdjacentVars } from "../inventory/inventory.ts";
import type { Plan } from "../plan/plan.ts";
import { isSecretName } from "../util/mask-secrets.ts";
import type { ValueMap } from "../vars/value.ts";

/** The connection variables that hold a password or a passphrase. */
export const secretVariables: readonly string[] = connectionVariables.filter(isSecretName);

/**
 * The passwords and passphrases that stand in the files of a plan or were given with it, for all hosts: one may print another's before that
 * is reached. A template is known when it is rendered. What a play would ask for with `private: true` is as secret with -e.
 */
export const knownSecrets = (plan: Plan): ReadonlySet<string> => {
  const { password, becomePassword } = plan.options.connection;
  const secrets = new Set([password, becomePassword].filter((given) => given !== undefined));
  for (const { name, options } of plan.playbooks
    .flatMap(({ playbook }) => playbook.plays)
    .flatMap(({ varsPrompt }) => varsPrompt)) {
    const value = Object.hasOwn(plan.extraVars, name) ? plan.extraVars[name] : undefined;
    if (options["private"] === true && (typeof value === "string" || typeof value === "number"))
      secrets.add(String(value));
  }
  for (const vars of allVars(plan)) {
    for (const name of secretVariables) {
      const value = Object.hasOwn(vars, name) ? vars[name] : undefined;
      if (typeof value === "string" || typeof value === "number") secrets.add(String(value));
    }
  }
  return secrets;
};

const allVars = ({ inventory, playbooks, extraVars }: Plan): readonly ValueMap[] => [
  extraVars,
  ...[...inventory.hosts.values(), ...inventory.groups.values()].map(({ vars }) => vars),
  ...[...inventory.adjacent, ...playbooks.map(({ adjacent }) => adjacent)].flatMap(filesOf),
  ...playbooks.flatMap(({ playbook }) =>
    playbook.plays.flatMap(({ vars, varsFiles }) => [vars, ...varsFiles.map(({ values }) => values)]),
  ),
];

const filesOf = ({ groupVars, hostVars }: AdjacentVars): readonly ValueMap[] =>
  [...groupVars.values(), ...hostVars.values()].flat().map(({ values }) => values);
