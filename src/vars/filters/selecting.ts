import type { Evaluation, Filter } from "../evaluate/evaluation.ts";
import type { Arguments } from "../evaluate/arguments.ts";
import { Fault } from "../evaluate/fault.ts";
import { type Live, truthy, Undefined } from "../evaluate/live.ts";
import { text } from "../python/text.ts";
import { attributeOf } from "./attribute.ts";
import { filter, type FilterTable } from "./filter.ts";

/** Jinja's filters of this kind take a null for nothing at all; what else is false is no list, and mostly a slip. */
const itemsOf = (value: Live, evaluation: Evaluation): readonly Live[] =>
  value === null ? [] : evaluation.items(value);

const map = filter("*arguments **names", (value, args, evaluation) => {
  const items = itemsOf(value, evaluation);
  const attribute = args.others.get("attribute");
  if (args.rest.length === 0 && attribute !== undefined) {
    const fallback = args.others.get("default");
    return items.map((item) => {
      const found = attributeOf(item, attribute, evaluation);
      return found instanceof Undefined && fallback !== undefined ? fallback : found;
    });
  }
  const [name, ...positional] = args.rest;
  if (typeof name !== "string") throw new Fault("map requires a filter argument");
  return items.map((item) => evaluation.callFilter(name, item, { positional, named: args.others }));
});

/** `select` and the like: keeps the items (or those whose attribute) that pass a test, or that do not. */
const selecting = (wanted: boolean, byAttribute: boolean): Filter =>
  filter("*arguments **names", (value, args, evaluation) => {
    const attribute = byAttribute ? args.rest[0] : undefined;
    if (byAttribute && attribute === undefined) throw new Fault("Missing parameter for attribute name");
    const rest = byAttribute ? args.rest.slice(1) : args.rest;
    const passes = testOf(rest, args, evaluation);
    return itemsOf(value, evaluation).filter((item) => {
      const subject = attribute === undefined ? item : attributeOf(item, attribute, evaluation);
      return passes(subject) === wanted;
    });
  });

const testOf = (given: readonly Live[], args: Arguments, evaluation: Evaluation): ((item: Live) => boolean) => {
  const [test, ...positional] = given;
  if (test === undefined) return truthy;
  const name = text(test);
  return (item) => evaluation.callTest(name, item, { positional, named: args.others });
};

/** Filters that apply filters and tests to the items of a list. */
export const selectingFilters: FilterTable = {
  map,
  select: selecting(true, false),
  reject: selecting(false, false),
  selectattr: selecting(true, true),
  rejectattr: selecting(false, true),
};
