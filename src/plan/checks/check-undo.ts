import { undoKindOf } from "../../access/undo-of-modules.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { suggest } from "../../diagnostics/suggest.ts";
import type { Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { entryOf } from "../../source/node.ts";
import type { Span } from "../../source/source-file.ts";
import { Template, type Value, type ValueMap } from "../../vars/value.ts";
import { grantOfPlay, playsOf } from "./grant-of-play.ts";
import type { CheckInput } from "./known-values.ts";

/** Tasks of a grant that nothing takes back when it ends. */
export const checkUndo = (input: CheckInput): readonly Diagnostic[] =>
  playsOf(input)
    .filter((play) => grantOfPlay(input, play) !== undefined)
    .flatMap((play) => tasksOfPlay(play).flatMap(checkTask));

const checkTask = (task: Task): readonly Diagnostic[] => {
  const name = task.module.shortName;
  if (isJob(task)) {
    const message = "a grant cannot take back what a job of async does, which goes on by itself";
    const hint = "remove async and poll, or do it in a play without latchkey_grant";
    return [
      { code: "V55", severity: "error", message, span: entryOf(task.node, "async")?.key.span ?? task.span, hint },
    ];
  }
  const kind = asksForChange(task) ? "task" : undoKindOf(name);
  if (kind === "none-needed" || kind === "journal" || isReadOnly(task)) return [];
  const span = entryOf(task.node, task.action)?.key.span ?? task.span;
  if (kind === "impossible") {
    const message = `a grant cannot take back what the module "${name}" does`;
    const hint = "do it in a play without latchkey_grant, or with command and a latchkey_undo that takes it back";
    return [{ code: "V55", severity: "error", message, span, hint }];
  }
  const undo = task.vars.findLast((vars) => "latchkey_undo" in vars)?.["latchkey_undo"];
  if (undo !== undefined) return undoProblem(task, undo);
  const message = `the task runs "${name}" in a grant and does not say how that is taken back`;
  const misspelt = task.vars.flatMap((vars) => Object.keys(vars)).find((key) => suggest(key, ["latchkey_undo"]));
  const readOnly = name === "script" || name === "package" ? "" : "; a task that only reads says changed_when: false";
  const hint =
    misspelt === undefined
      ? `set latchkey_undo in its vars to a command that root runs when the grant ends, or to {keep: "why it may stay"}${readOnly}`
      : `did you mean "latchkey_undo" instead of "${misspelt}"?`;
  return [{ code: "V55", severity: "error", message, span, hint }];
};

/** A request that changes something elsewhere, of which the host's journal knows nothing. */
const asksForChange = ({ module, args }: Task): boolean =>
  module.shortName === "uri" && typeof args["method"] === "string" && !/^(?:get|head)$/i.test(args["method"].trim());

const isJob = ({ own }: Task): boolean => (own.async ?? 0) !== 0;

/** A task that says of itself that it never changes anything. */
const isReadOnly = (task: Task): boolean =>
  ["command", "shell", "raw", "uri"].includes(task.module.shortName) &&
  task.changedWhen.some(({ source }) => source.trim().toLowerCase() === "false");

const undoProblem = (task: Task, undo: Value): readonly Diagnostic[] => {
  if (undo instanceof Template || (typeof undo === "string" && undo.trim() !== "")) return [];
  if (typeof undo === "object" && undo !== null && !Array.isArray(undo)) {
    const keys = Object.keys(undo);
    const reason = (undo as ValueMap)["keep"];
    const isReason = reason instanceof Template || (typeof reason === "string" && reason.trim() !== "");
    if (keys.length === 1 && isReason) return [];
  }
  const message = 'latchkey_undo is neither a command nor {keep: "why it may stay"}';
  const hint = "write the command that root runs with sh when the grant ends, as a text";
  return [{ code: "V55", severity: "error", message, span: placeOf(task), hint }];
};

/** Where the task says it; what a block says for it is shown at the task. */
const placeOf = (task: Task): Span => {
  const vars = entryOf(task.node, "vars")?.value;
  const own = vars?.kind === "map" ? entryOf(vars, "latchkey_undo") : undefined;
  return own?.value.span ?? task.span;
};
