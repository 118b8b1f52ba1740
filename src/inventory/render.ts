import { randomUUID } from "node:crypto";
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
import { toYaml } from "../vars/python/yaml.ts";
import type { AdjacentVars, Inventory } from "./inventory.ts";
import { hostLayers } from "./layers.ts";
import { pythonJson, pythonText, sortedEntries } from "./python-text.ts";
import { isImplicitHost } from "./select.ts";

/** What else is to be seen in a rendered inventory. */
export interface View {
  readonly playbookVars?: AdjacentVars;
  /** Those of the command line, which every host has. */
  readonly extraVars?: ValueMap;
  /** Variables stand where they are written, groups' with the groups: for a file that is to be read again. */
  readonly export?: boolean;
  readonly yaml?: boolean;
}

/** `--list`: all groups and the variables of all hosts, as `ansible-inventory --list` prints them. */
export const renderInventoryList = (inventory: Inventory, view: View = {}): string => {
  if (view.yaml === true) return yamlOf((unrender) => ({ all: groupOf(inventory, "all", view, unrender, new Set()) }));
  const hostvars: Record<string, PlainMap> = {};
  for (const host of inventory.hosts.keys()) {
    const vars = merged(layersOf(inventory, host, view));
    if (Object.keys(vars).length > 0) hostvars[host] = vars;
  }
  const groups: [string, PlainMap][] = [...inventory.groups.values()]
    .map(({ name, hosts, children }): [string, PlainMap] => [
      name,
      {
        // Every host of `all` is in one of its children, too.
        ...(hosts.length === 0 || name === "all" ? {} : { hosts }),
        ...(children.length === 0 ? {} : { children }),
        ...ownVars(inventory, name, view, unrendered),
      },
    ])
    .filter(([, group]) => Object.keys(group).length > 0);
  return `${pythonJson({ _meta: { hostvars }, ...Object.fromEntries(groups) })}\n`;
};

/** A group as a YAML inventory writes it; a host's variables stand where it comes first. */
const groupOf = (inventory: Inventory, name: string, view: View, unrender: Unrender, seen: Set<string>): PlainMap => {
  const { children = [], hosts = [] } = inventory.groups.get(name) ?? {};
  const below = children.map((child) => [child, groupOf(inventory, child, view, unrender, seen)] as const);
  const listed = (name === "all" ? [] : hosts).map((host): [string, PlainMap] => {
    if (seen.has(host)) return [host, {}];
    seen.add(host);
    return [host, merged(layersOf(inventory, host, view), unrender)];
  });
  return {
    ...(below.length === 0 ? {} : { children: Object.fromEntries(below) }),
    ...(listed.length === 0 ? {} : { hosts: Object.fromEntries(listed) }),
    ...ownVars(inventory, name, view, unrender),
  };
};

const ownVars = (inventory: Inventory, name: string, view: View, unrender: Unrender): PlainMap => {
  if (view.export !== true) return {};
  const vars = groupVars(inventory, name, view.playbookVars, unrender);
  return Object.keys(vars).length === 0 ? {} : { vars };
};

/** `--host NAME`: the variables of one host. The error says that there is no such host. */
export const renderInventoryHost = (inventory: Inventory, name: string, view: View = {}): Result<string, string> => {
  const isKnown = inventory.hosts.has(name);
  if (!isKnown && !isImplicitHost(name)) return err(unknown("host", name, inventory.hosts.keys()));
  const shown = (unrender: Unrender): PlainMap => {
    const vars = merged(layersOf(inventory, name, { ...view, export: false }), unrender);
    if (isKnown) return vars;
    // Its address is a matter of course.
    const { ansible_host: _address, ...rest } = vars;
    return rest;
  };
  return ok(view.yaml === true ? yamlOf(shown) : `${pythonJson(shown(unrendered))}\n`);
};

/** `--graph [GROUP]`: a group with all below it as a tree; with `vars` also the variables. The error: no such group. */
export const renderInventoryGraph = (
  inventory: Inventory,
  group: string,
  view: View & { readonly vars: boolean },
): Result<string, string> => {
  if (!inventory.groups.has(group)) return err(unknown("group", group, inventory.groups.keys()));
  const lines: string[] = [];
  const addVars = (vars: PlainMap, depth: number): void => {
    if (!view.vars) return;
    for (const [key, value] of sortedEntries(vars)) lines.push(`${branch(depth)}{${key} = ${pythonText(value)}}`);
  };
  const addGroup = (name: string, depth: number): void => {
    lines.push(`${branch(depth)}@${name}:`);
    const { children = [], hosts = [] } = inventory.groups.get(name) ?? {};
    for (const child of children) addGroup(child, depth + 1);
    for (const host of name === "all" ? [] : hosts) {
      lines.push(branch(depth + 1) + host);
      addVars(merged(layersOf(inventory, host, view)), depth + 2);
    }
    // Without what stands beside a playbook.
    addVars(groupVars(inventory, name, undefined, unrendered), depth + 1);
  };
  addGroup(group, 0);
  return ok(lines.map((line) => `${escapeForTerminal(line)}\n`).join(""));
};

/** What of an inventory is left when only these hosts are looked at; its groups are all there. */
export const onlyHosts = (inventory: Inventory, hosts: readonly string[]): Inventory => {
  const wanted = new Set(hosts);
  const groups = [...inventory.groups].map(
    ([name, group]) => [name, { ...group, hosts: group.hosts.filter((host) => wanted.has(host)) }] as const,
  );
  return {
    ...inventory,
    hosts: new Map([...inventory.hosts].filter(([name]) => wanted.has(name))),
    groups: new Map(groups),
  };
};

const branch = (depth: number): string => (depth === 0 ? "" : `${"  |".repeat(depth)}--`);

const unknown = (kind: "group" | "host", name: string, names: Iterable<string>): string => {
  const hint = didYouMean(name, names);
  return `there is no ${kind} "${name}"${hint === undefined ? "" : `; ${hint}`}`;
};

const layersOf = (inventory: Inventory, host: string, view: View): readonly ValueMap[] => {
  const layers = hostLayers(inventory, host, view.playbookVars);
  // From level 8 on they are the host's own.
  if (view.export === true) return layers.filter((layer) => layer.level >= 8).map((layer) => layer.values);
  return [...layers.map((layer) => layer.values), view.extraVars ?? {}];
};

/** With the priority where it is not the usual one. */
const groupVars = (
  inventory: Inventory,
  group: string,
  playbookVars: AdjacentVars | undefined,
  unrender: Unrender,
): PlainMap => {
  const vars = inventory.groups.get(group)?.vars ?? {};
  const { ansible_group_priority: priority = 1, ...rest } = vars;
  const folders = [...inventory.adjacent, ...(playbookVars === undefined ? [] : [playbookVars])];
  const files = folders.flatMap((folder) => folder.groupVars.get(group) ?? []);
  return merged([Number(priority) === 1 ? rest : vars, ...files.map((file) => file.values)], unrender);
};

const merged = (layers: readonly ValueMap[], unrender: Unrender = unrendered): PlainMap =>
  unrender(Object.assign({}, ...layers) as ValueMap) as PlainMap;

type Unrender = (value: Value) => Plain;

/** Variables as they are written: a template stands for itself. */
const unrendered: Unrender = (value) => plainOf(value, (vaulted) => ({ __ansible_vault: vaulted.envelope }));

const plainOf = (value: Value, vaulted: (value: Vaulted) => Plain): Plain => {
  if (value instanceof WholeFloat) return value.value;
  if (value instanceof Vaulted) return vaulted(value);
  if (value instanceof Template) return value.source;
  if (value === null || typeof value !== "object") return value;
  if (value instanceof LazyMap) return {};
  if (Array.isArray(value)) return value.map((item: Value) => plainOf(item, vaulted));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainOf(item as Value, vaulted)]));
};

/** As YAML; what is vaulted keeps its tag, in the place of a word that nothing else can be. */
const yamlOf = (write: (unrender: Unrender) => PlainMap): string => {
  const envelopes = new Map<string, string>();
  const unrender: Unrender = (value) =>
    plainOf(value, ({ envelope }) => {
      const word = `vaulted-${randomUUID()}`;
      envelopes.set(word, envelope);
      return word;
    });
  const text = toYaml(write(unrender), { indent: 2, flow: "never", width: 80, sortKeys: true });
  return text.replaceAll(
    /^( *)(.*)(vaulted-[-0-9a-f]{36})$/gm,
    (line, indent: string, before: string, word: string) => {
      const envelope = envelopes.get(word);
      if (envelope === undefined) return line;
      const content = envelope
        .trim()
        .split("\n")
        .map((part) => `${indent}  ${" ".repeat(dashes(before))}${part.trim()}`);
      return [`${indent}${before}!vault |`, ...content].join("\n");
    },
  );
};

/** How many columns the dashes of list items take before what a line says. */
const dashes = (text: string): number => /^(?:- )*/.exec(text)?.[0].length ?? 0;
