import { mapKey } from "../python/compare.ts";
import { mapView } from "../python/map-view.ts";
import { LazyEntries, type Live, type LiveMap, ownValue, Tuple } from "./live.ts";
import type { Method } from "./methods.ts";

type Mapping = LiveMap | LazyEntries;

const entries = (map: Mapping): readonly (readonly [string, Live])[] => Object.entries(mapView(map) ?? {});

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
};
