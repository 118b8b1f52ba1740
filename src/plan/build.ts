import { loadGroupAndHostVars } from "../inventory/adjacent-vars.ts";
import type { AdjacentVars, Inventory } from "../inventory/inventory.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { dirname } from "node:path";
import { loadPlaybook } from "../playbook/load.ts";
import type { Play, Playbook } from "../playbook/playbook.ts";
import { checkPlan } from "./checks/check-plan.ts";
import type { ExtraVars } from "./extra-vars.ts";
import { chosenEntries } from "./filter-tags.ts";
import type { EarlyRender, Plan, PlannedPlaybook, RunOptions } from "./plan.ts";

/** What a plan is made of. */
export interface PlanInput {
  readonly playbookPaths: readonly string[];
  readonly inventory: Inventory;
  readonly extraVars: ExtraVars;
  readonly options: RunOptions;
  readonly renderEarly: EarlyRender;
  readonly now: Date;
}

/** Loads the playbooks, checks them against the inventory, and leaves out what the tags leave out. */
export const buildPlan = async (
  input: PlanInput,
): Promise<{ readonly plan: Plan; readonly diagnostics: readonly Diagnostic[] }> => {
  const { inventory, extraVars, options } = input;
  const diagnostics: Diagnostic[] = [];
  const playbooks: PlannedPlaybook[] = [];
  const folders = new Map<string, AdjacentVars>();
  let firstPlay = 1;
  for (const path of input.playbookPaths) {
    const loaded = await loadPlaybook(path, { firstPlay, renderEarly: input.renderEarly });
    firstPlay += loaded.playbook.plays.length;
    diagnostics.push(...loaded.diagnostics);
    const adjacent = adjacentTo(dirname(path), folders, diagnostics);
    playbooks.push({ playbook: chosenPlaybook(loaded.playbook, options), adjacent });
  }
  const plan = { playbooks, inventory, extraVars: extraVars.values, options };
  diagnostics.push(
    ...checkPlan({ plan, extraVars: extraVars.entries, renderEarly: input.renderEarly, now: input.now }),
  );
  return { plan, diagnostics };
};

const adjacentTo = (folder: string, folders: Map<string, AdjacentVars>, diagnostics: Diagnostic[]): AdjacentVars => {
  const known = folders.get(folder);
  if (known !== undefined) return known;
  const loaded = loadGroupAndHostVars(folder);
  diagnostics.push(...loaded.diagnostics);
  folders.set(folder, loaded.vars);
  return loaded.vars;
};

const chosenPlaybook = (playbook: Playbook, options: RunOptions): Playbook => ({
  ...playbook,
  plays: playbook.plays.map((play): Play => ({
    ...play,
    preTasks: chosenEntries(play.preTasks, options),
    tasks: chosenEntries(play.tasks, options),
    postTasks: chosenEntries(play.postTasks, options),
  })),
});
