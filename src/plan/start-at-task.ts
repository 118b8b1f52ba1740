import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import type { Entry, Play, Task } from "../playbook/playbook.ts";
import { tasksOfPlay } from "../playbook/tasks-of.ts";
import { globToRegExp } from "../util/glob.ts";
import { Template } from "../vars/value.ts";
import type { PlannedPlaybook } from "./plan.ts";

/**
 * The plays without what stands before the first task of a name, as `--start-at-task` wants it. The name may be a pattern,
 * or that of a role's task with its role (`role : name`). A rescue section is reached by a failure alone.
 */
export const startAtTask = (
  playbooks: readonly PlannedPlaybook[],
  name: string,
): { readonly playbooks: readonly PlannedPlaybook[]; readonly diagnostics: readonly Diagnostic[] } => {
  const pattern = globToRegExp(name);
  const isWanted = (task: Task): boolean => namesOf(task).some((own) => own === name || pattern.test(own));
  let isFound = false;
  const left = playbooks.map((planned) => {
    const plays = planned.playbook.plays.flatMap((play) => {
      const cut = isFound ? play : cutPlay(play, isWanted);
      isFound ||= cut !== undefined;
      return cut ?? [];
    });
    return { ...planned, playbook: { ...planned.playbook, plays } };
  });
  if (isFound) return { playbooks: left, diagnostics: [] };
  const tasks = playbooks.flatMap(({ playbook }) => playbook.plays).flatMap(tasksOfPlay);
  const unreached = tasks.find(isWanted);
  const hint = unreached === undefined ? (didYouMean(name, tasks.flatMap(namesOf)) ?? listThem) : whyNot(unreached);
  const message = `--start-at-task: no task is called "${name}"`;
  return { playbooks, diagnostics: [{ code: "V33", severity: "error", message, hint }] };
};

const listThem = "--list-tasks lists them; what an include brings is not known yet";

const whyNot = ({ handler }: Task): string =>
  handler
    ? "it is a handler, which runs when it is notified"
    : "it is in a rescue section, which only a failure reaches";

const sections = ["preTasks", "roles", "tasks", "postTasks"] as const;

const cutPlay = (play: Play, isWanted: (task: Task) => boolean): Play | undefined => {
  for (const [index, section] of sections.entries()) {
    const cut = cutEntries(play[section], isWanted);
    if (cut === undefined) continue;
    const before = Object.fromEntries(sections.slice(0, index).map((earlier) => [earlier, []]));
    return { ...play, ...before, [section]: cut };
  }
  return undefined;
};

const cutEntries = (entries: readonly Entry[], isWanted: (task: Task) => boolean): readonly Entry[] | undefined => {
  for (const [index, entry] of entries.entries()) {
    const cut = cutEntry(entry, isWanted);
    if (cut !== undefined) return [cut, ...entries.slice(index + 1)];
  }
  return undefined;
};

const cutEntry = (entry: Entry, isWanted: (task: Task) => boolean): Entry | undefined => {
  if (entry.kind === "task") return isWanted(entry) ? entry : undefined;
  const block = cutEntries(entry.block, isWanted);
  if (block !== undefined) return { ...entry, block };
  const always = cutEntries(entry.always, isWanted);
  return always === undefined ? undefined : { ...entry, block: [], rescue: [], always };
};

const namesOf = ({ own, action, role }: Task): readonly string[] => {
  const { name } = own;
  const label = name instanceof Template ? name.source : typeof name === "string" ? name : action;
  return role === undefined ? [label] : [label, `${role.name} : ${label}`];
};
