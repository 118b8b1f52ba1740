import type { Task } from "../playbook/playbook.ts";
import { freeVariables } from "../vars/check-template.ts";
import type { TemplateContext } from "../vars/template.ts";
import { type Expression, LazyMap, Template, type Value } from "../vars/value.ts";

/** Names that stand for any variable: what is read through them cannot be told from the text. */
const anyVariable = ["hostvars", "vars"];

/**
 * The variables that a task's call depends on, followed through the variables that are templates themselves; undefined
 * where that cannot be told.
 */
export const namesUsedBy = (task: Task, context: TemplateContext): ReadonlySet<string> | undefined => {
  const names = new Set<string>();
  const own = ownNames(task);
  if (own === undefined) return undefined;
  const open = [...own];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    const inside = namesIn(context.variable(name));
    if (inside === undefined) return undefined;
    open.push(...inside);
  }
  return names;
};

const known = new WeakMap<Task, readonly string[] | "any">();

const ownNames = (task: Task): readonly string[] | undefined => {
  let names = known.get(task);
  if (names === undefined) {
    const { args, when, environment, inherited, moduleDefaults } = task;
    names = namesIn([args, ...environment, ...moduleDefaults, ...Object.values(inherited)], when) ?? "any";
    known.set(task, names);
  }
  return names === "any" ? undefined : names;
};

const namesIn = (value: Value | undefined, expressions: readonly Expression[] = []): readonly string[] | undefined => {
  const names: string[] = [];
  const add = (template: Template | Expression): boolean => {
    if (/\b(?:lookup|query|q)\s*\(/.test(template.source)) return false;
    const free = [...freeVariables(template)];
    names.push(...free);
    return !free.some((name) => anyVariable.includes(name));
  };
  const visit = (part: Value | undefined): boolean => {
    if (part instanceof Template) return add(part);
    if (part instanceof LazyMap || typeof part !== "object" || part === null) return true;
    return (Array.isArray(part) ? part : Object.values(part)).every(visit);
  };
  return visit(value) && expressions.every(add) ? names : undefined;
};
