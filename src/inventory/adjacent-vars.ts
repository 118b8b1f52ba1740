import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { openSource, secretContent } from "../diagnostics/open-source.ts";
import type { MapEntry } from "../source/node.ts";
import { parseYaml } from "../source/parse-yaml.ts";
import { parseEnvelope } from "../vault/envelope.ts";
import type { Vault } from "../vault/vault.ts";
import { toValue } from "../vars/from-node.ts";
import { Template, type ValueMap } from "../vars/value.ts";
import { checkValues } from "./check-values.ts";
import { connectionVariableProblem } from "./connection-variables.ts";
import type { AdjacentVars, VarsFile } from "./inventory.ts";

/** The `group_vars` and `host_vars` of a folder, with what is wrong in them. */
export interface LoadedAdjacentVars {
  readonly vars: AdjacentVars;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads `group_vars` and `host_vars` in a folder (of an inventory source, or of a playbook); absent ones are empty. */
export const loadGroupAndHostVars = (folder: string, vault?: Vault): LoadedAdjacentVars => {
  const loader = new VarsLoader(vault);
  const vars = {
    groupVars: loader.loadFolder(join(folder, "group_vars")),
    hostVars: loader.loadFolder(join(folder, "host_vars")),
  };
  return { vars, diagnostics: loader.diagnostics };
};

/** What could not be opened of the variables of these groups and hosts. */
export const closedFiles = (
  { groupVars, hostVars }: AdjacentVars,
  groups: Iterable<string>,
  hosts: Iterable<string>,
): readonly Diagnostic[] => {
  const files = [...[...groups].map((name) => groupVars.get(name)), ...[...hosts].map((name) => hostVars.get(name))];
  return files.flatMap((found) => (found ?? []).flatMap(({ closed }) => closed ?? []));
};

/** Of several files for one name only the first counts: Ansible looks in this order and stops. */
const extensions = ["", ".yml", ".yaml", ".json"];

class VarsLoader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #vault: Vault | undefined;

  constructor(vault: Vault | undefined) {
    this.#vault = vault;
  }

  loadFolder(folder: string): ReadonlyMap<string, readonly VarsFile[]> {
    const entries = new Set(entriesOf(folder));
    const found = new Map<string, readonly VarsFile[]>();
    for (const entry of entries) {
      const name = nameOf(entry);
      if (name === undefined || found.has(name)) continue;
      const candidates = extensions.map((extension) => name + extension).filter((file) => entries.has(file));
      const [chosen, ...shadowed] = candidates;
      if (chosen === undefined) continue;
      found.set(name, this.#loadPath(join(folder, chosen)));
      for (const other of shadowed) this.#warnOfShadowed(join(folder, chosen), join(folder, other));
    }
    return found;
  }

  /** A file, or a folder with all its files in the order of their names, folders in it included. */
  #loadPath(path: string): readonly VarsFile[] {
    const kind = kindOf(path);
    if (kind === "other") return this.#unreadable(path, "it is neither a file nor a folder");
    if (kind === "file") return this.#loadFile(path);
    return entriesOf(path)
      .filter((entry) => !isSkipped(entry) && (kindOf(join(path, entry)) === "folder" || hasVarsExtension(entry)))
      .flatMap((entry) => this.#loadPath(join(path, entry)));
  }

  #loadFile(path: string): readonly VarsFile[] {
    let text: string;
    try {
      text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
    } catch (error) {
      return this.#unreadable(path, reasonOf(error));
    }
    const unopened: Diagnostic[] = [];
    const file = openSource(path, text, this.#vault, unopened);
    if (file === undefined) return this.#closed(path, text, unopened[0]);
    const { root: read, problems } = parseYaml(file);
    const root = secretContent(file, read, this.#vault, this.diagnostics);
    this.diagnostics.push(...problems.map((problem) => ({ code: "V01", severity: "error", ...problem }) as const));
    if (root === undefined || (root.kind === "scalar" && root.value === null)) return [];
    if (root.kind !== "map") {
      const message = "a file of variables holds a mapping of names to values";
      this.diagnostics.push({ code: "V41", severity: "error", message, span: root.span });
      return [];
    }
    this.diagnostics.push(...checkValues(root));
    const values = toValue(root) as ValueMap;
    for (const entry of root.entries) this.#checkVariable(entry, values);
    const places = new Map(root.entries.map(({ key, value }) => [String(key.value), value.span]));
    return [{ path, values, places }];
  }

  /** What is damaged is so for everybody; whether a password is missing depends on whose variables are needed. */
  #closed(path: string, text: string, problem: Diagnostic | undefined): readonly VarsFile[] {
    if (problem === undefined) return [];
    if (parseEnvelope(text).ok) return [{ path, values: {}, closed: problem }];
    this.diagnostics.push(problem);
    return [];
  }

  #checkVariable(entry: MapEntry, values: ValueMap): void {
    const name = String(entry.key.value);
    const value = values[name];
    if (value === undefined || value instanceof Template) return;
    const wrong = connectionVariableProblem(name, value);
    if (wrong === undefined) return;
    const { span } = wrong.at === "name" ? entry.key : entry.value;
    this.diagnostics.push({ code: "V42", ...wrong.problem, span });
  }

  #unreadable(path: string, reason: string): readonly VarsFile[] {
    this.diagnostics.push({ code: "V32", severity: "error", message: `cannot read "${path}": ${reason}` });
    return [];
  }

  #warnOfShadowed(chosen: string, other: string): void {
    const message = `"${other}" is not read, since "${chosen}" exists`;
    const hint = "keep one of them, or make a folder of that name and put both into it";
    this.diagnostics.push({ code: "V41", severity: "warning", message, hint });
  }
}

/** The group or host that an entry of the folder is for. */
const nameOf = (entry: string): string | undefined => {
  if (isSkipped(entry)) return undefined;
  const extension = extensions.find((candidate) => candidate !== "" && entry.endsWith(candidate)) ?? "";
  const name = entry.slice(0, entry.length - extension.length);
  return name === "" ? undefined : name;
};

const isSkipped = (entry: string): boolean => entry.startsWith(".") || entry.endsWith("~");

const hasVarsExtension = (entry: string): boolean => /^[^.]*$|\.(?:ya?ml|json)$/.test(entry);

/** Sorted by name; a folder that is not there has none. */
const entriesOf = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
};

const kindOf = (path: string): "file" | "folder" | "other" => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() === true ? "folder" : stats?.isFile() === true ? "file" : "other";
};

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message.replace(/,.*$/, "") : String(error);
