import type { Task } from "../../playbook/playbook.ts";

/** Whether a task brings in others that are known only when it runs, with their tags, handlers and notifications. */
export const bringsTasks = ({ module }: Task): boolean => ["include_tasks", "include_role"].includes(module.shortName);
