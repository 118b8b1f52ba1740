import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/suggest.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { bringsUnknownTasks, handlersOfPlay, namesOfHandler, tasksOfPlay } from "../../playbook/tasks-of.ts";
import { entryOf } from "../../source/node.ts";
import type { Span } from "../../source/source-file.ts";
import type { Plan } from "../plan.ts";

/** Notified handlers that do not exist. Names made by templates are looked up when they are known. */
export const checkHandlers = ({ playbooks }: Plan): readonly Diagnostic[] =>
  playbooks.flatMap(({ playbook }) => playbook.plays).flatMap(checkPlay);

const checkPlay = (play: Play): readonly Diagnostic[] => {
  const handlers = handlersOfPlay(play);
  // A name that a template makes, and handlers of roles that nobody knows yet, may be what is meant.
  if (bringsUnknownTasks(play) || handlers.some(({ own }) => typeof own.name === "object" && own.name !== null))
    return [];
  const known = [
    ...handlers.flatMap((handler) => [...namesOfHandler(handler), ...handler.listen]),
    ...play.unread.handlers,
  ];
  const tasks = tasksOfPlay(play);
  return tasks.flatMap((task) =>
    task.notify.flatMap((name): readonly Diagnostic[] => {
      if (typeof name !== "string" || known.includes(name)) return [];
      const allowed = known.length === 0 ? "this play has no handlers" : `expected one of ${known.join(", ")}`;
      return [
        {
          code: "V30",
          severity: "error",
          message: `there is no handler "${name}" in this play`,
          span: placeOf(task, name),
          hint: didYouMean(name, known) ?? allowed,
        },
      ];
    }),
  );
};

/** Where the name stands; a task that inherits its notify from a block shows the task. */
const placeOf = (task: Task, name: string): Span => {
  const notify = entryOf(task.node, "notify")?.value;
  const items = notify?.kind === "seq" ? notify.items : notify === undefined ? [] : [notify];
  return items.find((item) => item.kind === "scalar" && item.value === name)?.span ?? task.span;
};
