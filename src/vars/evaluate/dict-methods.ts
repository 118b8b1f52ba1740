import { mapKey } from "../python/compare.ts";
import { mapView } from "../python/map-view.ts";
import { text } from "../python/text.ts";
import type { Arguments } from "./arguments.ts";
import type { Evaluation } from "./evaluation.ts";
import { Fault } from "./fault.ts";
import { LazyEntries, type Live, type LiveMap, mapOf, ownValue, Tuple } from "./live.ts";
import type { Method } from "./methods.ts";

type Mapping = LiveMap | LazyEntries;

const entries = (map: Mapping): readonly (readonly [string, Live])[] => Object.entries(mapView(map) ?? {});

/** A method that changes the mapping, which is the template's own: it gives None if it gives nothing. */
const changing = (
  parameters: readonly string[],
  change: (map: Record<string, Live>, args: Arguments, evaluation: Evaluation) => Live | void,
): Method<Mapping> => ({
  parameters,
  changes: true,
  run: (map, args, evaluation) => {
    // What is evaluated when it is asked for belongs to another host.
    if (map instanceof LazyEntries) throw new Fault("this mapping cannot be changed");
    return change(map as Record<string, Live>, args, evaluation) ?? null;
  },
});

/** Sets a key, `__proto__` among them. */
const put = (map: Record<string, Live>, key: string, value: Live): void => {
  Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
};

/** The entries of `update()`'s argument: a mapping, or pairs. */
const given = (value: Live, evaluation: Evaluation): readonly (readonly [string, Live])[] => {
  const map = mapView(value);
  if (map !== undefined) return Object.entries(map);
  return evaluation.items(value).map((item, index) => {
    const [key, entry, ...more] = evaluation.items(item);
    if (key !== undefined && entry !== undefined && more.length === 0) return [mapKey(key), entry];
    throw new Fault(`dictionary update sequence element #${index} is no pair of a key and a value`);
  });
};

/** The methods of a mapping. */
export const dictMethods: Readonly<Record<string, Method<Mapping>>> = {
  items: {
    parameters: [],
    run: (map, _args, evaluation) => entries(map).map(([key, value]) => Tuple.of2(key, evaluation.force(value, key))),
  },
  keys: {
    parameters: [],
    run: (map) => (map instanceof LazyEntries ? [...map.keys()] : Object.keys(map)),
  },
  values: {
    parameters: [],
    run: (map, _args, evaluation) => entries(map).map(([key, value]) => evaluation.force(value, key)),
  },
  get: {
    parameters: ["key", "default"],
    run: (map, args, evaluation) => {
      const key = mapKey(args.required("key"));
      const value = map instanceof LazyEntries ? map.get(key) : ownValue(map, key);
      return value === undefined ? (args.get("default") ?? null) : evaluation.force(value, key);
    },
  },
  copy: { parameters: [], run: (map) => mapOf(entries(map)) },
  update: changing(["*others", "**names"], (map, args, evaluation) => {
    if (args.rest.length > 1) throw new Fault(`update expected at most 1 argument, got ${args.rest.length}`);
    const added = args.rest.flatMap((other) => given(evaluation.settle(other), evaluation));
    for (const [key, value] of [...added, ...args.others]) put(map, key, evaluation.settle(value));
  }),
  setdefault: changing(["key", "default"], (map, args, evaluation) => {
    const key = mapKey(args.required("key"));
    const value = ownValue(map, key);
    if (value !== undefined) return evaluation.force(value, key);
    const set = evaluation.settle(args.get("default") ?? null);
    put(map, key, set);
    return set;
  }),
  pop: changing(["key", "default"], (map, args, evaluation) => {
    const key = mapKey(args.required("key"));
    const value = ownValue(map, key);
    const fallback = args.get("default");
    if (value === undefined && fallback === undefined) throw new Fault(`pop(): there is no key '${text(key)}'`);
    delete map[key];
    return value === undefined ? fallback : evaluation.force(value, key);
  }),
  popitem: changing([], (map, _args, evaluation) => {
    const last = Object.entries(map).at(-1);
    if (last === undefined) throw new Fault("popitem(): dictionary is empty");
    delete map[last[0]];
    return Tuple.of2(last[0], evaluation.force(last[1], last[0]));
  }),
  clear: changing([], (map) => {
    for (const key of Object.keys(map)) delete map[key];
  }),
};
