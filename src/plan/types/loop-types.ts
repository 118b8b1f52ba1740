import type { Task } from "../../playbook/playbook.ts";
import { alternatives, any, bool, int, itemOfIterable, mapWith, type Type, union } from "../../vars/types/type.ts";
import type { Value, ValueMap } from "../../vars/value.ts";

/** What `loop_control` says of the names of a loop's variables. */
export interface LoopNames {
  readonly item: string;
  readonly index: string | undefined;
}

/** The names of the variables of a task's loop; undefined where it has none. */
export const loopNames = (task: Task): LoopNames | undefined => {
  if (task.loop === undefined) return undefined;
  const item = controlOf(task, "loop_var");
  const index = controlOf(task, "index_var");
  return {
    item: typeof item === "string" ? item : "item",
    index: typeof index === "string" ? index : undefined,
  };
};

const controlOf = (task: Task, name: string): Value | undefined => {
  const { loop_control: control } = task.own;
  return typeof control === "object" && control !== null ? (control as ValueMap)[name] : undefined;
};

/** The types of the variables of a task's loop, whose terms have this type. */
export const loopVariables = (task: Task, terms: Type): ReadonlyMap<string, Type> => {
  const names = loopNames(task);
  if (names === undefined) return new Map();
  const item = itemType(task, terms);
  const place = { index: int, index0: int, revindex: int, revindex0: int, first: bool, last: bool, length: int };
  return new Map<string, Type>([
    [names.item, item],
    ...(names.index === undefined ? [] : [[names.index, int] as const]),
    ["ansible_loop_var", any],
    ["ansible_index_var", any],
    ["ansible_loop", mapWith({ ...place, allitems: any, previtem: item, nextitem: item })],
  ]);
};

const itemType = (task: Task, terms: Type): Type => {
  const found = alternatives(terms);
  if (found === undefined || !found.every(({ kind }) => kind === "list")) return any;
  const item = itemOfIterable(terms);
  if (task.loop?.lookup === undefined) return item;
  if (task.loop.lookup !== "items") return any;
  // One level of lists is gone through as well.
  const items = alternatives(item);
  return items === undefined ? any : union(items.map((one) => (one.kind === "list" ? one.item : one)));
};
