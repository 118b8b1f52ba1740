import { dirname, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { entryOf, type MapEntry, type MapNode, type Node } from "../source/node.ts";
import { SourceFile, type Span } from "../source/source-file.ts";
import { toValue } from "../vars/from-node.ts";
import { freeVariables } from "../vars/check-template.ts";
import { Template, type Value, type ValueMap } from "../vars/value.ts";
import type { Vault } from "../vault/vault.ts";
import type { PlayKeyword } from "./keywords.ts";
import { playKeywords } from "./keywords.ts";
import type { Entry, Play, Playbook, Surroundings, Task, VarsFile } from "./playbook.ts";
import { asMeant } from "./as-meant.ts";
import { checkLevel } from "./check-level.ts";
import type { EarlyRender, Rendered } from "./early-render.ts";
import { readEntries } from "./read-entries.ts";
import { readRoleList } from "./read-role.ts";
import { readVarsPrompt } from "./read-vars-prompt.ts";
import { readYaml } from "./read-yaml.ts";
import { outermost, surroundingsWithin } from "./surroundings.ts";
import { reportRound, type RoleFolders, type TaskReader } from "./task-reader.ts";
import { varsOf } from "./vars-of.ts";

/** What loading needs besides the file. */
export interface LoadOptions {
  /** Numbers the plays of several playbooks through. */
  readonly firstPlay: number;
  /** Opens what is vaulted. */
  readonly vault: Vault | undefined;
  /** Renders the names of `vars_files` with what is known before any host is asked. */
  readonly renderEarly: EarlyRender;
  readonly roleFolders: RoleFolders;
}

/** Loads one playbook and reports everything wrong in it at once. */
export const loadPlaybook = async (
  path: string,
  options: LoadOptions,
): Promise<{ readonly playbook: Playbook; readonly diagnostics: readonly Diagnostic[] }> => {
  const diagnostics: Diagnostic[] = [];
  const plays: Play[] = [];
  await loadFile({ files: [path], around: outermost, vars: {}, options, diagnostics, plays }, undefined);
  return { playbook: { path, root: path, plays }, diagnostics };
};

/** A playbook that is being read, with those that import it. */
export interface PlaybookReader {
  /** The file last, those that import it before. */
  readonly files: readonly string[];
  /** What the imports hand to its plays. */
  readonly around: Surroundings;
  readonly vars: ValueMap;
  readonly options: LoadOptions;
  readonly diagnostics: Diagnostic[];
  readonly plays: Play[];
}

const loadFile = async (reader: PlaybookReader, from: Span | undefined): Promise<void> => {
  const { diagnostics, options, plays } = reader;
  const path = reader.files.at(-1) ?? "";
  const before = diagnostics.length;
  const root = readYaml(path, diagnostics, options.vault, from);
  if (root?.kind === "seq" && root.items.length > 0) {
    for (const item of root.items) {
      const imported = item.kind === "map" ? item.entries.find(isPlaybookImport) : undefined;
      if (item.kind === "map" && imported !== undefined) await importPlaybook(reader, item, imported);
      else {
        const play = await loadPlay(item, reader, String(options.firstPlay + plays.length));
        if (play !== undefined) plays.push(play);
      }
    }
  } else if (diagnostics.length === before) {
    diagnostics.push(notAPlaybook(path, root));
  }
};

const isPlaybookImport = ({ key }: MapEntry): boolean =>
  ["import_playbook", "ansible.builtin.import_playbook"].includes(String(key.value));

/** The plays of another playbook, as if they stood here: its conditions and tags are theirs, its variables win over theirs. */
const importPlaybook = async (reader: PlaybookReader, node: MapNode, call: MapEntry): Promise<void> => {
  const { diagnostics, files } = reader;
  const { span } = call.value;
  const bare = { ...node, entries: node.entries.filter((entry) => entry !== call) };
  diagnostics.push(...checkLevel("import_playbook", bare));
  const vars = { ...mapOf(node, "vars"), ...reader.vars };
  const name = call.value.kind === "scalar" ? reader.options.renderEarly(toValue(call.value), vars) : undefined;
  if (name === undefined || "error" in name || typeof name.value !== "string" || name.value === "") {
    const message =
      name !== undefined && "error" in name
        ? `the file of import_playbook: ${name.error}`
        : "import_playbook takes the name of a playbook";
    diagnostics.push({ code: "V32", severity: "error", message, span, hint: "write import_playbook: other.yml" });
    return;
  }
  const path = resolve(dirname(files.at(-1) ?? ""), name.value);
  if (reportRound({ files, diagnostics }, path, span, "the playbook imports")) return;
  const around = surroundingsWithin(reader.around, bare);
  await loadFile({ ...reader, files: [...files, path], around: { ...around, vars: [] }, vars }, span);
};

const notAPlaybook = (path: string, root: Node | undefined): Diagnostic => ({
  code: "V03",
  severity: "error",
  message: "a playbook is a list of plays, each with `hosts` and `tasks`",
  span: root?.span ?? { file: new SourceFile(path, ""), start: 0, end: 0 },
  hint: "begin the first play with `- hosts: all`",
});

/** Reads one play. */
export const loadPlay = async (written: Node, from: PlaybookReader, id: string): Promise<Play | undefined> => {
  const { options, diagnostics } = from;
  const path = from.files.at(-1) ?? "";
  if (written.kind !== "map") {
    diagnostics.push({
      code: "V03",
      severity: "error",
      message: "a play is a mapping with `hosts`",
      span: written.span,
    });
    return undefined;
  }
  diagnostics.push(...checkLevel("play", written));
  const node = asMeant("play", written);
  const vars = { ...mapOf(node, "vars"), ...from.vars };
  const varsPrompt = readVarsPrompt(node, diagnostics);
  const prompted = new Set(varsPrompt.map(({ name }) => name));
  // What is asked for replaces the play's own variable, and is not known before the run.
  const known = Object.fromEntries(Object.entries(vars).filter(([name]) => !prompted.has(name)));
  const reader: TaskReader = {
    ids: id,
    nextTask: 1,
    diagnostics,
    render: (value: Value) => options.renderEarly(value, known),
    files: [path],
    roleFolders: options.roleFolders,
    vault: options.vault,
    handlers: [],
    publicRoles: [],
    unread: { variables: new Set(), handlers: new Set(), modules: new Set() },
    readList: readEntries,
  };
  const around = playSurroundings(from.around, node);
  const section = (name: PlayKeyword, handlers = false) => readSection(reader, node, name, around, handlers);
  const preTasks = await section("pre_tasks");
  const roles = await readRoleList(reader, entryOf(node, "roles")?.value, around);
  reader.publicRoles.push(...roles.map(({ role }) => role));
  const tasks = await section("tasks");
  const postTasks = await section("post_tasks");
  const handlers = await section("handlers", true);
  return {
    id,
    span: node.entries[0]?.key.span ?? node.span,
    node,
    keywords: playKeywordValues(node),
    inherited: around.inherited,
    environment: around.environment,
    tags: around.tags,
    vars,
    varsPrompt,
    ...loadVarsFiles(node, dirname(path), known, options, diagnostics),
    preTasks,
    roles: roles.flatMap(({ entries }) => entries),
    tasks,
    postTasks,
    handlers: [
      ...roles.flatMap((role) => role.handlers),
      ...handlers.filter((entry): entry is Task => entry.kind === "task"),
      ...reader.handlers,
    ],
    publicRoles: reader.publicRoles,
    unread: reader.unread,
  };
};

const readSection = async (
  reader: TaskReader,
  play: MapNode,
  name: string,
  around: Surroundings,
  handlers: boolean,
): Promise<Entry[]> => {
  const node = entryOf(play, name)?.value;
  return node?.kind === "seq" ? readEntries(reader, node, { ...around, handler: handlers }) : [];
};

const playKeywordValues = (node: MapNode): Play["keywords"] =>
  Object.fromEntries(
    node.entries
      .filter((entry) => String(entry.key.value) in playKeywords && !isSection(String(entry.key.value)))
      .map((entry) => [String(entry.key.value), toValue(entry.value)]),
  );

const isSection = (name: string): boolean =>
  ["pre_tasks", "roles", "tasks", "post_tasks", "handlers", "vars"].includes(name);

const mapOf = (node: MapNode, key: string): ValueMap => {
  const value = entryOf(node, key)?.value;
  return value?.kind === "map" ? (toValue(value) as ValueMap) : {};
};

/** What the play hands to its tasks; its variables have a level of their own. */
const playSurroundings = (around: Surroundings, node: MapNode): Surroundings => ({
  ...surroundingsWithin(around, node),
  vars: [],
});

interface LoadedVarsFiles {
  readonly varsFiles: readonly VarsFile[];
  readonly lateVarsFiles: Play["lateVarsFiles"];
}

/** `vars` are the variables whose values are known while files are read. */
const loadVarsFiles = (
  node: MapNode,
  baseDir: string,
  vars: ValueMap,
  options: LoadOptions,
  diagnostics: Diagnostic[],
): LoadedVarsFiles => {
  const listed = entryOf(node, "vars_files")?.value;
  const files = listed === undefined ? [] : listed.kind === "seq" ? listed.items : [listed];
  const varsFiles: VarsFile[] = [];
  const lateVarsFiles: Value[][] = [];
  for (const item of files) {
    const choices = item.kind === "seq" ? item.items : [item];
    const loaded = loadVarsFile(choices, baseDir, vars, options, diagnostics);
    if (loaded === "late") lateVarsFiles.push(choices.map(toValue));
    else if (loaded !== undefined) varsFiles.push(loaded);
  }
  return { varsFiles, lateVarsFiles };
};

/** Whether all that a name is made of is known: what has a default may be a host's. */
const isKnown = (value: Value, vars: ValueMap, { renderEarly }: LoadOptions): boolean =>
  !(value instanceof Template) ||
  [...freeVariables(value)].every((name) => !isUndefined(renderEarly(new Template(`{{ ${name} }}`), vars)));

const isUndefined = (rendered: Rendered): boolean => "error" in rendered && rendered.isUndefined;

const loadVarsFile = (
  choices: readonly Node[],
  baseDir: string,
  vars: ValueMap,
  options: LoadOptions,
  diagnostics: Diagnostic[],
): VarsFile | "late" | undefined => {
  const tried: Diagnostic[] = [];
  for (const choice of choices) {
    const value = toValue(choice);
    const name = options.renderEarly(value, vars);
    if (isUndefined(name) || !isKnown(value, vars, options)) return "late";
    if ("error" in name || typeof name.value !== "string") {
      const message = `a name of vars_files: ${"error" in name ? name.error : "it must be a text"}`;
      tried.push({ code: "V32", severity: "error", message, span: choice.span });
      continue;
    }
    const attempt: Diagnostic[] = [];
    const path = resolve(baseDir, name.value);
    const root = readYaml(path, attempt, options.vault, choice.span);
    if (attempt.some((diagnostic) => diagnostic.code === "V32")) {
      tried.push(...attempt);
      continue;
    }
    diagnostics.push(...attempt);
    return { path, values: varsOf(root, diagnostics), entries: root?.kind === "map" ? root.entries : [] };
  }
  diagnostics.push(...tried.slice(0, 1));
  return undefined;
};
