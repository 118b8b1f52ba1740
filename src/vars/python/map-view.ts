import { isMap, LazyEntries, type Live, type LiveMap, mapOf } from "../evaluate/live.ts";

/** A mapping with all its entries in hand; undefined when the value is no mapping. */
export const mapView = (value: Live): LiveMap | undefined => {
  if (value instanceof LazyEntries) return mapOf([...value.keys()].map((key) => [key, value.get(key) ?? null]));
  return isMap(value) ? value : undefined;
};
