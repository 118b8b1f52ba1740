import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { MapEntry, MapNode, Node, SeqNode } from "../source/node.ts";
import { entryOf } from "../source/node.ts";
import { toValue } from "../vars/from-node.ts";
import type { Value, ValueMap } from "../vars/value.ts";
import { checkLevel } from "./check-level.ts";
import { checkLoop } from "./check-loop.ts";
import { findCall } from "./find-call.ts";
import { handlerKeywords, inheritedKeywords, loopKeywords, type LoopLookup } from "./keywords.ts";
import type { Block, Entry, Loop, Task } from "./playbook.ts";
import { withModuleKey } from "./read-action.ts";
import { readCall } from "./read-call.ts";
import { readYaml } from "./read-yaml.ts";
import { conditionsOf, type Surroundings, surroundingsWithin, textsOf } from "./surroundings.ts";

/** Reads the tasks of one play, numbering them and collecting what is wrong. */
export interface TaskReader {
  readonly play: string;
  readonly diagnostics: Diagnostic[];
  /** Renders what must be known before any host is asked. */
  readonly render: (value: Value) => { readonly value: unknown } | { readonly error: string };
  nextTask: number;
  /** The file that is being read, and those that import it: the playbook first. */
  readonly files: string[];
}

/** A reader for the tasks of a play. */
export const createTaskReader = (
  play: string,
  {
    playbook,
    render,
    diagnostics,
  }: Pick<TaskReader, "render" | "diagnostics"> & {
    /** Its path. */
    readonly playbook: string;
  },
): TaskReader => ({ play, diagnostics, render, nextTask: 1, files: [playbook] });

/** Reads a list of tasks and blocks. What cannot be read is reported and left out. */
export const readEntries = async (reader: TaskReader, list: SeqNode, around: Surroundings): Promise<Entry[]> => {
  const entries: Entry[] = [];
  for (const item of list.items) entries.push(...(await readEntry(reader, item, around)));
  return entries;
};

const readEntry = async (reader: TaskReader, written: Node, around: Surroundings): Promise<readonly Entry[]> => {
  const node = written.kind === "map" ? withModuleKey(written, reader.diagnostics) : written;
  if (node === undefined) return [];
  if (node.kind !== "map") {
    reader.diagnostics.push({
      code: "V03",
      severity: "error",
      message: "a task is a mapping with the name of a module",
      span: node.span,
      hint: "write `- module_name:` with its options indented below",
    });
    return [];
  }
  const imported = node.entries.find((entry) => importNames.has(String(entry.key.value)));
  if (imported !== undefined) return readImport(reader, node, imported, around);
  const isBlock = ["block", "rescue", "always"].some((key) => entryOf(node, key) !== undefined);
  if (!isBlock) {
    const task = await readTask(reader, node, around);
    return task === undefined ? [] : [task];
  }
  if (!around.handler) return [await readBlock(reader, node, around)];
  reader.diagnostics.push({ code: "V03", severity: "error", message: "a handler cannot be a block", span: node.span });
  return [];
};

const importNames = new Set(["import_tasks", "ansible.builtin.import_tasks", "ansible.legacy.import_tasks"]);

/** The tasks of another file, as if they stood here: each takes over the keywords of the import. */
const readImport = async (
  reader: TaskReader,
  node: MapNode,
  call: MapEntry,
  around: Surroundings,
): Promise<readonly Entry[]> => {
  const { diagnostics, files } = reader;
  const bare = { ...node, entries: node.entries.filter((entry) => entry !== call) };
  diagnostics.push(...checkLevel("import_tasks", bare));
  const report = (code: "V03" | "V32", message: string, hint?: string): readonly Entry[] => {
    const { span } = call.value;
    diagnostics.push({ code, severity: "error", message, span, ...(hint === undefined ? {} : { hint }) });
    return [];
  };
  const written = call.value.kind === "map" ? entryOf(call.value, "file")?.value : call.value;
  const rendered = written?.kind === "scalar" ? reader.render(toValue(written)) : { value: undefined };
  if ("error" in rendered) {
    const hint = "what is imported has to be known before any host is asked";
    return report("V32", `the file of import_tasks: ${rendered.error}`, hint);
  }
  if (typeof rendered.value !== "string" || rendered.value === "") {
    return report("V03", "import_tasks takes the name of a file with tasks", "write import_tasks: tasks/more.yml");
  }
  const path = findTasks(rendered.value, files);
  if (files.includes(path)) {
    const hops = [...files.slice(files.indexOf(path)), path].map((file) => basename(file)).join(" → ");
    return report("V32", `the file imports itself: ${hops}`);
  }
  const root = readYaml(path, diagnostics, call.value.span);
  if (root === undefined || (root.kind === "scalar" && root.value === null)) return [];
  if (root.kind !== "seq") {
    diagnostics.push({
      code: "V03",
      severity: "error",
      message: "a file of tasks is a list of tasks",
      span: root.span,
    });
    return [];
  }
  files.push(path);
  const entries = await readEntries(reader, root, surroundingsWithin(around, bare));
  files.pop();
  return entries;
};

/** Beside the file that imports, or the playbook, and in `tasks` there; what is nowhere is told of the first place. */
const findTasks = (name: string, files: readonly string[]): string => {
  const folders = [files.at(-1) ?? "", files[0] ?? ""].map((file) => dirname(file));
  const candidates = folders.flatMap((folder) => [resolve(folder, name), resolve(folder, "tasks", name)]);
  return candidates.find((path) => existsSync(path)) ?? candidates[0] ?? name;
};

const readBlock = async (reader: TaskReader, node: MapNode, around: Surroundings): Promise<Block> => {
  reader.diagnostics.push(...checkLevel("block", node));
  const within = surroundingsWithin(around, node);
  const section = async (name: string): Promise<Entry[]> => {
    const list = entryOf(node, name)?.value;
    return list?.kind === "seq" ? readEntries(reader, list, within) : [];
  };
  return {
    kind: "block",
    block: await section("block"),
    rescue: await section("rescue"),
    always: await section("always"),
  };
};

const readTask = async (reader: TaskReader, node: MapNode, around: Surroundings): Promise<Task | undefined> => {
  const level = around.handler ? "handler" : "task";
  const call = findCall(level, node, reader.diagnostics);
  const bare = { ...node, entries: node.entries.filter((entry) => !call.others.includes(entry)) };
  reader.diagnostics.push(...checkLevel(level, bare), ...checkLoop(node));
  const control = entryOf(node, "loop_control")?.value;
  if (control?.kind === "map") reader.diagnostics.push(...checkLevel("loop_control", control));
  if (call.entry === undefined || call.module === undefined) return undefined;
  const within = surroundingsWithin(around, node);
  const args = await readCall(call.module, call.entry, node, within.moduleDefaults, reader.diagnostics);
  return {
    kind: "task",
    id: `${reader.play}.${reader.nextTask++}`,
    span: node.entries[0]?.key.span ?? node.span,
    node,
    module: call.module,
    action: String(call.entry.key.value),
    args: toValue(args) as ValueMap,
    argsNode: args,
    loop: loopOf(node),
    own: ownKeywords(node),
    changedWhen: conditionsOf(node, "changed_when"),
    failedWhen: conditionsOf(node, "failed_when"),
    until: conditionsOf(node, "until"),
    breakWhen: control?.kind === "map" ? conditionsOf(control, "break_when") : [],
    register: textsOf(node, "register")[0],
    listen: textsOf(node, "listen"),
    ...within,
  };
};

const ownKeywords = (node: MapNode): Task["own"] =>
  Object.fromEntries(
    node.entries
      .filter((entry) => String(entry.key.value) in handlerKeywords && !(String(entry.key.value) in inheritedKeywords))
      .map((entry) => [String(entry.key.value), toValue(entry.value)]),
  );

const loopOf = (node: MapNode): Loop | undefined => {
  const entry = node.entries.find(({ key }) => key.value === "loop" || String(key.value) in loopKeywords);
  // As in Ansible, `loop:` with nothing behind it is no loop.
  if (entry === undefined || (entry.value.kind === "scalar" && entry.value.value === null)) return undefined;
  const [, lookup] = /^with_(\w+)$/.exec(String(entry.key.value)) ?? [];
  const of = lookup === undefined ? {} : { lookup: lookup as LoopLookup };
  return { ...of, terms: toValue(entry.value), span: entry.value.span };
};
