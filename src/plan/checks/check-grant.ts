import { defaultGrantPolicy, type GrantProblem, grantProblems } from "../../access/grant-options.ts";
import { readGrantPolicy } from "../../access/grant-policy.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { allVariables, hostLayers } from "../../inventory/layers.ts";
import type { AdjacentVars } from "../../inventory/inventory.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { entryOf, type MapEntry } from "../../source/node.ts";
import { toValue } from "../../vars/from-node.ts";
import { Template, type Value } from "../../vars/value.ts";
import { grantOfPlay } from "./grant-of-play.ts";
import { hostsOfPlay } from "./hosts-of-play.ts";
import { type CheckInput, entryOfVariable } from "./known-values.ts";
import { templatesIn } from "./task-values.ts";

/** What `latchkey_grant` says, against the policy; and a `latchkey_grant` where it would make no grant. */
export const checkGrant = (input: CheckInput): readonly Diagnostic[] =>
  input.plan.playbooks.flatMap(({ playbook, adjacent }) => {
    const isInInventory = [...allVariables(input.plan.inventory, adjacent)].some((vars) => "latchkey_grant" in vars);
    return playbook.plays.flatMap((play) => [
      ...checkPlay(input, play, adjacent),
      ...tasksOfPlay(play).flatMap(setByTask),
      ...(isInInventory ? setByInventory(input, play, adjacent) : []),
    ]);
  });

const checkPlay = (input: CheckInput, play: Play, adjacent: AdjacentVars): readonly Diagnostic[] => {
  const entry = grantOfPlay(input, play);
  if (entry === undefined) return [];
  const policies = policiesOf(input, play, adjacent);
  const wrong = policies.flatMap(({ read, entry: from }) => (read.ok ? [] : locate(read.error, from)));
  const value = toValue(entry.value);
  if (value instanceof Template) return wrong;
  const allowed = policies.flatMap(({ read }) => (read.ok ? [read.value] : []));
  const problems = (allowed.length === 0 ? [defaultGrantPolicy] : allowed).flatMap((policy) =>
    grantProblems(value, input.now, policy),
  );
  return [...wrong, ...problems.flatMap((problem) => locate(problem, entry))];
};

/** The finding at its place in the variable. A key whose value a template makes is judged when that is known. */
const locate = (problem: GrantProblem, entry: MapEntry | undefined): readonly Diagnostic[] => {
  const { code, message, hint, key, isUnknownKey } = problem;
  const about: Diagnostic = { code, severity: "error", message, ...(hint === undefined ? {} : { hint }) };
  if (entry === undefined) return [about];
  const { value } = entry;
  if (value.kind !== "map") return [{ ...about, span: value.span }];
  const part = key === undefined ? undefined : entryOf(value, key);
  if (part === undefined) return [{ ...about, span: entry.key.span }];
  if (isUnknownKey === true) return [{ ...about, span: part.key.span }];
  return templatesIn(toValue(part.value)).length > 0 ? [] : [{ ...about, span: part.value.span }];
};

interface FoundPolicy {
  readonly read: ReturnType<typeof readGrantPolicy>;
  /** Where it is written, unless the inventory says it. */
  readonly entry: MapEntry | undefined;
}

/** The policies under which a play runs: its own, or those that the inventory gives to its hosts. */
const policiesOf = (input: CheckInput, play: Play, adjacent: AdjacentVars): readonly FoundPolicy[] => {
  const entry = entryOfVariable(play, input.extraVars, "latchkey_policy");
  if (entry !== undefined) return judged(toValue(entry.value), entry);
  const { inventory } = input.plan;
  const values = hostsOfPlay(input.plan, play).map(
    (host) =>
      hostLayers(inventory, host, adjacent).findLast((layer) => "latchkey_policy" in layer.values)?.values[
        "latchkey_policy"
      ],
  );
  return [...new Set(values)].flatMap((value) => (value === undefined ? [] : judged(value, undefined)));
};

const judged = (value: Value, entry: MapEntry | undefined): readonly FoundPolicy[] =>
  templatesIn(value).length > 0 ? [] : [{ read: readGrantPolicy(value), entry }];

const hint = "set it in the play's vars, or with -e";

const setByTask = (task: Task): readonly Diagnostic[] => {
  const isSet =
    task.vars.some((vars) => "latchkey_grant" in vars) ||
    task.register === "latchkey_grant" ||
    (task.module.shortName === "set_fact" && "latchkey_grant" in task.args);
  if (!isSet) return [];
  const vars = entryOf(task.node, "vars")?.value;
  const own = vars?.kind === "map" ? entryOf(vars, "latchkey_grant") : undefined;
  const span = (own ?? entryOf(task.argsNode, "latchkey_grant"))?.key.span ?? task.span;
  const message = "latchkey_grant of a task or a block makes no grant";
  return [{ code: "V54", severity: "error", message, span, hint }];
};

const setByInventory = ({ plan }: CheckInput, play: Play, adjacent: AdjacentVars): readonly Diagnostic[] => {
  const layers = hostsOfPlay(plan, play).flatMap((host) => hostLayers(plan.inventory, host, adjacent));
  const origins = new Set(layers.filter(({ values }) => "latchkey_grant" in values).map(({ origin }) => origin));
  return [...origins].map((origin) => {
    const message = `latchkey_grant is set in ${origin}, where it makes no grant`;
    return { code: "V54", severity: "error", message, hint };
  });
};
