import { equal, order } from "../python/compare.ts";
import { text } from "../python/text.ts";
import type { Arguments } from "./arguments.ts";
import type { Evaluation } from "./evaluation.ts";
import { Fault } from "./fault.ts";
import { integer, type Live } from "./live.ts";
import type { Method } from "./methods.ts";

type List = readonly Live[];

const position = (list: List, value: Live, evaluation: Evaluation): number =>
  evaluation.items(list).findIndex((item) => equal(item, value));

/** The methods of a list and a tuple that change nothing. */
export const tupleMethods: Readonly<Record<string, Method<List>>> = {
  index: {
    parameters: ["value", "start", "stop"],
    run: (list, args, evaluation) => {
      const value = args.required("value");
      const start = place(args.integer("start", 0), list.length);
      const part = list.slice(start, place(args.integer("stop", list.length), list.length));
      const index = position(part, value, evaluation);
      if (index === -1) throw new Fault(`${text(value)} is not in list`);
      return start + index;
    },
  },
  count: {
    parameters: ["value"],
    run: (list, args, evaluation) => {
      const value = args.required("value");
      return evaluation.items(list).filter((item) => equal(item, value)).length;
    },
  },
};

/** A place before an item, as Python counts: from the end where it is negative, and never beyond the ends. */
const place = (index: number, size: number): number => (index < 0 ? Math.max(index + size, 0) : Math.min(index, size));

/** A method that changes the list, which is the template's own: it gives None if it gives nothing. */
const changing = (
  parameters: readonly string[],
  change: (list: Live[], args: Arguments, evaluation: Evaluation) => Live | void,
): Method<List> => ({
  parameters,
  changes: true,
  run: (list, args, evaluation) => change(list as Live[], args, evaluation) ?? null,
});

/** The methods of a list. */
export const listMethods: Readonly<Record<string, Method<List>>> = {
  ...tupleMethods,
  copy: { parameters: [], run: (list) => [...list] },
  append: changing(["object"], (list, args, evaluation) => {
    list.push(evaluation.settle(args.required("object")));
  }),
  extend: changing(["iterable"], (list, args, evaluation) => {
    const items = evaluation.items(evaluation.settle(args.required("iterable")));
    // They may be the list's own, which grows.
    for (const item of items.slice()) list.push(item);
  }),
  insert: changing(["index", "object"], (list, args, evaluation) => {
    const index = place(integer(args.required("index"), "the index of insert()"), list.length);
    list.splice(index, 0, evaluation.settle(args.required("object")));
  }),
  pop: changing(["index"], (list, args, evaluation) => {
    const index = args.integer("index", -1);
    const from = index < 0 ? index + list.length : index;
    if (list.length === 0) throw new Fault("pop from empty list");
    if (from < 0 || from >= list.length) throw new Fault("pop index out of range");
    const [item = null] = list.splice(from, 1);
    return evaluation.force(item);
  }),
  remove: changing(["value"], (list, args, evaluation) => {
    const index = position(list, args.required("value"), evaluation);
    if (index === -1) throw new Fault("list.remove(x): x not in list");
    list.splice(index, 1);
  }),
  reverse: changing([], (list) => {
    list.reverse();
  }),
  sort: changing(["reverse"], (list, args, evaluation) => {
    const down = args.boolean("reverse", false);
    const items = [...evaluation.items(list)];
    items.sort((one, other) => (down ? order(other, one, "<") : order(one, other, "<")));
    for (const [index, item] of items.entries()) list[index] = item;
  }),
  clear: changing([], (list) => {
    list.length = 0;
  }),
};
