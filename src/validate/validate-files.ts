import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { applyIgnoreComments } from "../diagnostics/ignore-comments.ts";
import { foldEchoes } from "../diagnostics/fold-echoes.ts";
import { sortDiagnostics } from "../diagnostics/render-text.ts";
import { loadGroupAndHostVars } from "../inventory/adjacent-vars.ts";
import { loadInventory } from "../inventory/load.ts";
import { buildPlan, type PlanInput } from "../plan/build.ts";
import { checkSyntax, searchPath } from "../plan/commands/check-syntax.ts";
import type { ShellText } from "../plan/commands/shell-texts.ts";
import { type LoadInput, loadSurroundings } from "../plan/load.ts";
import type { FileKind } from "./file-kind.ts";
import { SourceFile } from "../source/source-file.ts";
import { findFiles, type FoundFile } from "./find-files.ts";
import { loadPart, type Part } from "./load-part.ts";

/** What is validated: playbooks, roles, files of tasks or variables, inventories, and folders with any of them. */
export interface ValidateInput extends Omit<LoadInput, "playbooks"> {
  readonly paths: readonly string[];
}

/** Finds everything wrong in files, without touching a host and without running anything. */
export const validateFiles = async (
  input: ValidateInput,
): Promise<{ readonly files: readonly FoundFile[]; readonly diagnostics: readonly Diagnostic[] }> => {
  const files = findFiles(input.paths, input.cwd);
  const { surroundings, diagnostics } = await loadSurroundings({
    ...input,
    inventory: input.inventory.length === 0 ? ["localhost,"] : input.inventory,
  });
  const found: Diagnostic[] = [...diagnostics];
  // A role that lies among these files is there, wherever the settings of a run look for it.
  const folders = files.flatMap((file) => roleOf(file) ?? []).map((role) => dirname(role));
  const roles = [...new Set([...surroundings.roleFolders.roles, ...folders])];
  const roleFolders = { ...surroundings.roleFolders, roles };
  // Shells read the commands of what was found together: starting them anew for each file would take longer than all else.
  const texts: ShellText[] = [];
  const readShells = async (more: readonly ShellText[]): Promise<readonly Diagnostic[]> => {
    texts.push(...more);
    return [];
  };
  const check = async (playbookPaths: readonly string[], more: Partial<PlanInput>): Promise<readonly Diagnostic[]> =>
    (await buildPlan({ ...surroundings, roleFolders, playbookPaths, ...more })).diagnostics;
  const checkPart = async (path: string, part: Part): Promise<readonly Diagnostic[]> =>
    (await check([path], { readShells, load: loadPart(part) })).flatMap((one) => ofPart(one, part));
  const isPlaybook = ({ kind }: FoundFile): boolean => kind === "playbook";
  // Playbooks that are named together are run together.
  const named = files.filter((file) => isPlaybook(file) && file.isNamed).map(({ path }) => path);
  if (named.length > 0) found.push(...(await check(named, {})));
  const imported = new Set(files.filter(isPlaybook).flatMap(importsOf));
  const checkFile = async (file: FoundFile): Promise<readonly Diagnostic[]> => {
    // What others import is checked with them.
    if (isPlaybook(file)) {
      return file.isNamed || imported.has(file.path) ? [] : check([file.path], { readShells });
    }
    const part = partOf(file.kind);
    const ofFile = part === undefined ? [] : await checkPart(file.path, part);
    const role = roleOf(file);
    const ofRole = role === undefined ? [] : await checkPart(role, "role");
    return [...ofFile, ...ofRole];
  };
  for (const file of files) found.push(...(await checkFile(file)));
  found.push(...(await checkSyntax(texts, searchPath(surroundings.env), Math.min(files.length, 10))));
  for (const folder of adjacentFolders(files)) found.push(...loadGroupAndHostVars(folder, input.vault).diagnostics);
  found.push(...(await checkInventories(files, input)));
  const seen = input.inventory.length === 0 ? found.flatMap(withoutInventory) : found;
  return { files, diagnostics: withoutIgnored(sortDiagnostics(seen), files, input) };
};

/** What ignore comments leave, and what is wrong with them. */
const withoutIgnored = (
  found: readonly Diagnostic[],
  files: readonly FoundFile[],
  { inventory }: ValidateInput,
): readonly Diagnostic[] => {
  const kinds = new Map(files.map(({ path, kind }) => [path, kind]));
  const sources = [
    ...files.map(({ path, text }) => new SourceFile(path, text)),
    ...found.flatMap(({ span }) => (span === undefined ? [] : [span.file])),
  ];
  const { kept, problems } = applyIgnoreComments(found, sources, ({ path }, code) => {
    const kind = kinds.get(path);
    if (kind === "inventory") return true;
    // What is found only beside an inventory, or where a part is used, may be ignored for that.
    if (kind === undefined || (inventory.length === 0 && decidedByInventory.has(code))) return false;
    return partOf(kind) === undefined || (!decidedByUser.has(code) && !decidedByInventory.has(code) && code !== "V32");
  });
  const isOnePlan = files.filter(({ kind }) => kind === "playbook").length <= 1;
  return foldEchoes(sortDiagnostics([...kept, ...problems]), isOnePlan);
};

/** The playbooks that one imports, as far as their names are written out. */
const importsOf = ({ path, text }: FoundFile): readonly string[] =>
  [...text.matchAll(/^\s*(?:-\s+)?(?:ansible\.builtin\.)?import_playbook:\s*["']?([^\s"'{#]+)/gm)].map(
    ([, name = ""]) => resolve(dirname(path), name),
  );

/** The role whose tasks a file begins. */
const roleOf = ({ path, kind }: FoundFile): string | undefined => {
  const folder = kind === "tasks" ? /^(.*)\/tasks\/main\.ya?ml$/.exec(path)?.[1] : undefined;
  if (folder === undefined) return undefined;
  const others = ["meta", "defaults", "vars", "handlers", "templates", "files"];
  const isRole = basename(dirname(folder)) === "roles" || others.some((name) => existsSync(join(folder, name)));
  return isRole ? folder : undefined;
};

const partOf = (kind: FileKind): Part | undefined =>
  kind === "tasks" || kind === "handlers" || kind === "variables" || kind === "meta" ? kind : undefined;

/** What only a play decides that a part is used in: its hosts, variables, loops, handlers and root, and whether it is a grant. */
const decidedByUser: ReadonlySet<string> = new Set([
  "V21",
  "V25",
  "V26",
  "V30",
  "V40",
  "V43",
  "V44",
  "V45",
  "V54",
  "V55",
  "V56",
  "V57",
  "V63",
]);

/** What is only found where an inventory says which hosts there are, and how they are reached. */
const decidedByInventory: ReadonlySet<string> = new Set([
  "V21",
  "V26",
  "V40",
  "V41",
  "V42",
  "V43",
  "V44",
  "V45",
  "V51",
  "V56",
]);

/** What can be said of what others use. */
const ofPart = (found: Diagnostic, part: Part): readonly Diagnostic[] => {
  const { code, message, span } = found;
  if (decidedByUser.has(code)) return [];
  if (code === "V32" || message.startsWith("there is no file ")) {
    // A name with a variable in it, whose value the user gives; a file that the whole role is asked for.
    const isTemplate = span !== undefined && span.file.text.slice(span.start, span.end).includes("{{");
    if (isTemplate || part === "tasks" || part === "handlers") return [];
  }
  // `loadGroupAndHostVars` says it of these files.
  const isAdjacent = isAdjacentVars(span?.file.path ?? "") && (code === "V01" || code === "V03");
  return isAdjacent ? [] : [found];
};

const isAdjacentVars = (path: string): boolean => /\/(?:group|host)_vars\//.test(path);

/** The folders that hold group_vars and host_vars with files among these. */
const adjacentFolders = (files: readonly FoundFile[]): ReadonlySet<string> =>
  new Set(
    files
      .filter(({ kind, path }) => kind === "variables" && isAdjacentVars(path))
      .map(({ path }) => path.replace(/\/(?:group|host)_vars\/.*$/, "")),
  );

/**
 * Each inventory by itself. One that speaks of what another file of its folder defines is right, and so what is not said of
 * all of the folder together is not said at all.
 */
const checkInventories = async (files: readonly FoundFile[], input: ValidateInput): Promise<readonly Diagnostic[]> => {
  const found: Diagnostic[] = [];
  const inventories = files.filter(({ kind }) => kind === "inventory").map(({ path }) => path);
  const read = async (sources: readonly string[]): Promise<readonly Diagnostic[]> =>
    (await loadInventory({ sources, cwd: input.cwd, vault: input.vault })).diagnostics;
  for (const path of inventories) {
    const alone = await read([path]);
    const folder = inventories.filter((other) => dirname(other) === dirname(path));
    const together = alone.length === 0 || folder.length === 1 ? alone : await read(folder);
    const keys = new Set(together.map(keyOf));
    found.push(...alone.filter((one) => keys.has(keyOf(one))));
  }
  for (const { path, kind, isNamed } of files) {
    if (isNamed && kind in notRead) {
      const message = `"${basename(path)}" ${notRead[kind]}`;
      found.push({ code: "V41", severity: "warning", message, hint: "give it with -i to hold playbooks against it" });
    }
  }
  return found;
};

const notRead: Readonly<Partial<Record<FileKind, string>>> = {
  script: "is a program that writes an inventory, and nothing is run here",
  plugin: "is an inventory that a plugin asks for, and nobody is asked here",
};

const keyOf = ({ code, message, span }: Diagnostic): string => `${code}:${span?.file.path}:${span?.start}:${message}`;

/** What can be said where nobody told of the hosts: nothing of patterns, and of variables that one of them may have them. */
const withoutInventory = (found: Diagnostic): readonly Diagnostic[] => {
  if (found.code === "V40") return [];
  if (found.code !== "V21" || !found.message.endsWith(" is not defined")) return [found];
  const isSlip = found.hint?.startsWith("did you mean") === true;
  const hint = isSlip ? found.hint : "an inventory may define it: give it with -i INVENTORY";
  return [{ ...found, severity: "warning", ...(hint === undefined ? {} : { hint }) }];
};
