import type { Evaluation } from "../evaluate/evaluation.ts";
import { Fault } from "../evaluate/fault.ts";
import { defined, isList, type Live, type LiveMap, mapOf, ownValue, Tuple, typeName } from "../evaluate/live.ts";
import { contains, mapKey, order } from "../python/compare.ts";
import { mapView } from "../python/map-view.ts";
import { text } from "../python/text.ts";
import { filter, type FilterTable } from "./filter.ts";

const mapping = (value: Live, what: string): LiveMap => {
  const map = mapView(defined(value));
  if (map === undefined) throw new Fault(`${what} requires a dictionary, got ${typeName(value)} instead`);
  return map;
};

const mergeLists = (left: readonly Live[], right: readonly Live[], how: string): readonly Live[] => {
  const missing = (): Live[] => left.filter((item) => !contains(right, item));
  switch (how) {
    case "keep":
      return left;
    case "append":
      return [...left, ...right];
    case "prepend":
      return [...right, ...left];
    case "append_rp":
      return [...missing(), ...right];
    case "prepend_rp":
      return [...right, ...missing()];
    default:
      return right;
  }
};

const listMerges = ["replace", "keep", "append", "prepend", "append_rp", "prepend_rp"];

const merge = (left: LiveMap, right: LiveMap, recursive: boolean, how: string): LiveMap => {
  const merged = new Map(Object.entries(left));
  for (const [key, value] of Object.entries(right)) {
    const before = merged.get(key);
    const inner = recursive && before !== undefined ? [mapView(before), mapView(value)] : [];
    if (inner[0] !== undefined && inner[1] !== undefined) merged.set(key, merge(inner[0], inner[1], recursive, how));
    else if (before !== undefined && isList(before) && isList(value)) merged.set(key, mergeLists(before, value, how));
    else merged.set(key, value);
  }
  return mapOf(merged);
};

const combine = filter("*dicts **options", (value, args) => {
  const how = text(args.others.get("list_merge") ?? "replace");
  const recursive = args.others.get("recursive") ?? false;
  for (const name of args.others.keys()) {
    if (name !== "list_merge" && name !== "recursive") {
      throw new Fault("'recursive' and 'list_merge' are the only valid keyword arguments of combine");
    }
  }
  if (!listMerges.includes(how)) throw new Fault(`combine: list_merge must be one of ${listMerges.join(", ")}`);
  if (typeof recursive !== "boolean") throw new Fault("combine: recursive must be true or false");
  // Ansible flattens its arguments, and with that leaves out what is null.
  const all = [value, ...args.rest]
    .flatMap((item) => (isList(item) ? [...item] : [item]))
    .filter((item) => item !== null);
  return all.map((item) => mapping(item, "combine")).reduce((merged, item) => merge(merged, item, recursive, how), {});
});

const dictsort = filter("case_sensitive by reverse", (value, args) => {
  const by = args.text("by", "key");
  if (by !== "key" && by !== "value") throw new Fault('You can only sort by either "key" or "value"');
  const caseSensitive = args.boolean("case_sensitive", false);
  const direction = args.boolean("reverse", false) ? -1 : 1;
  const fold = (item: Live): Live => (typeof item === "string" && !caseSensitive ? item.toLowerCase() : item);
  const key = ([name, item]: readonly [string, Live]): Live => fold(by === "key" ? name : item);
  return Object.entries(mapping(value, "dictsort"))
    .toSorted((a, b) => direction * order(key(a), key(b)))
    .map(([name, item]) => Tuple.of2(name, item));
});

const extract = filter("container morekeys", (value, args, evaluation) => {
  const container = args.required("container");
  const more = args.get("morekeys") ?? null;
  const keys = more === null ? [value] : [value, ...(isList(more) ? more : [more])];
  return keys.reduce((found, key) => evaluation.engine.item(found, key, evaluation), container);
});

const subelements = filter("subelements skip_missing", (value, args) => {
  const path = args.required("subelements");
  const skip = args.boolean("skip_missing", false);
  const keys = isList(path) ? path.map(text) : text(path).split(".");
  const map = mapView(value);
  const elements = map === undefined ? (isList(value) ? value : undefined) : Object.values(map);
  if (elements === undefined) throw new Fault(`obj must be a list of dicts or a nested dict, not ${typeName(value)}`);
  return elements.flatMap((element) => {
    let found: Live | undefined = element;
    for (const key of keys) found = found === undefined ? undefined : ownValue(mapping(found, "subelements"), key);
    if (found === undefined && skip) return [];
    if (found === undefined) throw new Fault(`could not find '${keys.join(".")}' key in iterated item`);
    if (!isList(found)) throw new Fault(`the key ${keys.join(".")} should point to a list, got ${typeName(found)}`);
    return found.map((item) => Tuple.of2(element, item));
  });
});

const pairOf = (item: Live, keyName: string, valueName: string): readonly [string, Live] => {
  const map = mapping(item, "items2dict requires a list of dictionaries; an item");
  const key = ownValue(map, keyName);
  const value = ownValue(map, valueName);
  if (key === undefined || value === undefined) {
    throw new Fault(
      `items2dict requires each dictionary in the list to contain the keys '${keyName}' and '${valueName}'`,
    );
  }
  return [mapKey(key), value];
};

const items2dict = filter("key_name value_name", (value, args, evaluation: Evaluation) => {
  if (!isList(value)) throw new Fault(`items2dict requires a list, got ${typeName(value)} instead.`);
  const keyName = args.text("key_name", "key");
  const valueName = args.text("value_name", "value");
  return mapOf(evaluation.items(value).map((item) => pairOf(item, keyName, valueName)));
});

/** Filters about mappings. */
export const mapFilters: FilterTable = {
  combine,
  dict2items: filter("key_name value_name", (value, args) => {
    const keyName = args.text("key_name", "key");
    const valueName = args.text("value_name", "value");
    return Object.entries(mapping(value, "dict2items")).map(([key, item]) =>
      mapOf([
        [keyName, key],
        [valueName, item],
      ]),
    );
  }),
  items2dict,
  items: filter("", (value) => Object.entries(mapping(value, "items")).map(([key, item]) => Tuple.of2(key, item))),
  dictsort,
  extract,
  subelements,
};
