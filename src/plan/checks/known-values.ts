import type { LoopLookup } from "../../playbook/keywords.ts";
import type { Module } from "../../modules/module.ts";
import type { Play, Task } from "../../playbook/playbook.ts";
import { roleVariables } from "../../playbook/role-variables.ts";
import { locateInScalar } from "../../source/locate.ts";
import { entryOf, type MapEntry, type Node, type ScalarNode } from "../../source/node.ts";
import type { Span } from "../../source/source-file.ts";
import { freeVariables } from "../../vars/check-template.ts";
import { toValue } from "../../vars/from-node.ts";
import { loopTerms } from "../../vars/template.ts";
import { type Expression, type Plain, Template, type Value, type ValueMap, Vaulted } from "../../vars/value.ts";
import type { EarlyRender } from "../../playbook/early-render.ts";
import type { Plan } from "../plan.ts";
import { namesSetInRun } from "./names-set-in-run.ts";
import { templatesIn } from "./task-values.ts";

/** What a check has besides the plan. */
export interface CheckInput {
  readonly plan: Plan;
  /** Where the variables of the command line are written. */
  readonly extraVars: readonly MapEntry[];
  readonly renderEarly: EarlyRender;
  readonly now: Date;
  /** The modules that the plan's tasks call, by short name. */
  readonly modules: ReadonlyMap<string, Module>;
  /** Files of tasks or variables could not be read, so that what is not known here may well be there. */
  readonly isIncomplete: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The value that an argument of a task has on every host. */
export interface KnownValue {
  readonly value: unknown;
  /** Whether it stands in the task as it is, and all the others too, so that the module itself has judged it. */
  readonly isLiteral: boolean;
  /** Where this part of the value is written: in the task, or in the variable that it comes from. */
  readonly placeOf: (text: string) => Span;
}

/**
 * The values of an argument that are the same whatever host the task runs on: one, or with a loop one for each item. What
 * depends on the inventory, on facts, on results or on lookups is left alone, and so is what is not given.
 */
export const knownValues = (
  input: CheckInput,
  play: Play,
  task: Task,
  options: readonly string[],
): readonly KnownValue[] => {
  const entry = task.argsNode.entries.find(({ key }) => options.includes(String(key.value)));
  if (entry === undefined) return [];
  const { value: node } = entry;
  const isLiteral = templatesIn(toValue(node)).length === 0;
  // A module judges its arguments together.
  const isJudged = isLiteral && templatesIn(task.args).length === 0;
  const base = variablesOf(input, play, task);
  const loop = loopVariable(task);
  // A condition may leave items out.
  const isChosen = task.when.some((condition) => loop !== undefined && freeVariables(condition).has(loop));
  const items = isLiteral || loop === undefined || isChosen ? undefined : itemsOf(input, task, base);
  const scopes =
    loop === undefined || items === undefined
      ? [without(base, loop)]
      : items.map((item): Variables => new Map([...base, [loop, { ...base.get(loop), value: item }]]));
  const nodes = leavesOf(node, loop === undefined ? base : withLoopNode(base, loop, task));
  const placeOf = (text: string): Span => placeIn(nodes, text) ?? node.span;
  return scopes.flatMap((scope) => {
    const known = renderKnown(input, toValue(node), scope);
    return known === undefined ? [] : [{ value: known.value, isLiteral: isJudged, placeOf }];
  });
};

/** The strongest place before a run at which a play's variable is set: the command line, its files, its own vars. */
export const entryOfVariable = (play: Play, extraVars: readonly MapEntry[], name: string): MapEntry | undefined =>
  [...extraVars.toReversed(), ...play.varsFiles.toReversed().flatMap((file) => file.entries), ...ownVars(play)].find(
    (entry) => String(entry.key.value) === name,
  );

interface Variable {
  readonly value: Value;
  readonly node?: Node | undefined;
}

type Variables = ReadonlyMap<string, Variable>;

/** Variables whose values are known, with the places where these are written. */
const variablesOf = (input: CheckInput, play: Play, task: Task): Variables => {
  const variables = new Map<string, Variable>();
  const { names, isAny } = namesSetInRun(input.plan);
  const prompted = new Set(play.varsPrompt.map(({ name }) => name));
  const entries = [
    ...ownVars(play).filter(({ key }) => !prompted.has(String(key.value))),
    ...play.varsFiles.flatMap((file) => file.entries),
  ];
  for (const { key, value } of entries) variables.set(String(key.value), { value: toValue(value), node: value });
  const { role } = task;
  const ofRole = role === undefined ? [] : roleVariables(role).vars.toReversed();
  for (const vars of [...ofRole, ...task.vars])
    for (const [name, value] of Object.entries(vars)) variables.set(name, { value });
  const own = entryOf(task.node, "vars")?.value;
  for (const { key, value } of own?.kind === "map" ? own.entries : []) {
    variables.set(String(key.value), { value: toValue(value), node: value });
  }
  if (isAny) variables.clear();
  for (const name of names) variables.delete(name);
  const params = role === undefined ? [] : roleVariables(role).params.toReversed();
  for (const vars of [...params, ...task.includeVars])
    for (const [name, value] of Object.entries(vars)) variables.set(name, { value });
  for (const { key, value } of input.extraVars)
    variables.set(String(key.value), { value: toValue(value), node: value });
  return variables;
};

const ownVars = (play: Play): readonly MapEntry[] => {
  const vars = entryOf(play.node, "vars")?.value;
  return vars?.kind === "map" ? vars.entries : [];
};

const loopVariable = (task: Task): string | undefined => {
  if (task.loop === undefined) return undefined;
  const control = task.own.loop_control;
  const name = typeof control === "object" && control !== null ? (control as ValueMap)["loop_var"] : undefined;
  return typeof name === "string" ? name : "item";
};

/** A loop of thousands is no more wrong than its first items. */
const itemsOf = (input: CheckInput, task: Task, variables: Variables): readonly Value[] | undefined => {
  const { lookup, terms: written = null } = task.loop ?? {};
  const terms = renderKnown(input, written, variables)?.value;
  const items = lookup === undefined ? terms : pureLoops.has(lookup) ? lookUp(input, lookup, terms) : undefined;
  return Array.isArray(items) ? (items.slice(0, 100) as Value[]) : undefined;
};

/** Loops whose items follow from their terms alone. */
const pureLoops: ReadonlySet<string> = new Set<LoopLookup>([
  "cartesian",
  "dict",
  "flattened",
  "indexed_items",
  "items",
  "list",
  "nested",
  "sequence",
  "subelements",
  "together",
]);

const lookUp = (input: CheckInput, lookup: LoopLookup, terms: unknown): unknown => {
  const vars = Object.fromEntries(loopTerms(terms as Plain).map((term, index) => [`loop_term_${index}`, term]));
  const names = Object.keys(vars).map((name) => `, ${name}`);
  const rendered = input.renderEarly(new Template(`{{ query('${lookup}'${names.join("")}) }}`), vars);
  return "error" in rendered ? undefined : rendered.value;
};

const without = (variables: Variables, name: string | undefined): Variables =>
  new Map([...variables].filter(([other]) => other !== name));

const withLoopNode = (variables: Variables, loop: string, task: Task): Variables => {
  const keyword = task.loop?.lookup === undefined ? "loop" : `with_${task.loop.lookup}`;
  const node = entryOf(task.node, keyword)?.value;
  return new Map([...variables, [loop, { value: task.loop?.terms ?? null, node }]]);
};

const renderKnown = (
  input: CheckInput,
  value: Value,
  variables: Variables,
): { readonly value: unknown } | undefined => {
  if (!isKnown(value, variables, new Set())) return undefined;
  const vars = Object.fromEntries([...variables].map(([name, variable]) => [name, variable.value]));
  const rendered = input.renderEarly(value, vars);
  return "error" in rendered || rendered.value === undefined ? undefined : rendered;
};

/** Whether every variable that a value is made of is known, and nothing in it gives another value each time. */
const isKnown = (value: Value, variables: Variables, seen: Set<string>): boolean =>
  templatesIn(value).every((template) => {
    if (isUnsteady(template)) return false;
    return [...freeVariables(template)].every((name) => {
      if (seen.has(name)) return true;
      seen.add(name);
      const variable = variables.get(name);
      return variable !== undefined && isKnown(variable.value, variables, seen);
    });
  });

/** A vault is not opened for a check: what is in it is judged by the module. */
const isUnsteady = (template: Template | Expression): boolean =>
  template instanceof Vaulted ||
  /\b(?:lookup|query|q|now)\s*\(|\|\s*(?:random|shuffle|password_hash)\b/.test(template.source);

/** The texts that a node is made of, through the variables in it. */
const leavesOf = (node: Node, variables: Variables, seen = new Set<string>()): readonly ScalarNode[] => {
  if (node.kind === "seq") return node.items.flatMap((item) => leavesOf(item, variables, seen));
  if (node.kind === "map") return node.entries.flatMap((entry) => leavesOf(entry.value, variables, seen));
  const inner = templatesIn(toValue(node)).flatMap((template) =>
    [...freeVariables(template)].flatMap((name) => {
      const next = variables.get(name)?.node;
      if (next === undefined || seen.has(name)) return [];
      seen.add(name);
      return leavesOf(next, variables, seen);
    }),
  );
  return [...inner, node];
};

const placeIn = (nodes: readonly ScalarNode[], text: string): Span | undefined => {
  const same = nodes.find((node) => String(node.value) === text);
  if (same !== undefined || text === "") return same?.span;
  for (const node of nodes) {
    const at = String(node.value).indexOf(text);
    if (at >= 0) return locateInScalar(node.span, String(node.value), at, at + text.length);
  }
  return undefined;
};
