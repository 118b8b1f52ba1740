import type { Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import type { Plan } from "../plan.ts";

/** The variables that tasks of a plan set while it runs; `isAny` where that cannot be told. */
export interface NamesSetInRun {
  readonly names: ReadonlySet<string>;
  readonly isAny: boolean;
}

/** What a play registers or sets stays with its hosts in the plays after it, so that this is asked of the whole plan. */
export const namesSetInRun = (plan: Plan): NamesSetInRun => {
  let known = plans.get(plan);
  if (known === undefined) {
    const plays = plan.playbooks.flatMap(({ playbook }) => playbook.plays);
    const tasks = plays.flatMap(tasksOfPlay);
    known = {
      names: new Set([...namesSetBy(tasks), ...plays.flatMap(({ unread }) => [...unread.variables])]),
      isAny: tasks.some(bringsAnyName) || plays.some(({ unread }) => unread.modules.size > 0),
    };
    plans.set(plan, known);
  }
  return known;
};

/** A plan is asked once for each argument that is looked at. */
const plans = new WeakMap<Plan, NamesSetInRun>();

/** Whether the names that a task sets cannot be told before it runs. */
export const bringsAnyName = ({ module, args, include }: Task): boolean =>
  module.shortName === "include_vars" ||
  (include !== undefined && include.known === undefined) ||
  (module.shortName === "set_fact" && Object.keys(args).some((name) => name.includes("{{")));

/** The names that tasks register, or set as facts. */
export const namesSetBy = (tasks: readonly Task[]): readonly string[] =>
  tasks.flatMap((task) => [
    ...(task.register === undefined ? [] : [task.register]),
    ...(["set_fact", "add_host"].includes(task.module.shortName) ? Object.keys(task.args) : []),
  ]);
