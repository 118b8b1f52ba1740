import type { Play, Task, VarsFile } from "../playbook/playbook.ts";
import { bringsUnknownTasks, rolesOf, tasksOfPlay } from "../playbook/tasks-of.ts";
import { freeVariables } from "../vars/check-template.ts";
import { Expression, LazyMap, Template, type Value, type ValueMap } from "../vars/value.ts";

/** Variables that depend on what happens on other hosts. */
const sharedVariables = ["hostvars", "ansible_play_hosts", "ansible_play_batch", "play_hosts", "groups"];

/** Modules that act on all hosts of a play, or once for all of them. */
const sharedModules = new Set(["add_host", "group_by", "pause"]);

/** Modules that run on the first host of a batch only, as if they had `run_once`. */
const onceModules = new Set(["add_host", "pause"]);

/** What `meta` does for all hosts, where its condition holds for the first. */
const sharedMeta = new Set(["end_play", "end_batch", "refresh_inventory", "clear_host_errors"]);

/** Whether a task runs on the first host only, its result counting for all. */
export const runsOnce = (task: Task): boolean =>
  onceModules.has(task.module.shortName) || isSharedMeta(task) || isSet(task.inherited.run_once);

const isSharedMeta = (task: Task): boolean => task.module.shortName === "meta" && sharedMeta.has(metaAction(task));

/** What a `meta` task does. */
export const metaAction = (task: Task): string => {
  const [action] = Object.values(task.args);
  return typeof action === "string" ? action : "noop";
};

const isSet = (value: Value | undefined): boolean => value !== undefined && value !== null && value !== false;

/**
 * Whether something in a play ties its hosts together, so that Ansible's order (no host begins a task before all have
 * finished those before it) can be told from each host going on by itself. `variables` are those from outside the play.
 */
export const hasTies = (play: Play, variables: Iterable<ValueMap>): boolean => {
  const { strategy } = play.keywords;
  if (typeof strategy === "string" && /(?:^|\.)(?:free|host_pinned)$/.test(strategy)) return false;
  if (isSet(play.keywords.any_errors_fatal) || isSet(play.keywords.max_fail_percentage)) return true;
  return (
    // What nobody has read yet may tie them.
    bringsUnknownTasks(play) ||
    tasksOfPlay(play).some(isTied) ||
    mentionsOthers([play.vars, ...[...play.varsFiles, ...filesOfRoles(play)].map((file) => file.values)]) ||
    mentionsOthers([...variables])
  );
};

const filesOfRoles = (play: Play): readonly VarsFile[] =>
  rolesOf(tasksOfPlay(play)).flatMap(({ defaults, vars }) => [...defaults, ...vars]);

const isTied = (task: Task): boolean => {
  const { inherited, module, args } = task;
  const known = task.include?.known;
  // All hosts have the handlers and the public variables of a role from the moment when one of them includes it.
  if (known !== undefined && (known.handlers.length > 0 || known.isPublic)) return true;
  if (runsOnce(task) || isSet(inherited.delegate_to) || isSet(inherited.any_errors_fatal)) return true;
  if (sharedModules.has(module.shortName)) return true;
  return mentionsOthers([
    args,
    ...expressionsIn(args),
    ...task.vars,
    ...task.includeVars,
    ...(task.role === undefined ? [] : [task.role.params]),
    ...task.when,
    ...task.changedWhen,
    ...task.failedWhen,
    ...task.until,
    ...task.breakWhen,
    ...task.environment,
    ...task.moduleDefaults,
    ...task.notify,
    ...(task.loop === undefined ? [] : [task.loop.terms]),
    ...Object.values(task.own),
    ...Object.values(inherited),
  ]);
};

/** Plain texts among the arguments that some modules take for an expression (assert's `that`, debug's `var`). */
const expressionsIn = (args: ValueMap): readonly Expression[] =>
  [args["that"], args["var"]]
    .flat()
    .flatMap((value) => (typeof value === "string" ? [new Expression(value, undefined)] : []));

const mentionsOthers = (values: readonly (Value | Expression | undefined)[]): boolean =>
  values.some((value) => {
    if (value instanceof Template || value instanceof Expression) {
      const free = freeVariables(value);
      return sharedVariables.some((name) => free.has(name));
    }
    if (typeof value !== "object" || value === null || value instanceof LazyMap) return false;
    return mentionsOthers(Array.isArray(value) ? value : Object.values(value));
  });
