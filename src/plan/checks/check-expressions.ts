import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { entryOf, type Node } from "../../source/node.ts";
import { inferTemplate } from "../../vars/types/infer.ts";
import { any } from "../../vars/types/type.ts";
import { Template } from "../../vars/value.ts";
import { AssignedVariables } from "../types/assigned.ts";
import { ExpressionReport } from "../types/expression-report.ts";
import { loopNames } from "../types/loop-types.ts";
import { PlayVariables } from "../types/play-variables.ts";
import { diagnosticOf, PlayWalk } from "../types/play-walk.ts";
import type { CheckInput } from "./known-values.ts";
import { bringsAnyName, namesSetBy } from "./names-set-in-run.ts";
import { templatesIn, valuesOfPlay } from "./task-values.ts";

/**
 * Variables, keys of results, arguments of filters, operands and conditions that cannot be meant, by the types of what is
 * known. Plays are gone through in the order in which they run; what is not sure is not told.
 */
export const checkExpressions = ({ plan, modules }: CheckInput): readonly Diagnostic[] => {
  const report = new ExpressionReport();
  const assigned = new AssignedVariables();
  const plays = plan.playbooks.flatMap((planned) => planned.playbook.plays.map((play) => ({ planned, play })));
  const tasks = plays.flatMap(({ play }) => tasksOfPlay(play));
  const setLater = tasksByName(tasks);
  const movesHosts = tasks.some(({ module }) => module.shortName === "add_host" || module.shortName === "group_by");
  let isAny = false;
  let hasFacts = false;
  for (const { planned, play } of plays) {
    const own = tasksOfPlay(play);
    isAny ||= own.some(bringsAnyName) || lacksTasks(play.node);
    hasFacts ||= gathersFacts(play);
    const loops = new Set(own.flatMap(namesOfLoop));
    const setByTasks = new Set([
      ...setLater.keys(),
      ...own.flatMap((task) => task.vars.flatMap((vars) => Object.keys(vars))),
      ...loops,
    ]);
    const variables = new PlayVariables(plan, planned, play, setByTasks);
    for (const name of namesLost(play, own)) assigned.set(name, any, false);
    const isOpen = isAny || lacksFiles(play);
    if (!isOpen) checkPlayValues(play, variables, report);
    const walk = new PlayWalk({
      variables,
      assigned,
      report,
      modules,
      setLater,
      loopNames: loops,
      isAny: isOpen,
      hasFacts,
      movesHosts,
    });
    for (const section of [play.preTasks, play.tasks, play.postTasks]) walk.walk(section);
    // Handlers run between the sections and at their ends.
    assigned.weaken();
    walk.walk(play.handlers);
    assigned.weaken();
    hasFacts = walk.hasFacts;
  }
  return report.diagnostics;
};

/** What nothing sets before the tasks that are named here. */
const tasksByName = (tasks: readonly Task[]): ReadonlyMap<string, Task> => {
  const byName = new Map<string, Task>();
  for (const task of tasks) {
    for (const name of namesSetBy([task])) if (!byName.has(name)) byName.set(name, task);
  }
  return byName;
};

const namesOfLoop = (task: Task): readonly string[] => {
  const names = loopNames(task);
  return names === undefined ? [] : [names.item, ...(names.index === undefined ? [] : [names.index])];
};

/** The variables of a play are rendered where they are used, and see what is there then. */
const checkPlayValues = (play: Play, variables: PlayVariables, report: ExpressionReport): void => {
  const scope = variables.lateScope();
  for (const template of valuesOfPlay(play).flatMap(templatesIn)) {
    if (!(template instanceof Template)) continue;
    for (const problem of inferTemplate(template, scope).problems) {
      if (problem.kind !== "text") report.add(template, problem.place, diagnosticOf(problem));
    }
  }
};

/** Where gather_facts is a template nobody can tell. */
const gathersFacts = ({ keywords }: Play): boolean => keywords.gather_facts !== false;

/** Whether files of variables are named that could not be read yet; that one is missing is told elsewhere. */
const lacksFiles = ({ node, varsFiles }: Play): boolean => {
  const named = entryOf(node, "vars_files")?.value;
  if (named === undefined) return false;
  return varsFiles.length < (named.kind === "seq" ? named.items.length : 1);
};

/** Tasks of other files that are not in the plan: they may set anything. */
const notLoaded = /^(?:ansible\.(?:builtin|legacy)\.)?(?:include|include_role|import_role|include_tasks)$|^roles$/;

const lacksTasks = (node: Node): boolean => keysOf(node).some(({ name }) => notLoaded.test(name));

/** Names that are set by tasks which could not be loaded: what is wrong with those is told elsewhere. */
const namesLost = (play: Play, tasks: readonly Task[]): readonly string[] => {
  const loaded = new Set(tasks.map((task) => task.register));
  return keysOf(play.node).flatMap(({ name, value }) => {
    if (name !== "register" || value.kind !== "scalar" || loaded.has(String(value.value))) return [];
    return [String(value.value)];
  });
};

const keysOf = (node: Node): readonly { readonly name: string; readonly value: Node }[] => {
  if (node.kind === "seq") return node.items.flatMap(keysOf);
  if (node.kind !== "map") return [];
  return node.entries.flatMap(({ key, value }) => [{ name: String(key.value), value }, ...keysOf(value)]);
};
