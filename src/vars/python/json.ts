import { Fault } from "../evaluate/fault.ts";
import { Float, isList, type Live, typeName, Undefined } from "../evaluate/live.ts";
import { PythonDate } from "./datetime.ts";
import { mapView } from "./map-view.ts";
import { floatText, text } from "./text.ts";

/** The options of Python's `json.dumps` that matter. `indent` is absent for one line. */
export interface JsonFormat {
  readonly indent?: number | undefined;
  readonly sortKeys?: boolean;
  readonly ensureAscii?: boolean;
  readonly separators?: readonly [string, string] | undefined;
}

/** A value as Python's `json.dumps` writes it. @throws Fault for what JSON cannot hold */
export const toJson = (value: Live, format: JsonFormat = {}): string => {
  const { indent, sortKeys = false, ensureAscii = true } = format;
  const [comma, colon] = format.separators ?? [indent === undefined ? ", " : ",", ": "];
  const write = (item: Live, depth: number): string => {
    if (item === null) return "null";
    if (typeof item === "boolean") return item ? "true" : "false";
    if (typeof item === "string") return jsonText(item, ensureAscii);
    if (typeof item === "number") return Number.isFinite(item) ? text(item) : nonFinite(item);
    if (item instanceof Float) return floatText(item.value);
    if (item instanceof Undefined) throw item.fault();
    if (item instanceof PythonDate) return jsonText(item.isoformat(), ensureAscii);
    if (isList(item))
      return wrap(
        "[",
        item.map((inner) => write(inner, depth + 1)),
        "]",
        depth,
      );
    const map = mapView(item);
    if (map === undefined) throw new Fault(`Object of type ${typeName(item)} is not JSON serializable`);
    const keys = Object.keys(map);
    const entries = (sortKeys ? keys.toSorted() : keys).map(
      (key) => `${jsonText(key, ensureAscii)}${colon}${write(map[key] ?? null, depth + 1)}`,
    );
    return wrap("{", entries, "}", depth);
  };
  const wrap = (open: string, parts: readonly string[], close: string, depth: number): string => {
    if (parts.length === 0) return open + close;
    if (indent === undefined) return open + parts.join(comma) + close;
    const pad = " ".repeat(indent * (depth + 1));
    return `${open}\n${pad}${parts.join(`${comma.trimEnd()}\n${pad}`)}\n${" ".repeat(indent * depth)}${close}`;
  };
  return write(value, 0);
};

const nonFinite = (value: number): string => (Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");

const jsonText = (value: string, ensureAscii: boolean): string => {
  const quoted = JSON.stringify(value);
  if (!ensureAscii) return quoted;
  return quoted.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
};
