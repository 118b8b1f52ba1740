import { didYouMean } from "../diagnostics/suggest.ts";
import { escapeForTerminal } from "../util/escape.ts";
import { err, ok, type Result } from "../util/result.ts";
import {
  LazyMap,
  type Plain,
  type PlainMap,
  Template,
  type Value,
  type ValueMap,
  Vaulted,
  WholeFloat,
} from "../vars/value.ts";
import type { AdjacentVars, Inventory } from "./inventory.ts";
import { hostLayers } from "./layers.ts";
import { pythonJson, pythonText, sortedEntries } from "./python-text.ts";
import { isImplicitHost } from "./select.ts";

/** `--list`: all groups and the variables of all hosts, as `ansible-inventory --list` prints them. */
export const renderInventoryList = (inventory: Inventory, playbookVars?: AdjacentVars): string => {
  const hostvars: Record<string, PlainMap> = {};
  for (const host of inventory.hosts.keys()) {
    const vars = hostVars(inventory, host, playbookVars);
    if (Object.keys(vars).length > 0) hostvars[host] = vars;
  }
  const groups: [string, PlainMap][] = [...inventory.groups.values()]
    .map(({ name, hosts, children }): [string, PlainMap] => [
      name,
      {
        // Every host of `all` is in one of its children, too.
        ...(hosts.length === 0 || name === "all" ? {} : { hosts }),
        ...(children.length === 0 ? {} : { children }),
      },
    ])
    .filter(([, group]) => Object.keys(group).length > 0);
  return `${pythonJson({ _meta: { hostvars }, ...Object.fromEntries(groups) })}\n`;
};

/** `--host NAME`: the variables of one host. The error says that there is no such host. */
export const renderInventoryHost = (
  inventory: Inventory,
  name: string,
  playbookVars?: AdjacentVars,
): Result<string, string> => {
  const isKnown = inventory.hosts.has(name);
  if (!isKnown && !isImplicitHost(name)) return err(unknown("host", name, inventory.hosts.keys()));
  const vars = hostVars(inventory, name, playbookVars);
  if (isKnown) return ok(`${pythonJson(vars)}\n`);
  // Its address is a matter of course.
  const { ansible_host: _address, ...rest } = vars;
  return ok(`${pythonJson(rest)}\n`);
};

/** `--graph [GROUP]`: a group with all below it as a tree; with `vars` also the variables. The error: no such group. */
export const renderInventoryGraph = (
  inventory: Inventory,
  group: string,
  options: { readonly vars: boolean; readonly playbookVars?: AdjacentVars },
): Result<string, string> => {
  if (!inventory.groups.has(group)) return err(unknown("group", group, inventory.groups.keys()));
  const lines: string[] = [];
  const addVars = (vars: PlainMap, depth: number): void => {
    if (!options.vars) return;
    for (const [key, value] of sortedEntries(vars)) lines.push(`${branch(depth)}{${key} = ${pythonText(value)}}`);
  };
  const addGroup = (name: string, depth: number): void => {
    lines.push(`${branch(depth)}@${name}:`);
    const { children = [], hosts = [] } = inventory.groups.get(name) ?? {};
    for (const child of children) addGroup(child, depth + 1);
    for (const host of name === "all" ? [] : hosts) {
      lines.push(branch(depth + 1) + host);
      addVars(hostVars(inventory, host, options.playbookVars), depth + 2);
    }
    addVars(groupVars(inventory, name), depth + 1);
  };
  addGroup(group, 0);
  return ok(lines.map((line) => `${escapeForTerminal(line)}\n`).join(""));
};

const branch = (depth: number): string => (depth === 0 ? "" : `${"  |".repeat(depth)}--`);

const unknown = (kind: "group" | "host", name: string, names: Iterable<string>): string => {
  const hint = didYouMean(name, names);
  return `there is no ${kind} "${name}"${hint === undefined ? "" : `; ${hint}`}`;
};

const hostVars = (inventory: Inventory, host: string, playbookVars: AdjacentVars | undefined): PlainMap =>
  merged(hostLayers(inventory, host, playbookVars).map((layer) => layer.values));

/** Without what stands beside a playbook, and with the priority where it is not the usual one. */
const groupVars = (inventory: Inventory, group: string): PlainMap => {
  const vars = inventory.groups.get(group)?.vars ?? {};
  const { ansible_group_priority: priority = 1, ...rest } = vars;
  const files = inventory.adjacent.flatMap((folder) => folder.groupVars.get(group) ?? []);
  return merged([Number(priority) === 1 ? rest : vars, ...files.map((file) => file.values)]);
};

const merged = (layers: readonly ValueMap[]): PlainMap =>
  unrendered(Object.assign({}, ...layers) as ValueMap) as PlainMap;

/** Variables as they are written: a template stands for itself. */
const unrendered = (value: Value): Plain => {
  if (value instanceof WholeFloat) return value.value;
  if (value instanceof Vaulted) return { __ansible_vault: value.envelope };
  if (value instanceof Template) return value.source;
  if (value === null || typeof value !== "object") return value;
  if (value instanceof LazyMap) return {};
  if (Array.isArray(value)) return value.map((item: Value) => unrendered(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unrendered(item as Value)]));
};
