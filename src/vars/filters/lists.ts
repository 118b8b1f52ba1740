import { randomInt } from "node:crypto";
import type { Evaluation, Filter } from "../evaluate/evaluation.ts";
import { Fault } from "../evaluate/fault.ts";
import { Group, integer, isList, type Live, numberOf, Tuple, typeName, Undefined } from "../evaluate/live.ts";
import { equal, order } from "../python/compare.ts";
import { mapView } from "../python/map-view.ts";
import { Members } from "../python/members.ts";
import { characters, text, textLength } from "../python/text.ts";
import { createPythonRandom } from "../python/random.ts";
import { attributeOf, sortKey } from "./attribute.ts";
import { filter, type FilterTable } from "./filter.ts";

const length = filter("", (value) => {
  if (typeof value === "string") return textLength(value);
  if (isList(value)) return value.length;
  const map = mapView(value);
  if (map === undefined) throw new Fault(`object of type '${typeName(value)}' has no len()`);
  return Object.keys(map).length;
});

/** The items without repetitions, the first of each kept. */
export const uniqueItems = (items: readonly Live[], key: (item: Live) => Live = (item) => item): Live[] => {
  const seen = new Members();
  return items.filter((item) => {
    const value = key(item);
    if (seen.has(value)) return false;
    seen.add(value);
    return true;
  });
};

/** For these two Ansible adds the lists up, which no text and no mapping can be. */
const addingFilter = (name: string, run: (a: readonly Live[], b: readonly Live[]) => readonly Live[]): Filter => {
  const { parameters, run: apply } = setFilter(run);
  return filter(parameters.join(" "), (value, args, evaluation) => {
    const wrong = [value, args.required("other")].find((each) => !isList(each));
    if (wrong !== undefined) throw new Fault(`the filter '${name}' needs lists, not ${typeName(wrong)}`);
    return apply(value, args, evaluation);
  });
};

const common = (items: readonly Live[], others: readonly Live[]): readonly Live[] => {
  const members = new Members(others);
  return items.filter((item) => members.has(item));
};

const without = (items: readonly Live[], others: readonly Live[]): readonly Live[] => {
  const members = new Members(others);
  return items.filter((item) => !members.has(item));
};

const setFilter = (run: (a: readonly Live[], b: readonly Live[]) => readonly Live[]): Filter =>
  filter("other", (value, args, evaluation) =>
    uniqueItems(run(evaluation.items(value), evaluation.items(args.required("other")))),
  );

/** More results than this are a slip of the pen. */
const maxResults = 1_000_000;

const flatten = (items: readonly Live[], levels: number, skipNulls: boolean): Live[] => {
  const flat = items.flatMap((item) => {
    if (skipNulls && (item === null || item === "None" || item === "null")) return [];
    return isList(item) && levels !== 0 ? flatten(item, levels - 1, skipNulls) : [item];
  });
  if (flat.length > maxResults) throw new Fault("flatten has too many results");
  return flat;
};

const sort = filter("reverse case_sensitive attribute", (value, args, evaluation) => {
  const key = sortKey(args.get("attribute"), args.boolean("case_sensitive", false), evaluation);
  const direction = args.boolean("reverse", false) ? -1 : 1;
  const keyed = evaluation.items(value).map((item) => ({ item, key: key(item) }));
  return keyed.toSorted((a, b) => direction * order(a.key, b.key)).map(({ item }) => item);
});

const groupby = filter("attribute default case_sensitive", (value, args, evaluation) => {
  const attribute = args.required("attribute");
  const fallback = args.get("default");
  const caseSensitive = args.boolean("case_sensitive", false);
  const keyed = evaluation.items(value).map((item) => {
    const found = attributeOf(item, attribute, evaluation);
    const key = found instanceof Undefined && fallback !== undefined ? fallback : found;
    return { item, key, folded: typeof key === "string" && !caseSensitive ? key.toLowerCase() : key };
  });
  const groups: { folded: Live; group: Tuple }[] = [];
  for (const { item, key, folded } of keyed.toSorted((a, b) => order(a.folded, b.folded))) {
    const last = groups.at(-1);
    const members = last?.group[1];
    if (last !== undefined && equal(last.folded, folded) && isList(members ?? null)) {
      last.group[1] = [...(members as readonly Live[]), item];
    } else groups.push({ folded, group: Group.of2(key, [item]) });
  }
  return groups.map(({ group }) => group);
});

const batch = filter("linecount fill_with", (value, args, evaluation) => {
  const size = args.integer("linecount", 1);
  if (size < 1) throw new Fault("batch needs a size of at least 1");
  if (size > maxResults) throw new Fault(`batch makes at most ${maxResults} of them`);
  const items = evaluation.items(value);
  const fill = args.get("fill_with");
  const rows: Live[][] = [];
  for (let start = 0; start < items.length; start += size) rows.push(items.slice(start, start + size));
  const last = rows.at(-1);
  if (fill !== undefined && fill !== null && last !== undefined) while (last.length < size) last.push(fill);
  return rows;
});

const slice = filter("slices fill_with", (value, args, evaluation) => {
  const count = args.integer("slices", 1);
  if (count < 1) throw new Fault("slice needs at least 1 column");
  if (count > maxResults) throw new Fault(`slice makes at most ${maxResults} columns`);
  const items = evaluation.items(value);
  const fill = args.get("fill_with");
  const size = Math.floor(items.length / count);
  const longer = items.length % count;
  let start = 0;
  return Array.from({ length: count }, (_, column) => {
    const end = start + size + (column < longer ? 1 : 0);
    const part = items.slice(start, end);
    start = end;
    if (fill !== undefined && fill !== null && column >= longer) part.push(fill);
    return part;
  });
});

const zipped = (lists: readonly (readonly Live[])[], size: number, fill: Live): Live[] =>
  Array.from({ length: size }, (_, index) =>
    Tuple.fromItems(lists.map((list) => (index < list.length ? (list[index] ?? null) : fill))),
  );

const allLists = (value: Live, rest: readonly Live[], evaluation: Evaluation): (readonly Live[])[] =>
  [value, ...rest].map((list) => evaluation.items(list));

const product = (lists: readonly (readonly Live[])[]): Live[][] => {
  if (lists.reduce((count, list) => count * list.length, 1) > maxResults)
    throw new Fault("product has too many results");
  return lists.reduce<Live[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);
};

/** How many ways there are to take so many of so many. */
const ways = (total: number, count: number, ordered: boolean): number => {
  let product = 1;
  const factors = ordered ? count : Math.min(count, total - count);
  for (let at = 0; at < factors && product <= maxResults; at++) product *= (total - at) / (ordered ? 1 : at + 1);
  return product;
};

const choose = (items: readonly Live[], count: number, ordered: boolean): Live[][] => {
  if (ways(items.length, count, ordered) > maxResults) throw new Fault("there are too many combinations");
  const results: Live[][] = [];
  const extend = (picked: readonly number[], from: number): void => {
    if (picked.length === count) {
      results.push(picked.map((index) => items[index] ?? null));
      return;
    }
    for (let index = ordered ? 0 : from; index < items.length; index += 1) {
      if (!picked.includes(index)) extend([...picked, index], index + 1);
    }
  };
  if (count <= items.length) extend([], 0);
  return results;
};

const shuffled = (items: readonly Live[], seed: Live | undefined): readonly Live[] => {
  const result = [...items];
  const below = randomBelow(seed);
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = below(index + 1);
    [result[index], result[other]] = [result[other] ?? null, result[index] ?? null];
  }
  return result;
};

/** Whole numbers below a limit: by chance, or for a seed those that Python would give. */
export const randomBelow = (seed: Live | undefined): ((limit: number) => number) => {
  if (seed === undefined || seed === null) return (limit) => randomInt(Math.min(limit, 2 ** 48 - 1));
  return createPythonRandom(numberOf(seed)?.n ?? text(seed));
};

/** Filters about lists. */
export const listFilters: FilterTable = {
  length,
  count: length,
  list: filter("", (value, _args, evaluation) => [...evaluation.items(value)]),
  join: filter("d attribute", (value, args, evaluation) => {
    const attribute = args.get("attribute");
    const items = evaluation.items(value);
    const picked =
      attribute === undefined || attribute === null
        ? items
        : items.map((item) => attributeOf(item, attribute, evaluation));
    return picked.map(text).join(args.text("d", ""));
  }),
  first: filter("", (value, _args, evaluation) => {
    const [item] = evaluation.items(value);
    return item === undefined ? new Undefined("No first item, sequence was empty.") : item;
  }),
  last: filter("", (value, _args, evaluation) => {
    const item = evaluation.items(value).at(-1);
    return item === undefined ? new Undefined("No last item, sequence was empty.") : item;
  }),
  sort,
  unique: filter("case_sensitive attribute", (value, args, evaluation) =>
    uniqueItems(
      evaluation.items(value),
      sortKey(args.get("attribute"), args.boolean("case_sensitive", false), evaluation),
    ),
  ),
  reverse: filter("", (value, _args, evaluation) =>
    typeof value === "string" ? characters(value).toReversed().join("") : evaluation.items(value).toReversed(),
  ),
  shuffle: filter("seed", (value, args, evaluation) =>
    // Ansible's hands back what has no items.
    typeof value === "string" || (typeof value === "object" && value !== null)
      ? shuffled(evaluation.items(value), args.get("seed"))
      : value,
  ),
  flatten: filter("levels skip_nulls", (value, args, evaluation) =>
    flatten(evaluation.items(value), args.integer("levels", -1), args.boolean("skip_nulls", true)),
  ),
  groupby,
  batch,
  slice,
  zip: filter("*others", (value, args, evaluation) => {
    const lists = allLists(value, args.rest, evaluation);
    return zipped(lists, Math.min(...lists.map((list) => list.length)), null);
  }),
  zip_longest: filter("*others **options", (value, args, evaluation) => {
    const lists = allLists(value, args.rest, evaluation);
    return zipped(lists, Math.max(...lists.map((list) => list.length)), args.others.get("fillvalue") ?? null);
  }),
  product: filter("*others **options", (value, args, evaluation) => {
    const lists = allLists(value, args.rest, evaluation);
    const repeat = integer(args.others.get("repeat") ?? 1, "the argument 'repeat' of product");
    const repeated = Array.from({ length: Math.min(Math.max(repeat, 0), 20) }, () => lists).flat();
    return product(repeated).map((row) => Tuple.fromItems(row));
  }),
  combinations: filter("set_size", (value, args, evaluation) =>
    choose(evaluation.items(value), args.integer("set_size", 2), false).map((row) => Tuple.fromItems(row)),
  ),
  permutations: filter("size", (value, args, evaluation) => {
    const items = evaluation.items(value);
    return choose(items, args.integer("size", items.length), true).map((row) => Tuple.fromItems(row));
  }),
  union: addingFilter("union", (a, b) => [...a, ...b]),
  intersect: setFilter((a, b) => common(a, b)),
  difference: setFilter((a, b) => without(a, b)),
  symmetric_difference: addingFilter("symmetric_difference", (a, b) => [...without(a, b), ...without(b, a)]),
};
