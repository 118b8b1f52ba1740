import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Playbook } from "../../playbook/playbook.ts";
import type { TagChoice } from "../filter-tags.ts";
import { checkHandlers } from "./check-handlers.ts";
import { checkReach } from "./check-reach.ts";
import { checkTags } from "./check-tags.ts";

/**
 * What is wrong with the way through playbooks, before tags leave anything out. Tasks that could not be read leave holes,
 * which look like handlers without calls and tags without tasks: then the playbooks are not whole.
 */
export const checkFlow = (
  playbooks: readonly Playbook[],
  choice: TagChoice,
  isWhole: boolean,
): readonly Diagnostic[] => [
  ...checkHandlers(playbooks, isWhole),
  ...checkReach(playbooks),
  ...(isWhole ? checkTags(playbooks, choice) : []),
];
