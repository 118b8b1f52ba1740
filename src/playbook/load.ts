import { dirname, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { entryOf, type MapNode, type Node } from "../source/node.ts";
import { SourceFile } from "../source/source-file.ts";
import { toValue } from "../vars/from-node.ts";
import type { Value, ValueMap } from "../vars/value.ts";
import type { PlayKeyword } from "./keywords.ts";
import { playKeywords } from "./keywords.ts";
import type { Entry, Play, Playbook, Task, VarsFile } from "./playbook.ts";
import { checkLevel } from "./check-level.ts";
import { createTaskReader, readEntries, type TaskReader } from "./read-entries.ts";
import { readYaml } from "./read-yaml.ts";
import { outermost, type Surroundings, surroundingsWithin } from "./surroundings.ts";

/** What loading needs besides the file. */
export interface LoadOptions {
  /** Numbers the plays of several playbooks through. */
  readonly firstPlay: number;
  /** Renders the names of `vars_files` with what is known before any host is asked. */
  readonly renderEarly: (value: Value, vars: ValueMap) => { readonly value: unknown } | { readonly error: string };
}

/** Loads one playbook and reports everything wrong in it at once. */
export const loadPlaybook = async (
  path: string,
  options: LoadOptions,
): Promise<{ readonly playbook: Playbook; readonly diagnostics: readonly Diagnostic[] }> => {
  const diagnostics: Diagnostic[] = [];
  const root = readYaml(path, diagnostics);
  const plays: Play[] = [];
  if (root?.kind === "seq" && root.items.length > 0) {
    for (const [index, item] of root.items.entries()) {
      const play = await loadPlay(item, path, String(options.firstPlay + index), options, diagnostics);
      if (play !== undefined) plays.push(play);
    }
  } else if (diagnostics.length === 0) {
    diagnostics.push(notAPlaybook(path, root));
  }
  return { playbook: { path, plays }, diagnostics };
};

const notAPlaybook = (path: string, root: Node | undefined): Diagnostic => ({
  code: "V03",
  severity: "error",
  message: "a playbook is a list of plays, each with `hosts` and `tasks`",
  span: root?.span ?? { file: new SourceFile(path, ""), start: 0, end: 0 },
  hint: "begin the first play with `- hosts: all`",
});

/** Reads one play. */
export const loadPlay = async (
  node: Node,
  path: string,
  id: string,
  options: LoadOptions,
  diagnostics: Diagnostic[],
): Promise<Play | undefined> => {
  if (node.kind !== "map") {
    diagnostics.push({ code: "V03", severity: "error", message: "a play is a mapping with `hosts`", span: node.span });
    return undefined;
  }
  diagnostics.push(...checkLevel("play", node));
  const vars = mapOf(node, "vars");
  const render = (value: Value) => options.renderEarly(value, vars);
  const reader = createTaskReader(id, { playbook: path, render, diagnostics });
  const around = playSurroundings(node);
  const section = (name: PlayKeyword, handlers = false) => readSection(reader, node, name, around, handlers);
  return {
    id,
    span: node.entries[0]?.key.span ?? node.span,
    node,
    keywords: playKeywordValues(node),
    inherited: around.inherited,
    environment: around.environment,
    tags: around.tags,
    vars,
    varsFiles: loadVarsFiles(node, dirname(path), vars, options, diagnostics),
    preTasks: await section("pre_tasks"),
    tasks: await section("tasks"),
    postTasks: await section("post_tasks"),
    handlers: (await section("handlers", true)).filter((entry): entry is Task => entry.kind === "task"),
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

const isSection = (name: string): boolean => ["pre_tasks", "tasks", "post_tasks", "handlers", "vars"].includes(name);

const mapOf = (node: MapNode, key: string): ValueMap => {
  const value = entryOf(node, key)?.value;
  return value?.kind === "map" ? (toValue(value) as ValueMap) : {};
};

/** What the play hands to its tasks; its variables have a level of their own. */
const playSurroundings = (node: MapNode): Surroundings => ({
  ...surroundingsWithin(outermost, node),
  vars: [],
});

const loadVarsFiles = (
  node: MapNode,
  baseDir: string,
  vars: ValueMap,
  options: LoadOptions,
  diagnostics: Diagnostic[],
): VarsFile[] => {
  const listed = entryOf(node, "vars_files")?.value;
  if (listed === undefined) return [];
  const files = listed.kind === "seq" ? listed.items : [listed];
  return files.flatMap((item) => loadVarsFile(item, baseDir, vars, options, diagnostics));
};

const loadVarsFile = (
  item: Node,
  baseDir: string,
  vars: ValueMap,
  options: LoadOptions,
  diagnostics: Diagnostic[],
): VarsFile[] => {
  const choices = item.kind === "seq" ? item.items : [item];
  const tried: Diagnostic[] = [];
  for (const choice of choices) {
    const name = options.renderEarly(toValue(choice), vars);
    if ("error" in name || typeof name.value !== "string") {
      const message = "error" in name ? name.error : "a name of vars_files must be a text";
      tried.push({ code: "V32", severity: "error", message, span: choice.span });
      continue;
    }
    const attempt: Diagnostic[] = [];
    const path = resolve(baseDir, name.value);
    const root = readYaml(path, attempt, choice.span);
    if (attempt.some((diagnostic) => diagnostic.code === "V32")) {
      tried.push(...attempt);
      continue;
    }
    diagnostics.push(...attempt);
    return [{ path, values: varsOf(root, diagnostics), entries: root?.kind === "map" ? root.entries : [] }];
  }
  diagnostics.push(...tried.slice(0, 1));
  return [];
};

/** The variables of a file: a mapping, or nothing. */
export const varsOf = (root: Node | undefined, diagnostics: Diagnostic[]): ValueMap => {
  if (root === undefined || (root.kind === "scalar" && root.value === null)) return {};
  if (root.kind === "map") return toValue(root) as ValueMap;
  diagnostics.push({
    code: "V03",
    severity: "error",
    message: "a file of variables is a mapping of names to values",
    span: root.span,
  });
  return {};
};
