import { judgeKeyOptions } from "../../access/key-options.ts";
import { judgeNetwork } from "../../access/network.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { tasksOfPlay } from "../../playbook/tasks-of.ts";
import { mayFail, playsOf } from "./grant-of-play.ts";
import { type CheckInput, knownValues } from "./known-values.ts";

/** The options of a firewall's module that say from where somebody may come. */
const sourceOptions = ["source", "sources", "src", "from"] as const;

/** Options before keys, and addresses from which somebody may come: in `from=` and in the rules of a firewall. */
export const checkSources = (input: CheckInput): readonly Diagnostic[] =>
  playsOf(input).flatMap((play) => tasksOfPlay(play).flatMap((task) => checkTask(input, play, task)));

const checkTask = (input: CheckInput, play: Play, task: Task): readonly Diagnostic[] => {
  const { shortName } = task.module;
  if (mayFail(input, play, task)) return [];
  if (shortName === "authorized_key") return checkKeyOptions(input, play, task);
  return shortName.startsWith("firewall") ? checkFirewall(input, play, task) : [];
};

const checkKeyOptions = (input: CheckInput, play: Play, task: Task): readonly Diagnostic[] => {
  if (task.args["state"] === "absent") return [];
  return knownValues(input, play, task, ["key_options"]).flatMap(({ value, placeOf }) =>
    judgeKeyOptions(String(value)).map(({ text, ...found }): Diagnostic => ({ ...found, span: placeOf(text) })),
  );
};

const checkFirewall = (input: CheckInput, play: Play, task: Task): readonly Diagnostic[] =>
  knownValues(input, play, task, sourceOptions).flatMap(({ value, placeOf, isLiteral }) =>
    (Array.isArray(value) ? value : String(value).split(",")).flatMap((source): readonly Diagnostic[] => {
      const text = String(source).trim();
      const found = judgeNetwork(text);
      // What is no network the module itself has told.
      return found === undefined || (isLiteral && found.severity === "error")
        ? []
        : [{ code: "V53", ...found, span: placeOf(text) }];
    }),
  );
