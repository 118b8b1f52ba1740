import { resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { sortDiagnostics } from "../diagnostics/render-text.ts";
import { readLimit } from "../inventory/limit.ts";
import { loadInventory } from "../inventory/load.ts";
import type { LookupEnvironment } from "../vars/template.ts";
import { buildPlan } from "./build.ts";
import { createEarlyRender } from "./early-render.ts";
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
}

/** Reads and checks everything that a run needs; the plan is of use only where no diagnostic is an error. */
export const loadPlan = async (
  input: LoadInput,
): Promise<{ readonly plan: Plan; readonly diagnostics: readonly Diagnostic[] }> => {
  const diagnostics: Diagnostic[] = [];
  const limit = readLimit(input.limit, input.cwd);
  if (!limit.ok) diagnostics.push({ code: "V40", severity: "error", message: limit.error });
  const extraVars = readExtraVars(input.extraVars, input.cwd, diagnostics);
  const loaded = await loadInventory({ sources: input.inventory, cwd: input.cwd, env: input.lookups.env });
  const built = await buildPlan({
    playbookPaths: input.playbooks.map((path) => resolve(input.cwd, path)),
    inventory: loaded.inventory,
    extraVars,
    options: { ...input.options, limit: limit.ok ? limit.value : [] },
    rolesPath: rolesPathOf(input),
    renderEarly: createEarlyRender(extraVars.values, input.lookups),
    now: input.lookups.now(),
  });
  diagnostics.push(...loaded.diagnostics, ...built.diagnostics);
  return { plan: built.plan, diagnostics: sortDiagnostics(diagnostics) };
};

/** Where Ansible looks for roles besides the playbook: as ANSIBLE_ROLES_PATH says, or its usual places. */
const rolesPathOf = ({ lookups, cwd }: LoadInput): readonly string[] => {
  const home = lookups.env["HOME"] ?? "/";
  const given = lookups.env["ANSIBLE_ROLES_PATH"];
  const folders = given === undefined ? usualRolesPath : given.split(":").filter((folder) => folder !== "");
  return folders.map((folder) => resolve(cwd, folder.replace(/^~(?=\/|$)/, home)));
};

const usualRolesPath = ["~/.ansible/roles", "/usr/share/ansible/roles", "/etc/ansible/roles"];
