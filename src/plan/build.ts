import { type LoadedAdjacentVars, loadGroupAndHostVars } from "../inventory/adjacent-vars.ts";
import type { AdjacentVars, Inventory } from "../inventory/inventory.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Module } from "../modules/module.ts";
import { loadPlaybook } from "../playbook/load.ts";
import type { RoleFolders } from "../playbook/task-reader.ts";
import type { Play, Playbook } from "../playbook/playbook.ts";
import type { Vault } from "../vault/vault.ts";
import { tasksOfPlay } from "../playbook/tasks-of.ts";
import { checkFlow } from "./checks/check-flow.ts";
import { checkPlan } from "./checks/check-plan.ts";
import { checkRevoke, counterpartOf, type Pair } from "./checks/check-revoke.ts";
import type { ExtraVars } from "./extra-vars.ts";
import { checkCommands } from "./commands/check-commands.ts";
import { checkPasted } from "./commands/check-pasted.ts";
import { checkSyntax, searchPath } from "./commands/check-syntax.ts";
import { type ShellText, shellTexts } from "./commands/shell-texts.ts";
import { chosenEntries, isChosen } from "./filter-tags.ts";
import { startAtTask } from "./start-at-task.ts";
import type { EarlyRender } from "../playbook/early-render.ts";
import type { Plan, PlannedPlaybook, RunOptions } from "./plan.ts";

/** What a plan is made of. */
export interface PlanInput {
  readonly playbookPaths: readonly string[];
  readonly inventory: Inventory;
  readonly extraVars: ExtraVars;
  readonly options: RunOptions;
  readonly renderEarly: EarlyRender;
  readonly roleFolders: RoleFolders;
  readonly now: Date;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly vault: Vault | undefined;
  /** What lies beside playbooks, by folder: plans that are made together share it. */
  readonly adjacent: Map<string, LoadedAdjacentVars>;
  /** Reads one of the paths; a playbook where it is not given. */
  readonly load?: typeof loadPlaybook;
  /** Has shells read the tasks' texts; where many plans are made, those of all together. */
  readonly readShells?: (texts: readonly ShellText[]) => Promise<readonly Diagnostic[]>;
}

/** Loads the playbooks, checks them against the inventory, and leaves out what the tags leave out. */
export const buildPlan = async (
  input: PlanInput,
): Promise<{ readonly plan: Plan; readonly diagnostics: readonly Diagnostic[] }> => {
  const { inventory, extraVars, options, renderEarly, now, env } = input;
  const diagnostics: Diagnostic[] = [];
  const playbooks: PlannedPlaybook[] = [];
  const whole: Playbook[] = [];
  let firstPlay = 1;
  for (const path of input.playbookPaths) {
    const loaded = await (input.load ?? loadPlaybook)(path, { ...input, firstPlay });
    firstPlay += loaded.playbook.plays.length;
    diagnostics.push(...loaded.diagnostics);
    whole.push(loaded.playbook);
    for (const part of partsOf(loaded.playbook)) {
      const adjacent = adjacentTo(dirname(part.path), input, diagnostics);
      playbooks.push({ playbook: chosenPlaybook(part, options), adjacent });
    }
  }
  const pairs = await pairsOf(playbooks, input);
  const plan = { playbooks, inventory, extraVars: extraVars.values, options };
  const modules = await modulesOf(plan);
  const isWhole = diagnostics.every(({ severity }) => severity === "warning");
  diagnostics.push(...checkFlow(whole, options, isWhole));
  const isIncomplete = diagnostics.some(isLoss);
  const checked = { plan, extraVars: extraVars.entries, renderEarly, now, env, modules, isIncomplete };
  // Shells read the tasks' texts while everything else is checked.
  const texts = shellTexts(checked);
  const syntax = input.readShells?.(texts) ?? checkSyntax(texts, searchPath(env));
  diagnostics.push(...checkPlan(checked), ...pairs.flatMap((pair) => checkRevoke(checked, pair)));
  diagnostics.push(...checkCommands(checked, texts), ...checkPasted(checked, texts), ...(await syntax));
  if (options.startAtTask === undefined) return { plan, diagnostics };
  const started = startAtTask(playbooks, options.startAtTask);
  return { plan: { ...plan, playbooks: started.playbooks }, diagnostics: [...diagnostics, ...started.diagnostics] };
};

/** Whether something was left out for it that may have set variables. */
const isLoss = ({ code, severity }: Diagnostic): boolean => severity === "error" && (code === "V01" || code === "V32");

/** Each is loaded already: reading its tasks did that. */
const modulesOf = async ({ playbooks }: Plan): Promise<ReadonlyMap<string, Module>> => {
  const modules = new Map<string, Module>();
  const tasks = playbooks.flatMap(({ playbook }) => playbook.plays).flatMap(tasksOfPlay);
  for (const { module } of tasks)
    if (!modules.has(module.shortName)) modules.set(module.shortName, await module.load());
  return modules;
};

/** A playbook as the files in which its plays stand: what lies beside each file is for its own plays. */
const partsOf = (playbook: Playbook): readonly Playbook[] => {
  const parts: { path: string; root: string; plays: Play[] }[] = [];
  for (const play of playbook.plays) {
    const { path } = play.span.file;
    const last = parts.at(-1);
    if (last?.path === path) last.plays.push(play);
    else parts.push({ path, root: playbook.path, plays: [play] });
  }
  return parts.length === 0 ? [playbook] : parts;
};

/** The playbooks with those that lie beside them and undo them, or are undone by them. Its own run tells what is wrong there. */
const pairsOf = async (playbooks: readonly PlannedPlaybook[], input: PlanInput): Promise<readonly Pair[]> => {
  const pairs: Pair[] = [];
  for (const { playbook } of playbooks) {
    const other = counterpartOf(playbook.path);
    if (other === undefined || !existsSync(other.path)) continue;
    const { playbook: loaded } = await loadPlaybook(other.path, { ...input, firstPlay: 1 });
    const [grant, revoke] = other.runs === "grant" ? [playbook, loaded] : [loaded, playbook];
    pairs.push({ grant, revoke, runs: other.runs });
  }
  return pairs;
};

const adjacentTo = (folder: string, { adjacent, vault }: PlanInput, diagnostics: Diagnostic[]): AdjacentVars => {
  let loaded = adjacent.get(folder);
  if (loaded === undefined) adjacent.set(folder, (loaded = loadGroupAndHostVars(folder, vault)));
  diagnostics.push(...loaded.diagnostics);
  return loaded.vars;
};

const chosenPlaybook = (playbook: Playbook, options: RunOptions): Playbook => ({
  ...playbook,
  plays: playbook.plays.map((play): Play => ({
    ...play,
    keywords: gathersFacts(play, options) ? play.keywords : { ...play.keywords, gather_facts: false },
    preTasks: chosenEntries(play.preTasks, options),
    roles: chosenEntries(play.roles, options),
    tasks: chosenEntries(play.tasks, options),
    postTasks: chosenEntries(play.postTasks, options),
  })),
});

/** Facts are gathered whatever tags are asked for, unless the play has tags of its own. */
const gathersFacts = ({ tags }: Play, options: RunOptions): boolean =>
  isChosen(tags.length > 0 ? tags : ["always"], options);
