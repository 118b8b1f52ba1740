import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { findModule } from "../../modules/registry.ts";
import type { Play, Role, Task } from "../../playbook/playbook.ts";
import { roleVariables } from "../../playbook/role-variables.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { entryOf, type Node } from "../../source/node.ts";
import { inferTemplate } from "../../vars/types/infer.ts";
import { any } from "../../vars/types/type.ts";
import { Template } from "../../vars/value.ts";
import { AssignedVariables } from "../types/assigned.ts";
import { explainUndefined } from "../types/explain-undefined.ts";
import { ExpressionReport } from "../types/expression-report.ts";
import { bringsUnknownNames, includedNames } from "../types/included-names.ts";
import { loopNames } from "../types/loop-types.ts";
import { PlayVariables } from "../types/play-variables.ts";
import { diagnosticOf, PlayWalk } from "../types/play-walk.ts";
import type { CheckInput } from "./known-values.ts";
import { namesSetBy } from "./names-set-in-run.ts";
import { templatesIn, valuesOfPlay } from "./task-values.ts";

/**
 * Variables, keys of results, arguments of filters, operands and conditions that cannot be meant, by the types of what is
 * known. Plays are gone through in the order in which they run; what is not sure is not told.
 */
export const checkExpressions = ({ plan, modules, isIncomplete }: CheckInput): readonly Diagnostic[] => {
  const report = new ExpressionReport();
  const assigned = new AssignedVariables();
  const plays = plan.playbooks.flatMap((planned) => planned.playbook.plays.map((play) => ({ planned, play })));
  const tasks = plays.flatMap(({ play }) => tasksOfPlay(play));
  const setLater = tasksByName(tasks);
  const movesHosts = tasks.some(({ module }) => module.shortName === "add_host" || module.shortName === "group_by");
  let isAny = isIncomplete;
  let hasFacts = false;
  for (const { planned, play } of plays) {
    const own = tasksOfPlay(play);
    const { path } = planned.playbook;
    isAny ||= play.unread.modules.size > 0;
    const isAnyLater = isAny || own.some((task) => bringsUnknownNames(task, path));
    const unread = [...play.unread.variables, ...factsLost(play.node)];
    const included = own.filter(isIncludeVars).flatMap((task) => includedNames(task, path) ?? []);
    hasFacts ||= gathersFacts(play);
    const loops = new Set(own.flatMap(namesOfLoop));
    const publicRoles = new Set(play.publicRoles);
    const setByTasks = new Set([
      ...setLater.keys(),
      ...included,
      ...unread,
      ...own.flatMap((task) => namesWithTask(task, publicRoles)),
      ...loops,
    ]);
    const variables = new PlayVariables(plan, planned, play, setByTasks);
    for (const name of unread) assigned.set(name, any, false);
    if (!isAnyLater && !lacksFiles(play)) checkPlayValues(play, { variables, setByTasks, report });
    const walk = new PlayWalk({
      variables,
      assigned,
      report,
      modules,
      setLater,
      handlers: play.handlers,
      playbookPath: path,
      loopNames: loops,
      isAny: isAny || lacksFiles(play),
      isAnyLater: isAnyLater || lacksFiles(play),
      hasFacts,
      movesHosts,
    });
    walk.walk(play.preTasks);
    walk.flush();
    walk.walk([...play.roles, ...play.tasks]);
    walk.flush();
    walk.walk(play.postTasks);
    // Handlers run between the sections and at their ends.
    assigned.weaken();
    walk.walk([...play.handlers, ...walk.handlers]);
    assigned.weaken();
    hasFacts = walk.hasFacts;
    isAny = isAnyLater;
  }
  return report.diagnostics;
};

const isIncludeVars = ({ module }: Task): boolean => module.shortName === "include_vars";

/** What nothing sets before the tasks that are named here. */
const tasksByName = (tasks: readonly Task[]): ReadonlyMap<string, Task> => {
  const byName = new Map<string, Task>();
  for (const task of tasks) {
    for (const name of namesSetBy([task])) if (!byName.has(name)) byName.set(name, task);
  }
  return byName;
};

/** Names that come with a task, and not with the play. */
const namesWithTask = ({ vars, includeVars, role }: Task, publicRoles: ReadonlySet<Role>): readonly string[] => {
  const { params, vars: ofRole, defaults } = role === undefined ? none : roleVariables(role);
  const own = role === undefined || publicRoles.has(role) ? [] : [...ofRole, ...defaults];
  return [...vars, ...includeVars, ...params, ...own].flatMap((values) => Object.keys(values));
};

const none = { params: [], vars: [], defaults: [] };

const namesOfLoop = (task: Task): readonly string[] => {
  const names = loopNames(task);
  return names === undefined ? [] : [names.item, ...(names.index === undefined ? [] : [names.index])];
};

interface PlayValuesInput {
  readonly variables: PlayVariables;
  readonly setByTasks: ReadonlySet<string>;
  readonly report: ExpressionReport;
}

/** The variables of a play are rendered where they are used, and see what is there then. */
const checkPlayValues = (play: Play, { variables, setByTasks, report }: PlayValuesInput): void => {
  const scope = variables.lateScope();
  for (const template of valuesOfPlay(play).flatMap(templatesIn)) {
    if (!(template instanceof Template)) continue;
    for (const problem of inferTemplate(template, scope).problems) {
      const { kind, name = "", place } = problem;
      if (kind === "variable") {
        const names = (): Iterable<string> => [...variables.names(), ...setByTasks];
        const told = explainUndefined(name, { isLoopVariable: name === "item", names });
        report.add(template, place, { severity: "error", ...told });
      } else if (kind !== "text") report.add(template, place, diagnosticOf(problem));
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

/** Names that tasks would have set which set facts under a name that is slightly wrong. */
const factsLost = (node: Node): readonly string[] => {
  if (node.kind === "seq") return node.items.flatMap(factsLost);
  if (node.kind !== "map") return [];
  return node.entries.flatMap(({ key, value }) => {
    const isSlip = /fact/.test(String(key.value)) && findModule(String(key.value)) === undefined;
    const names = isSlip && value.kind === "map" ? value.entries.map((entry) => String(entry.key.value)) : [];
    return [...names, ...factsLost(value)];
  });
};
