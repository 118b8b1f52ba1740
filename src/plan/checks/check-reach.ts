import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Entry, Playbook, Task } from "../../playbook/playbook.ts";
import { tasksOf } from "../../playbook/tasks-of.ts";
import { entryOf } from "../../source/node.ts";

/** Tasks behind one that ends the play for each host that gets there. */
export const checkReach = (playbooks: readonly Playbook[]): readonly Diagnostic[] =>
  playbooks
    .flatMap(({ plays }) => plays)
    .flatMap((play) => [play.preTasks, play.roles, play.tasks, play.postTasks].flatMap(checkList));

const checkList = (entries: readonly Entry[]): readonly Diagnostic[] => {
  const inside = entries.flatMap((entry) =>
    entry.kind === "task" ? [] : [entry.block, entry.rescue, entry.always].flatMap(checkList),
  );
  const at = entries.findIndex((entry) => entry.kind === "task" && endsHost(entry));
  const end = entries[at];
  if (end?.kind !== "task") return inside;
  // With --tags a task that ends the play may be left out where a later one is not.
  const behind = tasksOf(entries.slice(at + 1)).find((task) => task.tags.every((tag) => end.tags.includes(tag)));
  return behind === undefined ? inside : [...inside, unreachable(behind, end)];
};

const unreachable = (task: Task, end: Task): Diagnostic => ({
  code: "V31",
  severity: "warning",
  message: "this task is never reached",
  span: task.span,
  hint: "remove it, or say at the task before it, with `when`, where the play ends",
  related: [{ message: `"${end.action}" ends the play here on every host`, span: end.span }],
});

const endings = new Set(["end_batch", "end_host", "end_play"]);

const endsHost = (task: Task): boolean => {
  const { shortName } = task.module;
  const { free_form: what } = task.args;
  const isEnd = shortName === "fail" || (shortName === "meta" && typeof what === "string" && endings.has(what));
  const isConditional = ["when", "loop", "failed_when", "until", "check_mode"].some(
    (keyword) => entryOf(task.node, keyword) !== undefined,
  );
  const isLoop = task.node.entries.some(({ key }) => String(key.value).startsWith("with_"));
  const { ignore_errors: ignored = false, run_once: once = false } = task.inherited;
  return isEnd && !isConditional && !isLoop && ignored === false && once === false;
};
