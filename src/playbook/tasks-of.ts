import type { Entry, Play, Task } from "./playbook.ts";

/** Every task of a list, those inside blocks included, in the order in which they are written. */
export const tasksOf = (entries: readonly Entry[]): readonly Task[] =>
  entries.flatMap((entry) =>
    entry.kind === "task" ? [entry] : [entry.block, entry.rescue, entry.always].flatMap((part) => tasksOf(part)),
  );

/** Every task of a play, its handlers last. */
export const tasksOfPlay = (play: Play): readonly Task[] =>
  [play.preTasks, play.tasks, play.postTasks, play.handlers].flatMap(tasksOf);
