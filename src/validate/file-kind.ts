import { basename } from "node:path";
import { findModule } from "../modules/registry.ts";
import { looksLikeYaml } from "../inventory/read-source.ts";
import { keywordsOf } from "../playbook/keywords.ts";
import { type Outline, readOutline } from "./outline.ts";

/**
 * What a file is. `encrypted`, `script` (an inventory that a program writes) and `plugin` (one that a cloud is asked for)
 * are none that can be read without running something.
 */
export type FileKind =
  | "playbook"
  | "tasks"
  | "handlers"
  | "variables"
  | "meta"
  | "inventory"
  | "encrypted"
  | "script"
  | "plugin";

/** Folders that say what the files in them are, where a file's content leaves it open. */
const kindOfFolder: Readonly<Record<string, FileKind>> = {
  tasks: "tasks",
  handlers: "handlers",
  vars: "variables",
  defaults: "variables",
  group_vars: "variables",
  host_vars: "variables",
  meta: "meta",
};

/**
 * Tells a file by its content: a list with a play in it is a playbook, another list of mappings is one of tasks, a mapping of
 * groups is an inventory, and any other mapping holds variables; what is no YAML is an inventory in INI. The folders around it
 * decide what the content cannot. Undefined where it is nothing of these: what nobody `named` must be more than alike.
 * `folders` are the names from the outermost on.
 */
export const kindOfFile = (
  path: string,
  text: string,
  { folders, isNamed }: { readonly folders: readonly string[]; readonly isNamed: boolean },
): FileKind | undefined => {
  const hint = folders.map((name) => kindOfFolder[name]).findLast((kind) => kind !== undefined);
  // What is in it is for whoever has the password.
  if (text.startsWith("$ANSIBLE_VAULT;")) return hint ?? (isNamed ? "playbook" : "encrypted");
  if (text.startsWith("#!") && !/^#!.*\blatchkey\b/.test(text)) return "script";
  if (!/\.(?:ya?ml|json)$/.test(path) && !looksLikeYaml(text)) {
    return isNamed || isIni(path, text) ? "inventory" : undefined;
  }
  const outline = readOutline(text);
  if (outline.kind === "list") {
    const kind = kindOfList(outline.items, hint, isNamed ? isTaskKey : isSurelyTaskKey);
    // What has to be a mapping there, whatever it is instead.
    return (
      kind ??
      (basename(path).startsWith("main.") || /^(?:group|host)_vars$/.test(folders.at(-1) ?? "") ? hint : undefined)
    );
  }
  if (outline.kind !== "mapping") return hint;
  if (hint !== undefined) return hint;
  if (outline.keys.some(({ name }) => name === "plugin")) return "plugin";
  if (isInventory(outline.keys)) return "inventory";
  // A mapping is as likely the settings of another program.
  return isNamed || basename(path).includes("vars") ? "variables" : undefined;
};

/** Keywords of plays alone. One of another level's name, or a module's (`gather_facts`), proves nothing. */
const isPlayKey = (name: string): boolean =>
  /^(?:ansible\.builtin\.)?import_playbook$/.test(name) ||
  /^(?:roles|vars_prompt)$/.test(name) ||
  (name in keywordsOf.play && !(name in keywordsOf.task) && name !== "gather_facts");

const kindOfList = (
  items: readonly (readonly string[])[],
  hint: FileKind | undefined,
  isTask: (key: string) => boolean,
): FileKind | undefined => {
  if (items.some((keys) => keys.some(isPlayKey))) return "playbook";
  if (hint === "tasks" || hint === "handlers") return hint;
  return items.some((keys) => keys.some(isTask)) ? "tasks" : undefined;
};

const isTaskKey = (name: string): boolean =>
  isSurelyTaskKey(name) || findModule(name) !== undefined || (name !== "name" && name in keywordsOf.task);

/** Lists of something else have a `user` or a `port` as well. */
const isSurelyTaskKey = (name: string): boolean =>
  /^(?:when|register|loop|notify|become|block|changed_when|failed_when|until|delegate_to|no_log)$/.test(name) ||
  /^(?:ansible\.(?:builtin|legacy)\.)?(?:import|include)_(?:tasks|role)$/.test(name) ||
  (name.includes(".") && findModule(name) !== undefined);

/** `all`, or nothing but groups: mappings of hosts, children and vars. */
const isInventory = (keys: Extract<Outline, { kind: "mapping" }>["keys"]): boolean => {
  const areParts = (parts: readonly string[]): boolean =>
    parts.length > 0 && parts.every((part) => ["hosts", "children", "vars"].includes(part));
  const all = keys.find(({ name }) => name === "all");
  if (all !== undefined && all.keys.some((part) => part === "hosts" || part === "children")) return true;
  const named = keys.filter((key) => key.keys.length > 0);
  return named.length > 0 && named.every((key) => areParts(key.keys)) && named.some((key) => !onlyVars(key.keys));
};

const onlyVars = (parts: readonly string[]): boolean => parts.every((part) => part === "vars");

/** Named for it, or with groups and without the settings of another program. */
const isIni = (path: string, text: string): boolean => {
  const name = basename(path);
  if (name.includes(".") && !/\.(?:ini|inventory|hosts)$/.test(name)) return false;
  if (/^(?:hosts|inventory)\b/.test(name)) return true;
  let section: string | undefined;
  for (const line of text.split("\n")) {
    section = /^\[([\w.:-]+)\]\s*(?:[#;].*)?$/.exec(line)?.[1] ?? section;
    // A host is a word, and what follows it are settings without blanks around their signs.
    if (section?.endsWith(":vars") !== true && /^[^\s#;[][^\s=]*\s*=/.test(line)) return false;
  }
  return section !== undefined;
};
