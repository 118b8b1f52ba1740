import type { Entry, Task } from "./playbook.ts";

/** Every task of a list, those inside blocks included, in the order in which they are written. */
export const tasksOf = (entries: readonly Entry[]): readonly Task[] =>
  entries.flatMap((entry) =>
    entry.kind === "task" ? [entry] : [entry.block, entry.rescue, entry.always].flatMap((part) => tasksOf(part)),
  );
