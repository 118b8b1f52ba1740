import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { MapNode, Node, SeqNode } from "../source/node.ts";
import { entryOf } from "../source/node.ts";
import { toValue } from "../vars/from-node.ts";
import type { ValueMap } from "../vars/value.ts";
import { checkLevel } from "./check-level.ts";
import { findCall } from "./find-call.ts";
import { handlerKeywords, inheritedKeywords } from "./keywords.ts";
import type { Block, Entry, Loop, Task } from "./playbook.ts";
import { readCall } from "./read-call.ts";
import { conditionsOf, type Surroundings, surroundingsWithin, textsOf } from "./surroundings.ts";

/** Reads the tasks of one play, numbering them and collecting what is wrong. */
export interface TaskReader {
  readonly play: string;
  readonly diagnostics: Diagnostic[];
  nextTask: number;
}

/** A reader for the tasks of a play. */
export const createTaskReader = (play: string, diagnostics: Diagnostic[]): TaskReader => ({
  play,
  diagnostics,
  nextTask: 1,
});

/** Reads a list of tasks and blocks. What cannot be read is reported and left out. */
export const readEntries = async (reader: TaskReader, list: SeqNode, around: Surroundings): Promise<Entry[]> => {
  const entries: Entry[] = [];
  for (const item of list.items) {
    const entry = await readEntry(reader, item, around);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
};

const readEntry = async (reader: TaskReader, node: Node, around: Surroundings): Promise<Entry | undefined> => {
  if (node.kind !== "map") {
    reader.diagnostics.push({
      code: "V03",
      severity: "error",
      message: "a task is a mapping with the name of a module",
      span: node.span,
      hint: "write `- module_name:` with its options indented below",
    });
    return undefined;
  }
  const isBlock = ["block", "rescue", "always"].some((key) => entryOf(node, key) !== undefined);
  if (!isBlock) return readTask(reader, node, around);
  if (!around.handler) return readBlock(reader, node, around);
  reader.diagnostics.push({ code: "V03", severity: "error", message: "a handler cannot be a block", span: node.span });
  return undefined;
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
  reader.diagnostics.push(...checkLevel(level, bare));
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
  const loop = entryOf(node, "loop");
  if (loop !== undefined) return { kind: "loop", terms: toValue(loop.value), span: loop.value.span };
  const items = entryOf(node, "with_items");
  return items && { kind: "items", terms: toValue(items.value), span: items.value.span };
};
