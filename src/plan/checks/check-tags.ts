import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/suggest.ts";
import type { Playbook } from "../../playbook/playbook.ts";
import { bringsUnknownTasks, tasksOfPlay } from "../../playbook/tasks-of.ts";
import type { TagChoice } from "../filter-tags.ts";

/** Tags that are asked for and that no task has: nothing would run, and nothing would be left out. */
export const checkTags = (playbooks: readonly Playbook[], choice: TagChoice): readonly Diagnostic[] => {
  const plays = playbooks.flatMap((playbook) => playbook.plays);
  const tasks = plays.flatMap(tasksOfPlay);
  const names = [...new Set([...plays, ...tasks].flatMap(({ tags }) => tags))].toSorted();
  const known = new Set([...names, "all", "always", "never", "tagged", "untagged"]);
  if (names.some((name) => name.includes("{{"))) return [];
  const isOpen = plays.some(bringsUnknownTasks);
  const unknown = (option: string, tags: readonly string[], severity: Diagnostic["severity"]): Diagnostic[] =>
    tags
      .filter((tag) => !known.has(tag))
      .map((tag) => ({
        code: "V33",
        severity,
        message: `${option}: no task has the tag "${tag}"`,
        hint: didYouMean(tag, names) ?? (names.length === 0 ? "no task has a tag" : `there are ${names.join(", ")}`),
      }));
  return [
    ...unknown("--tags", choice.tags, isOpen ? "warning" : "error"),
    ...unknown("--skip-tags", choice.skipTags, "warning"),
  ];
};
