import type { Entry, Task } from "../playbook/playbook.ts";

/** Which tags are asked for. */
export interface TagChoice {
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
}

/** Whether a task with these tags runs, by Ansible's rule (its documentation: "Tags"). */
export const isChosen = (own: readonly string[], { tags, skipTags }: TagChoice): boolean => {
  const has = own.length > 0 ? own : ["untagged"];
  const meets = (wanted: readonly string[]): boolean => has.some((tag) => wanted.includes(tag));
  const runs =
    tags.length === 0
      ? !has.includes("never")
      : has.includes("always") ||
        (tags.includes("all") && !has.includes("never")) ||
        meets(tags) ||
        (tags.includes("tagged") && own.length > 0 && !has.includes("never"));
  if (!runs) return false;
  if (skipTags.includes("all") && (!has.includes("always") || skipTags.includes("always"))) return false;
  if (meets(skipTags)) return false;
  return !(skipTags.includes("tagged") && own.length > 0);
};

/** The tasks that are chosen; a block stays while something in it does. */
export const chosenEntries = (entries: readonly Entry[], choice: TagChoice): readonly Entry[] =>
  entries.flatMap((entry): readonly Entry[] => {
    if (entry.kind === "task") return isAlwaysKept(entry) || isChosen(entry.tags, choice) ? [entry] : [];
    const part = (list: readonly Entry[]): readonly Entry[] => chosenEntries(list, choice);
    const [block, rescue, always] = [part(entry.block), part(entry.rescue), part(entry.always)];
    return block.length + rescue.length + always.length === 0 ? [] : [{ ...entry, block, rescue, always }];
  });

/** Handlers run when they are called, and `meta: flush_handlers` without tags always flushes. */
const isAlwaysKept = (task: Task): boolean =>
  task.handler || (task.module.shortName === "meta" && task.tags.length === 0);
