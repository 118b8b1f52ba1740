import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { findModule } from "../modules/registry.ts";
import { entryOf, type MapNode, type Node } from "../source/node.ts";
import type { Span } from "../source/source-file.ts";
import { toValue } from "../vars/from-node.ts";
import { Expression, Template, type PlainMap, type ValueMap } from "../vars/value.ts";
import { text } from "../vars/python/text.ts";
import { checkLevel } from "./check-level.ts";
import { keywordsOf } from "./keywords.ts";
import type { Entry, Role, Surroundings, Task, VarsFile } from "./playbook.ts";
import { readYaml } from "./read-yaml.ts";
import { surroundingsWithin } from "./surroundings.ts";
import { playbookFolder, readTaskFile, reportRound, type TaskReader } from "./task-reader.ts";
import { varsOf } from "./vars-of.ts";

/** How a role is asked for: by an entry of `roles` or of dependencies, or by import_role and include_role. */
export interface RoleUse {
  readonly name: string;
  /** Where it is named. */
  readonly span: Span;
  /** Which files of the role are read in place of `main`. */
  readonly from: { readonly [kind in RoleFile]?: string };
  readonly params: ValueMap;
  /** `vars` of its entry, which the whole play sees; weaker than what its own vars/main.yml sets. */
  readonly vars: readonly VarsFile[];
  /** What stands around its tasks. */
  readonly around: Surroundings;
  /** Whether a host may run it more than once in a play; what its own meta says where that is undefined. */
  readonly allowDuplicates: boolean | undefined;
  /** Whether its variables are held against the role's own specification. */
  readonly validate: boolean;
  /** Whether import_role or include_role asks for it. */
  readonly isIncluded: boolean;
}

/** Files of a role that another one can stand in for. */
export type RoleFile = "tasks" | "handlers" | "vars" | "defaults";

/** A role with what it brings to a play: the roles before it, its tasks, and the handlers of all. */
export interface ReadRole {
  readonly role: Role;
  readonly entries: readonly Entry[];
  readonly handlers: readonly Task[];
}

/** Reads the `roles` of a play, and the dependencies of a role. */
export const readRoleList = async (
  reader: TaskReader,
  list: Node | undefined,
  around: Surroundings,
): Promise<readonly ReadRole[]> => {
  if (list?.kind !== "seq") return [];
  const roles: ReadRole[] = [];
  for (const item of list.items) {
    const use = roleUse(reader, item, around);
    const role = use === undefined ? undefined : await readRole(reader, use);
    if (role !== undefined) roles.push(role);
  }
  return roles;
};

const roleUse = (reader: TaskReader, item: Node, around: Surroundings): RoleUse | undefined => {
  const named = item.kind === "map" ? (entryOf(item, "role") ?? entryOf(item, "name"))?.value : item;
  const name = named?.kind === "scalar" && named.value !== null ? nameOf(reader, named) : undefined;
  if (name === undefined) {
    const message = "a role is its name, or a mapping with `role`";
    reader.diagnostics.push({ code: "V03", severity: "error", message, span: item.span, hint: "write `- role: name`" });
    return undefined;
  }
  const span = named?.span ?? item.span;
  const use = { name, span, from: {}, vars: [], allowDuplicates: undefined, validate: true, isIncluded: false };
  if (item.kind !== "map") return { ...use, params: {}, around };
  const isKeyword = (entry: MapNode["entries"][number]): boolean => String(entry.key.value) in keywordsOf.role;
  const keywords = { ...item, entries: item.entries.filter(isKeyword) };
  reader.diagnostics.push(...checkLevel("role", keywords));
  const params = { ...item, entries: item.entries.filter((entry) => !isKeyword(entry)) };
  const own = entryOf(keywords, "vars")?.value;
  const vars =
    own?.kind === "map" ? [{ path: own.span.file.path, values: toValue(own) as ValueMap, entries: own.entries }] : [];
  const within = { ...surroundingsWithin(around, keywords), vars: around.vars };
  return { ...use, vars, params: toValue(params) as ValueMap, around: within };
};

/** The name of a role, which may be a template of what is known before any host is asked. */
const nameOf = (reader: TaskReader, node: Node): string => {
  const rendered = reader.render(toValue(node));
  if (!("error" in rendered)) return String(rendered.value);
  const message = `the name of the role: ${rendered.error}`;
  const hint = "use include_role where a host's variables name it";
  reader.diagnostics.push({ code: "V32", severity: "error", message, span: node.span, hint });
  return "";
};

/** Reads one role with all that it depends on; undefined where it is not there or cannot be read. */
export const readRole = async (reader: TaskReader, use: RoleUse): Promise<ReadRole | undefined> => {
  if (use.name === "") return undefined;
  const path = findRole(reader, use);
  if (path === undefined) return undefined;
  const { around } = use;
  const bare: Role = {
    name: use.name.includes("/") ? basename(path) : use.name,
    path,
    defaults: readVarsOf(reader, path, "defaults", use),
    vars: [...use.vars, ...readVarsOf(reader, path, "vars", use)],
    params: use.params,
    isIncluded: use.isIncluded,
    parents: around.role === undefined ? [] : [...around.role.parents, around.role],
    dependencies: [],
  };
  const meta = await readMeta(reader, use, bare);
  if (meta === undefined) return undefined;
  const role: Role = { ...bare, dependencies: meta.dependencies.map((read) => read.role) };
  const within = { ...around, role };
  const handlersFile = findMain(reader, path, "handlers", use);
  const handlers =
    handlersFile === undefined
      ? []
      : await readTaskFile(reader, handlersFile, use.span, { ...within, handler: true, notify: [] });
  const tasksFile = findMain(reader, path, "tasks", use);
  if (tasksFile !== undefined && reportRound(reader, tasksFile, use.span, "the role brings")) return undefined;
  const check = use.validate ? specTask(reader, use, within) : undefined;
  const own = tasksFile === undefined ? [] : await readTaskFile(reader, tasksFile, use.span, within);
  const tasks = check === undefined ? own : [check, ...own];
  const allowDuplicates = use.allowDuplicates ?? meta.allowDuplicates;
  const block = { kind: "block", block: tasks, rescue: [], always: [], role } as const;
  return {
    role,
    entries: [
      ...meta.dependencies.flatMap(({ entries }) => entries),
      allowDuplicates ? block : { ...block, once: keyOf(use, path) },
    ],
    handlers: [
      ...meta.dependencies.flatMap((read) => read.handlers),
      ...handlers.filter((entry): entry is Task => entry.kind === "task"),
    ],
  };
};

/** What a role is told by: one that is asked for in the same way a second time has run already. */
const keyOf = ({ from, params, vars, around }: RoleUse, path: string): string =>
  JSON.stringify(
    [path, from, params, vars.map(({ values }) => values), around.when, around.tags],
    (_, value: unknown) =>
      value instanceof Template || value instanceof Expression ? { source: value.source } : value,
  );

const findRole = (reader: TaskReader, { name, span, around }: RoleUse): string | undefined => {
  const folder = playbookFolder(reader);
  const { roles, collections } = reader.roleFolders;
  const beside = around.role === undefined ? [] : [dirname(around.role.path)];
  const folders = [...new Set([join(folder, "roles"), ...roles, ...beside, folder])];
  const inCollections = [join(folder, "collections"), ...collections].flatMap((each) => roleOfCollection(each, name));
  const found = [...inCollections, ...folders.map((each) => resolve(each, name))].find(isFolder);
  if (found !== undefined) return found;
  const looked = [...(inCollections.length === 0 ? [] : collections), ...folders];
  const hint = didYouMean(name, folders.slice(0, -1).flatMap(foldersIn)) ?? `looked in ${looked.join(", ")}`;
  reader.diagnostics.push({ code: "V32", severity: "error", message: `there is no role "${name}"`, span, hint });
  return undefined;
};

/** The folder of a role of a collection, `namespace.collection.role`. */
const roleOfCollection = (folder: string, name: string): readonly string[] => {
  const [namespace, collection, ...role] = name.split(".");
  if (!/^\w+\.\w+\.\w[\w.]*$/.test(name) || namespace === undefined || collection === undefined) return [];
  return [join(folder, "ansible_collections", namespace, collection, "roles", ...role)];
};

interface Meta {
  readonly dependencies: readonly ReadRole[];
  readonly allowDuplicates: boolean;
}

/** What a role's meta/main.yml says; undefined where it depends on itself. */
const readMeta = async (reader: TaskReader, use: RoleUse, role: Role): Promise<Meta | undefined> => {
  const path = mainIn(join(role.path, "meta"), "main");
  const root = path === undefined ? undefined : readYaml(path, reader.diagnostics, reader.vault, use.span);
  if (path === undefined || root === undefined || (root.kind === "scalar" && root.value === null)) {
    return { dependencies: [], allowDuplicates: false };
  }
  if (root.kind !== "map") {
    const message = "a role's meta is a mapping, with `dependencies` for instance";
    reader.diagnostics.push({ code: "V03", severity: "error", message, span: root.span });
    return undefined;
  }
  if (reportRound(reader, path, use.span, "the role depends on")) return undefined;
  reader.files.push(path);
  const list = entryOf(root, "dependencies")?.value;
  const dependencies = await readRoleList(reader, list, { ...use.around, role });
  reader.files.pop();
  const allowed = entryOf(root, "allow_duplicates")?.value;
  return { dependencies, allowDuplicates: allowed?.kind === "scalar" && allowed.value === true };
};

/** Holds what the role is given against its meta/argument_specs.yml, before its tasks. */
const specTask = (
  reader: TaskReader,
  use: RoleUse,
  within: Surroundings & { readonly role: Role },
): Task | undefined => {
  const { path, name } = within.role;
  const folder = join(path, "meta");
  const [specs] = ["argument_specs", "main"]
    .flatMap((file) => mainIn(folder, file) ?? [])
    .flatMap((file) => mapIn(readYaml(file, [], reader.vault, use.span), "argument_specs") ?? []);
  const entry = (use.from.tasks ?? "main").replace(/\.(?:ya?ml|json)$/, "");
  const spec = mapIn(specs, entry);
  const options = mapIn(spec, "options");
  const module = findModule("validate_argument_spec");
  if (spec === undefined || options === undefined || module === undefined) return undefined;
  const short = entryOf(spec, "short_description")?.value;
  const about = short?.kind === "scalar" ? ` - ${String(short.value)}` : "";
  return {
    kind: "task",
    id: `${reader.ids}.${reader.nextTask++}`,
    span: options.span,
    node: options,
    module,
    action: "validate_argument_spec",
    args: {
      argument_spec: toValue(options),
      validate_args_context: { argument_spec_name: entry, name, path, type: "role" },
    },
    argsNode: { kind: "map", entries: [], span: options.span },
    loop: undefined,
    own: { name: `Validating arguments against arg spec '${entry}'${about}` },
    changedWhen: [],
    failedWhen: [],
    until: [],
    breakWhen: [],
    register: undefined,
    listen: [],
    ...within,
    tags: [...within.tags, "always"],
  };
};

const mapIn = (node: Node | undefined, key: string): MapNode | undefined => {
  const value = node?.kind === "map" ? entryOf(node, key)?.value : undefined;
  return value?.kind === "map" ? value : undefined;
};

/** Variables of a role: one file, or all files of a folder of that name. */
const readVarsOf = (reader: TaskReader, role: string, kind: "defaults" | "vars", use: RoleUse): readonly VarsFile[] => {
  const main = findMain(reader, role, kind, use);
  if (main === undefined) return [];
  return filesAt(main).map((path) => {
    const root = readYaml(path, reader.diagnostics, reader.vault, use.span);
    const entries = root?.kind === "map" ? root.entries : [];
    return { path, values: varsOf(root, reader.diagnostics), entries };
  });
};

/** The file of a role that is read: what it is asked for instead of `main` has to be there. */
const findMain = (reader: TaskReader, role: string, kind: RoleFile, use: RoleUse): string | undefined => {
  const wanted = use.from[kind];
  const folder = join(role, kind);
  const found = mainIn(folder, wanted ?? "main");
  if (found === undefined && wanted !== undefined) {
    const names = entriesIn(folder).map((name) => name.replace(/\.(?:ya?ml|json)$/, ""));
    const message = `role "${use.name}" has no ${kind}/${wanted}`;
    const hint = didYouMean(wanted, names) ?? `there ${names.length === 0 ? "is nothing" : `are ${names.join(", ")}`}`;
    const diagnostic: Diagnostic = { code: "V32", severity: "error", message, span: use.span, hint };
    reader.diagnostics.push(diagnostic);
  }
  return found;
};

const mainIn = (folder: string, name: string): string | undefined =>
  ["", ".yml", ".yaml", ".json"]
    .map((ending) => join(folder, name + ending))
    .find((path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats !== undefined && (stats.isFile() || /^(?:defaults|vars)$/.test(basename(folder)));
    });

const filesAt = (path: string): readonly string[] =>
  isFolder(path)
    ? entriesIn(path)
        .filter((name) => isFolder(join(path, name)) || /\.(?:ya?ml|json)$/.test(name))
        .flatMap((name) => filesAt(join(path, name)))
    : [path];

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const entriesIn = (folder: string): readonly string[] =>
  isFolder(folder)
    ? readdirSync(folder)
        .filter((name) => !name.startsWith("."))
        .toSorted()
    : [];

const foldersIn = (folder: string): readonly string[] =>
  entriesIn(folder).filter((name) => isFolder(join(folder, name)));

/** The arguments of import_role and include_role as a use of a role. */
export const roleUseOf = (args: PlainMap, span: Span, around: Surroundings): RoleUse => {
  const textOf = (name: string): string | undefined => (args[name] === undefined ? undefined : text(args[name]));
  const kinds = ["tasks", "handlers", "vars", "defaults"] as const;
  const from = Object.fromEntries(
    kinds.flatMap((kind) => (textOf(`${kind}_from`) === undefined ? [] : [[kind, textOf(`${kind}_from`)]])),
  );
  const allowDuplicates = args["allow_duplicates"] !== false;
  const validate = args["rolespec_validate"] !== false;
  const name = textOf("name") ?? textOf("role") ?? "";
  return { name, span, from, params: {}, vars: [], around, allowDuplicates, validate, isIncluded: true };
};
