import { judgeSudoCommand, judgeSudoersFile } from "../../access/sudo-command.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { mayFail, playsOf } from "./grant-of-play.ts";
import { type CheckInput, knownValues } from "./known-values.ts";

/** Rules that sudo would refuse, not read, or take for more than they look like. */
export const checkSudoers = (input: CheckInput): readonly Diagnostic[] =>
  playsOf(input).flatMap((play) => tasksOfPlay(play).flatMap((task) => checkTask(input, play, task)));

const checkTask = (input: CheckInput, play: Play, task: Task): readonly Diagnostic[] => {
  if (task.module.shortName !== "sudoers" || mayFail(input, play, task)) return [];
  const files = knownValues(input, play, task, ["name"]).flatMap((known): readonly Diagnostic[] => {
    const name = String(known.value);
    const found = known.isLiteral ? undefined : judgeSudoersFile(name);
    return found === undefined ? [] : [{ code: "V52", ...found, span: known.placeOf(name) }];
  });
  const commands = knownValues(input, play, task, ["commands"]).flatMap((known) =>
    commandsOf(known.value).flatMap((command): readonly Diagnostic[] => {
      const found = judgeSudoCommand(command);
      return found === undefined ? [] : [{ code: "V52", ...found, span: known.placeOf(command) }];
    }),
  );
  return [...files, ...commands];
};

/** As the module reads its option: a text is a list with commas. */
const commandsOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : typeof value === "string" ? value.split(",") : [])
    .filter((command) => typeof command === "string")
    .map((command) => command.trim());
