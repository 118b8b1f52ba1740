import { entryOf, type MapNode, type Node } from "../source/node.ts";
import { toExpression, toValue } from "../vars/from-node.ts";
import type { Expression, Value, ValueMap } from "../vars/value.ts";
import { inheritedKeywords } from "./keywords.ts";
import type { Surroundings, Task } from "./playbook.ts";

/** Around a play there is nothing. */
export const outermost: Surroundings = {
  handler: false,
  inherited: {},
  when: [],
  vars: [],
  environment: [],
  moduleDefaults: [],
  tags: [],
  notify: [],
  role: undefined,
  includeVars: [],
};

/**
 * The surroundings within a play, block or task: a keyword of its own replaces what was around it; conditions, tags,
 * environment, module defaults, variables and notifications add to it.
 */
export const surroundingsWithin = (around: Surroundings, node: MapNode): Surroundings => ({
  handler: around.handler,
  inherited: { ...around.inherited, ...ownInherited(node) },
  when: [...around.when, ...conditionsOf(node, "when")],
  vars: [...around.vars, ...mapsOf(node, "vars")],
  environment: [...around.environment, ...listOf(node, "environment")],
  moduleDefaults: [...around.moduleDefaults, ...mapsOf(node, "module_defaults")],
  tags: [...new Set([...around.tags, ...tagsOf(node)])],
  notify: [...around.notify, ...listOf(node, "notify")],
  role: around.role,
  includeVars: around.includeVars,
});

const ownInherited = (node: MapNode): Task["inherited"] =>
  Object.fromEntries(
    node.entries
      .filter((entry) => String(entry.key.value) in inheritedKeywords)
      .map((entry) => [String(entry.key.value), toValue(entry.value)]),
  );

/** A keyword's value as a list of nodes: a single value stands for a list of one, null for none. */
const nodesOf = (node: MapNode, key: string): readonly Node[] => {
  const value = entryOf(node, key)?.value;
  if (value === undefined || (value.kind === "scalar" && value.value === null)) return [];
  return value.kind === "seq" ? value.items : [value];
};

/** A keyword's value as a list. */
export const listOf = (node: MapNode, key: string): readonly Value[] => nodesOf(node, key).map(toValue);

/** A keyword's value as a list of mappings. */
const mapsOf = (node: MapNode, key: string): readonly ValueMap[] =>
  nodesOf(node, key)
    .filter((item) => item.kind === "map")
    .map((item) => toValue(item) as ValueMap);

/** A keyword's value as conditions, all of which must hold. */
export const conditionsOf = (node: MapNode, key: string): readonly Expression[] =>
  nodesOf(node, key)
    .filter((item) => item.kind === "scalar")
    .map(toExpression);

/** Texts of a keyword that is never a template; a comma separates several. */
export const textsOf = (node: MapNode, key: string): readonly string[] =>
  nodesOf(node, key)
    .filter((item) => item.kind === "scalar")
    .flatMap((item) => String(item.value).split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "");

const tagsOf = (node: MapNode): readonly string[] => textsOf(node, "tags");
