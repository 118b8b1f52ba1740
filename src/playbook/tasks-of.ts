import type { Entry, Play, Role, Task } from "./playbook.ts";

/** Every task of a list, those inside blocks included, in the order in which they are written. */
export const tasksOf = (entries: readonly Entry[]): readonly Task[] =>
  entries.flatMap((entry) =>
    entry.kind === "task" ? [entry] : [entry.block, entry.rescue, entry.always].flatMap((part) => tasksOf(part)),
  );

/** The same with what includes are known to bring, each behind its include. */
const reachableFrom = (entries: readonly Entry[]): readonly Task[] =>
  tasksOf(entries).flatMap((task) => {
    const known = task.include?.known;
    return known === undefined ? [task] : [task, ...reachableFrom([...known.entries, ...known.handlers])];
  });

/** Every task that a play is known to run, its handlers last. */
export const tasksOfPlay = (play: Play): readonly Task[] => {
  let known = byPlay.get(play);
  if (known === undefined) {
    known = [play.preTasks, play.roles, play.tasks, play.postTasks, play.handlers].flatMap(reachableFrom);
    byPlay.set(play, known);
  }
  return known;
};

/** Nearly every check asks. */
const byPlay = new WeakMap<Play, readonly Task[]>();

/** Every handler that a play is known to have, those of roles that it includes last. */
export const handlersOfPlay = (play: Play): readonly Task[] => [
  ...play.handlers,
  ...tasksOfPlay(play).flatMap((task) => task.include?.known?.handlers ?? []),
];

/** Whether a play brings in tasks that nobody knows before it runs. */
export const bringsUnknownTasks = (play: Play): boolean =>
  tasksOfPlay(play).some((task) => task.include !== undefined && task.include.known === undefined);

/** The roles that tasks belong to. */
export const rolesOf = (tasks: readonly Task[]): readonly Role[] => [
  ...new Set(tasks.flatMap(({ role }) => (role === undefined ? [] : [role]))),
];

/** What a handler is called by its name: alone, and behind the name of its role. A name that is a template is none yet. */
export const namesOfHandler = ({ own, role }: Task): readonly string[] => {
  if (own.name === undefined || own.name === null || typeof own.name === "object") return [];
  return role === undefined ? [String(own.name)] : [String(own.name), `${role.name} : ${String(own.name)}`];
};
