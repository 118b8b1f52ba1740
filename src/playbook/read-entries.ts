import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { MapEntry, MapNode, Node } from "../source/node.ts";
import { entryOf } from "../source/node.ts";
import type { Span } from "../source/source-file.ts";
import { toValue } from "../vars/from-node.ts";
import type { PlainMap, ValueMap } from "../vars/value.ts";
import { checkAsync } from "./check-async.ts";
import { asMeant } from "./as-meant.ts";
import { checkLevel } from "./check-level.ts";
import { findModule, isForeignModule } from "../modules/registry.ts";
import { isVariableName } from "../modules/variable-name.ts";
import { checkLoop } from "./check-loop.ts";
import { findCall } from "./find-call.ts";
import { handlerKeywords, inheritedKeywords, loopKeywords, type LoopLookup } from "./keywords.ts";
import type { Block, Entry, Loop, Surroundings, Task } from "./playbook.ts";
import { withModuleKey } from "./read-action.ts";
import { readCall } from "./read-call.ts";
import { isInclude, readInclude } from "./read-include.ts";
import { readRole, roleUseOf } from "./read-role.ts";
import { conditionsOf, surroundingsWithin, textsOf } from "./surroundings.ts";
import { findTaskFile, readTaskFile, reportRound, type TaskReader } from "./task-reader.ts";

/** Reads a list of tasks and blocks. What cannot be read is reported and left out. */
export const readEntries: TaskReader["readList"] = async (reader, list, around) => {
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
  rememberUnread(reader, node, undefined);
  return [];
};

const importNames = new Map(
  ["import_tasks", "import_role"].flatMap((name) =>
    ["", "ansible.builtin.", "ansible.legacy."].map((collection) => [collection + name, name] as const),
  ),
);

/** The tasks of another file or of a role, as if they stood here: each takes over the keywords of the import. */
const readImport = async (
  reader: TaskReader,
  node: MapNode,
  call: MapEntry,
  around: Surroundings,
): Promise<readonly Entry[]> => {
  const bare = { ...node, entries: node.entries.filter((entry) => entry !== call) };
  reader.diagnostics.push(...checkLevel("import", bare));
  const within = surroundingsWithin(around, bare);
  return importNames.get(String(call.key.value)) === "import_role"
    ? importRole(reader, call, node, within)
    : importTasks(reader, call, within);
};

const importTasks = async (reader: TaskReader, call: MapEntry, within: Surroundings): Promise<readonly Entry[]> => {
  const { span } = call.value;
  const report = (code: "V03" | "V32", message: string, hint: string): readonly Entry[] => {
    reader.diagnostics.push({ code, severity: "error", message, span, hint });
    return [];
  };
  const written = call.value.kind === "map" ? entryOf(call.value, "file")?.value : call.value;
  const rendered = written?.kind === "scalar" ? reader.render(toValue(written)) : { value: undefined };
  if ("error" in rendered) {
    return report("V32", `the file of import_tasks: ${rendered.error}`, knownBefore("include_tasks"));
  }
  if (typeof rendered.value !== "string" || rendered.value === "") {
    return report("V03", "import_tasks takes the name of a file with tasks", "write import_tasks: tasks/more.yml");
  }
  const path = findTaskFile(reader, rendered.value, within);
  return reportRound(reader, path, span, "the file imports") ? [] : readTaskFile(reader, path, span, within);
};

const importRole = async (
  reader: TaskReader,
  call: MapEntry,
  node: MapNode,
  within: Surroundings,
): Promise<readonly Entry[]> => {
  const { diagnostics } = reader;
  if (within.handler) {
    diagnostics.push(noHandler(call.key.span));
    rememberUnread(reader, node, undefined);
    return [];
  }
  const module = findModule("import_role");
  if (module === undefined) throw new Error("Internal error: there is no module import_role");
  const before = diagnostics.length;
  const args = await readCall(module, call, node, [], diagnostics);
  if (diagnostics.length > before) return [];
  const span = (entryOf(args, "name") ?? entryOf(args, "role"))?.value.span ?? call.value.span;
  const rendered = reader.render(toValue(args));
  if ("error" in rendered) {
    const message = `the role of import_role: ${rendered.error}`;
    diagnostics.push({ code: "V32", severity: "error", message, span, hint: knownBefore("include_role") });
    return [];
  }
  const values = rendered.value as PlainMap;
  const read = await readRole(reader, roleUseOf(values, span, within));
  if (read === undefined) return [];
  reader.handlers.push(...read.handlers);
  if (values["public"] !== false) reader.publicRoles.push(read.role);
  return read.entries;
};

const noHandler = (span: Span): Diagnostic => ({
  code: "V03",
  severity: "error",
  message: "a handler cannot be a role",
  span,
  hint: "bring its tasks in with include_tasks",
});

const noFlush = (span: Span): Diagnostic => ({
  code: "V03",
  severity: "error",
  message: "a handler cannot flush the handlers",
  span,
  hint: "flush_handlers is for tasks; handlers that a handler notifies run after it by themselves",
});

const knownBefore = (instead: string): string =>
  `what is imported has to be known before any host is asked; ${instead} asks when it is reached`;

const readBlock = async (reader: TaskReader, written: MapNode, around: Surroundings): Promise<Block> => {
  reader.diagnostics.push(...checkLevel("block", written));
  const node = asMeant("block", written);
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

const readTask = async (reader: TaskReader, written: MapNode, around: Surroundings): Promise<Task | undefined> => {
  const level = around.handler ? "handler" : "task";
  const call = await findCall(level, written, reader.diagnostics);
  const bare = { ...written, entries: written.entries.filter((entry) => !call.others.includes(entry)) };
  const includes = call.module !== undefined && isInclude(call.module);
  reader.diagnostics.push(...checkLevel(includes && !around.handler ? "include" : level, bare), ...checkLoop(written));
  const { node, control } = readControl(asMeant(level, written, call.entry), reader);
  for (const name of [...textsOf(node, "register"), ...(control === undefined ? [] : textsOf(control, "loop_var"))]) {
    for (const meant of namesLike(name)) reader.unread.variables.add(meant);
  }
  if (call.entry === undefined || call.module === undefined) {
    rememberUnread(reader, node, call.entry?.value);
    const name = String(call.entry?.key.value ?? "");
    if (call.entry !== undefined && isForeignModule(name)) reader.unread.modules.add(name);
    return undefined;
  }
  if (around.handler && call.module.shortName === "include_role") {
    reader.diagnostics.push(noHandler(call.entry.key.span));
    rememberUnread(reader, node, undefined);
    return undefined;
  }
  const within = surroundingsWithin(around, node);
  reader.diagnostics.push(...checkAsync(node, await call.module.load()));
  const args = await readCall(call.module, call.entry, node, within.moduleDefaults, reader.diagnostics);
  const order = entryOf(args, "free_form")?.value;
  if (
    around.handler &&
    call.module.shortName === "meta" &&
    order?.kind === "scalar" &&
    order.value === "flush_handlers"
  )
    reader.diagnostics.push(noFlush(order.span));
  const task: Task = {
    kind: "task",
    id: `${reader.ids}.${reader.nextTask++}`,
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
    breakWhen: control === undefined ? [] : conditionsOf(control, "break_when"),
    register: textsOf(node, "register")[0],
    listen: textsOf(node, "listen"),
    ...within,
  };
  return includes ? { ...task, include: await readInclude(reader, task, around) } : task;
};

/** A task whose loop_control is checked, and is as it was meant. */
const readControl = (
  node: MapNode,
  { diagnostics }: TaskReader,
): { readonly node: MapNode; readonly control: MapNode | undefined } => {
  const entry = entryOf(node, "loop_control");
  if (entry?.value.kind !== "map") return { node, control: undefined };
  diagnostics.push(...checkLevel("loop_control", entry.value));
  const control = asMeant("loop_control", entry.value);
  const entries = node.entries.map((other) => (other === entry ? { ...entry, value: control } : other));
  return { node: control === entry.value ? node : { ...node, entries }, control };
};

/** What is written elsewhere where a name is given that cannot be one, which has been told. */
const namesLike = (name: string): readonly string[] => {
  const words = name.split(/\W+/);
  return isVariableName(name) ? [] : [...words, words.join(""), words.join("_")];
};

/** Its result would have a name; a misspelt set_fact would set its arguments; a handler would be called by its name. */
const rememberUnread = ({ unread }: TaskReader, node: MapNode, args: Node | undefined): void => {
  const named = args?.kind === "map" ? args.entries.map(({ key }) => String(key.value)) : [];
  for (const name of [...textsOf(node, "register"), ...named]) unread.variables.add(name);
  const name = entryOf(node, "name")?.value;
  const own = name?.kind === "scalar" ? [String(name.value)] : [];
  for (const called of [...textsOf(node, "listen"), ...own]) unread.handlers.add(called);
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
