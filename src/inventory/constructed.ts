import { type MapEntry, type MapNode, type Node, type ScalarNode, entryOf } from "../source/node.ts";
import { err, ok, type Result } from "../util/result.ts";
import { toExpression } from "../vars/from-node.ts";
import { evaluate, type LookupEnvironment, type TemplateContext } from "../vars/template.ts";
import type { Expression, Plain, PlainMap } from "../vars/value.ts";
import type { InventoryBuilder } from "./inventory-builder.ts";
import { pythonText } from "./python-text.ts";

/**
 * Variables and groups that expressions make of a host's variables: `compose`, `groups` and `keyed_groups`, as in
 * Ansible's `constructed`. Source: "ansible.builtin.constructed".
 */
export interface Constructed {
  readonly compose: readonly Named[];
  readonly groups: readonly Named[];
  readonly keyed: readonly KeyedGroup[];
  /** Whether an expression without a value is an error, and not just left out. */
  readonly strict: boolean;
  /** Whether a group without a prefix begins with its separator. */
  readonly leadingSeparator: boolean;
}

interface Named {
  readonly name: string;
  readonly expression: Expression;
}

interface KeyedGroup {
  readonly key: Expression;
  readonly prefix: string;
  readonly separator: string;
  readonly parent: string | undefined;
  readonly defaultValue: string | undefined;
  readonly trailingSeparator: boolean;
}

type Fail = (node: Node, message: string, hint?: string) => void;

/** Reads the three of an inventory file. */
export const readConstructed = (
  root: MapNode,
  options: Pick<Constructed, "strict" | "leadingSeparator">,
  fail: Fail,
): Constructed => ({
  ...options,
  compose: namedOf(entryOf(root, "compose"), fail),
  groups: namedOf(entryOf(root, "groups"), fail),
  keyed: keyedOf(entryOf(root, "keyed_groups"), fail),
});

const namedOf = (entry: MapEntry | undefined, fail: Fail): readonly Named[] => {
  if (entry === undefined) return [];
  const { key, value } = entry;
  if (value.kind !== "map") {
    fail(value, `${String(key.value)} is a mapping of names to expressions`);
    return [];
  }
  return value.entries.flatMap((each) => {
    const expression = expressionOf(each.value, fail);
    return expression === undefined ? [] : [{ name: String(each.key.value), expression }];
  });
};

const expressionOf = (node: Node, fail: Fail): Expression | undefined => {
  if (node.kind !== "scalar" || node.value === null || node.value === "") {
    fail(node, "an expression is a text, such as openstack.metadata.role");
    return undefined;
  }
  if (/\{[{%]/.test(node.text)) {
    fail(node, "an expression stands here without braces", "such as openstack.metadata.role");
    return undefined;
  }
  return toExpression(node);
};

const keyedNames = ["key", "prefix", "separator", "parent_group", "default_value", "trailing_separator"];

const keyedOf = (entry: MapEntry | undefined, fail: Fail): readonly KeyedGroup[] => {
  if (entry === undefined) return [];
  if (entry.value.kind !== "seq") {
    fail(entry.value, "keyed_groups is a list of mappings with a key each");
    return [];
  }
  return entry.value.items.flatMap((item) => {
    const group = keyedGroupOf(item, fail);
    return group === undefined ? [] : [group];
  });
};

const keyedGroupOf = (node: Node, fail: Fail): KeyedGroup | undefined => {
  const key = node.kind === "map" ? entryOf(node, "key") : undefined;
  if (node.kind !== "map" || key === undefined) {
    fail(node, "an entry of keyed_groups is a mapping with a key", "such as  - key: openstack.metadata.role");
    return undefined;
  }
  for (const entry of node.entries) {
    const name = String(entry.key.value);
    if (!keyedNames.includes(name)) fail(entry.key, `there is no ${name} here; expected ${keyedNames.join(", ")}`);
  }
  const scalar = (name: string): ScalarNode | undefined => {
    const value = entryOf(node, name)?.value;
    if (value === undefined || value.kind === "scalar") return value;
    fail(value, `${name} is a text`);
    return undefined;
  };
  const text = (name: string): string | undefined => {
    const value = scalar(name);
    if (value !== undefined && /\{[{%]/.test(value.text)) fail(value, `a template is not supported in ${name}`);
    return value === undefined || value.value === null ? undefined : String(value.value);
  };
  const trailing = scalar("trailing_separator")?.value;
  const defaultValue = text("default_value");
  if (trailing !== undefined && defaultValue !== undefined) {
    fail(node, "default_value and trailing_separator exclude each other");
  }
  const expression = expressionOf(key.value, fail);
  if (expression === undefined) return undefined;
  return {
    key: expression,
    prefix: text("prefix") ?? "",
    separator: text("separator") ?? "_",
    parent: text("parent_group"),
    defaultValue,
    trailingSeparator: trailing !== false,
  };
};

/** What the expressions come to, for one host after the other. */
export interface Constructor {
  /** The composed variables of a host, over those that it has. */
  readonly compose: (host: string, vars: PlainMap) => PlainMap;
  /** Puts a host, which has been added, into its groups. */
  readonly group: (host: string, vars: PlainMap) => void;
}

/** Each expression is told of once, for the first host of which it has no value. */
export const createConstructor = (constructed: Constructed, builder: InventoryBuilder): Constructor => {
  const told = new Set<Expression>();
  const report = (host: string, expression: Expression, message: string, isStrict: boolean): void => {
    if (!isStrict || told.has(expression)) return;
    told.add(expression);
    builder.error(`for the host "${host}": ${message}`, expression.span);
  };
  const valueOf = (host: string, expression: Expression, vars: PlainMap, isStrict: boolean): Plain | undefined => {
    const value = evaluate(expression, contextOf(vars));
    if (value.ok) return value.value;
    // What does not parse has a value for no host.
    report(host, expression, value.error.message, isStrict || value.error.isUndefined !== true);
    return undefined;
  };
  return {
    compose: (host, vars) => {
      const composed = { ...vars };
      for (const { name, expression } of constructed.compose) {
        // All see the server's own variables, and none sees another; the plugin is always strict here.
        const value = valueOf(host, expression, vars, true);
        if (value !== undefined) composed[name] = value;
      }
      return composed;
    },
    group: (host, vars) => {
      for (const { name, expression } of constructed.groups) {
        const value = valueOf(host, expression, vars, constructed.strict);
        if (value !== undefined && isTrue(value)) addTo(builder, host, safeGroupName(name));
      }
      for (const keyed of constructed.keyed) {
        const value = valueOf(host, keyed.key, vars, constructed.strict);
        if (value === undefined) continue;
        const names = keyedNamesOf(value, keyed);
        if (!names.ok) {
          const isShape = typeof value === "object" ? value !== null : Boolean(value);
          report(host, keyed.key, names.error, constructed.strict || isShape);
          continue;
        }
        const separator = keyed.prefix === "" && !constructed.leadingSeparator ? "" : keyed.separator;
        for (const name of names.value) {
          const group = safeGroupName(`${keyed.prefix}${separator}${name}`);
          addTo(builder, host, group);
          if (keyed.parent === undefined) continue;
          const parent = safeGroupName(keyed.parent);
          builder.addGroup(parent, undefined);
          builder.addChild(parent, group, keyed.key.span);
        }
      }
    },
  };
};

const addTo = (builder: InventoryBuilder, host: string, group: string): void => {
  builder.addGroup(group, undefined);
  builder.addHost(host, group, undefined);
};

/** The names behind prefix and separator; the error says that the value makes none. */
const keyedNamesOf = (value: Plain, keyed: KeyedGroup): Result<readonly string[], string> => {
  const orDefault = (text: string): string => (text === "" ? (keyed.defaultValue ?? "") : text);
  if (typeof value === "string") {
    return value === "" && keyed.defaultValue === undefined ? err("the key is empty") : ok([orDefault(value)]);
  }
  if (value === null) return err("the key is empty");
  if (Array.isArray(value)) return ok(value.map((item: Plain) => orDefault(pythonText(item))));
  if (typeof value !== "object") return err(`the key is ${pythonText(value)}; expected a text, a list or a mapping`);
  return ok(
    Object.entries(value as PlainMap).map(([name, item]) => {
      if (item !== "") return `${name}${keyed.separator}${pythonText(item)}`;
      if (keyed.defaultValue !== undefined) return `${name}${keyed.separator}${keyed.defaultValue}`;
      return keyed.trailingSeparator ? `${name}${keyed.separator}` : name;
    }),
  );
};

/** As Ansible makes them for constructed groups: letters, digits and `_`, and no digit first. */
const safeGroupName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}_]/gu, "_").replace(/^\p{N}/u, "_");

const isTrue = (value: Plain): boolean =>
  typeof value === "object" && value !== null ? Object.keys(value).length > 0 : Boolean(value);

const contextOf = (vars: PlainMap): TemplateContext => ({
  variable: (name) => (Object.hasOwn(vars, name) ? vars[name] : undefined),
  names: () => Object.keys(vars),
  lookups: noLookups,
});

/** As in Ansible, these expressions look at nothing but variables. */
const noLookups: LookupEnvironment = {
  searchPaths: [],
  env: {},
  now: () => new Date(),
  readFile: () => err("an inventory's expression reads no files"),
  fileKind: () => undefined,
  list: () => [],
  isLink: () => false,
  realPath: (path) => path,
  playbookFolder: "/",
  writeSecret: () => err("an inventory's expression writes no files"),
  runPipe: () => err("an inventory's expression runs no commands"),
  fetchUrl: () => err("an inventory's expression asks no server"),
};
