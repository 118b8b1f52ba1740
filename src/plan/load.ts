import { resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { applyIgnoreComments } from "../diagnostics/ignore-comments.ts";
import { foldEchoes } from "../diagnostics/fold-echoes.ts";
import { sortDiagnostics } from "../diagnostics/render-text.ts";
import type { LoadedAdjacentVars } from "../inventory/adjacent-vars.ts";
import { readLimit } from "../inventory/limit.ts";
import { loadInventory } from "../inventory/load.ts";
import type { LookupEnvironment } from "../vars/template.ts";
import type { Vault } from "../vault/vault.ts";
import type { RoleFolders } from "../playbook/task-reader.ts";
import { buildPlan, type PlanInput } from "./build.ts";
import { createEarlyRender } from "../playbook/early-render.ts";
import { readExtraVars } from "./extra-vars.ts";
import type { Plan, RunOptions } from "./plan.ts";

/** What a plan is loaded from: texts as they stand on a command line. */
export interface LoadInput {
  readonly playbooks: readonly string[];
  /** Values of `-i`: files, directories, executables, host lists. */
  readonly inventory: readonly string[];
  /** Values of `-e`: `name=value`, JSON, YAML, `@file`. */
  readonly extraVars: readonly string[];
  /** Values of `--limit`. */
  readonly limit: readonly string[];
  readonly options: Omit<RunOptions, "limit">;
  /** What relative paths are relative to. */
  readonly cwd: string;
  readonly lookups: LookupEnvironment;
  /** Opens what is vaulted; without it, that is a mistake. */
  readonly vault?: Vault | undefined;
}

/** Reads and checks everything that a run needs; the plan is of use only where no diagnostic is an error. */
export const loadPlan = async (
  input: LoadInput,
): Promise<{ readonly plan: Plan; readonly diagnostics: readonly Diagnostic[] }> => {
  const around = await loadSurroundings(input);
  const playbookPaths = input.playbooks.map((path) => resolve(input.cwd, path));
  const built = await buildPlan({ ...around.surroundings, playbookPaths });
  const found = [...around.diagnostics, ...built.diagnostics];
  const files = found.flatMap(({ span }) => (span === undefined ? [] : [span.file]));
  // Whether a comment has no use cannot be told here: tags may have left out what it stands at.
  const { kept, problems } = applyIgnoreComments(found, files, () => false);
  return { plan: built.plan, diagnostics: foldEchoes(sortDiagnostics([...kept, ...problems]), true) };
};

/** Reads what playbooks are held against: the inventory and the variables of the command line. */
export const loadSurroundings = async (
  input: Omit<LoadInput, "playbooks">,
): Promise<{
  readonly surroundings: Omit<PlanInput, "playbookPaths">;
  readonly diagnostics: readonly Diagnostic[];
}> => {
  const diagnostics: Diagnostic[] = [];
  const limit = readLimit(input.limit, input.cwd);
  if (!limit.ok) diagnostics.push({ code: "V40", severity: "error", message: limit.error });
  const extraVars = readExtraVars(input.extraVars, input.cwd, diagnostics, input.vault);
  const loaded = await loadInventory({
    sources: input.inventory,
    cwd: input.cwd,
    env: input.lookups.env,
    vault: input.vault,
  });
  const surroundings = {
    inventory: loaded.inventory,
    extraVars,
    options: { ...input.options, limit: limit.ok ? limit.value : [] },
    roleFolders: roleFolders(input),
    renderEarly: createEarlyRender(extraVars.values, input.lookups),
    now: input.lookups.now(),
    env: input.lookups.env,
    vault: input.vault,
    adjacent: new Map<string, LoadedAdjacentVars>(),
  };
  return { surroundings, diagnostics: [...diagnostics, ...loaded.diagnostics] };
};

/** Where Ansible looks for roles besides the playbook: as its variables of the environment say, or its usual places. */
const roleFolders = ({ lookups, cwd }: Pick<LoadInput, "lookups" | "cwd">): RoleFolders => {
  const { env } = lookups;
  const list = (given: string | undefined, usual: readonly string[]): readonly string[] => {
    const folders = given === undefined ? usual : given.split(":").filter((folder) => folder !== "");
    return folders.map((folder) => resolve(cwd, folder.replace(/^~(?=\/|$)/, env["HOME"] ?? "/")));
  };
  return {
    roles: list(env["ANSIBLE_ROLES_PATH"], ["~/.ansible/roles", "/usr/share/ansible/roles", "/etc/ansible/roles"]),
    collections: list(env["ANSIBLE_COLLECTIONS_PATH"], ["~/.ansible/collections", "/usr/share/ansible/collections"]),
  };
};
