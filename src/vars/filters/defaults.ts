import { Fault } from "../evaluate/fault.ts";
import { truthy, typeName, Undefined } from "../evaluate/live.ts";
import { text } from "../python/text.ts";
import { type FilterTable, tolerant } from "./filter.ts";

const fallback = tolerant("default_value boolean", (value, args) => {
  const missing = value instanceof Undefined || (args.boolean("boolean", false) && !truthy(value));
  return missing ? (args.get("default_value") ?? fallbackText(args.get("default_value"))) : value;
});

/** `default()` without an argument is the empty text; `default(none)` is null. */
const fallbackText = (given: unknown): string | null => (given === null ? null : "");

/** Filters about a value being there. */
export const defaultFilters: FilterTable = {
  default: fallback,
  d: fallback,
  mandatory: tolerant("msg", (value, args) => {
    if (!(value instanceof Undefined)) return value;
    const message = args.get("msg");
    if (message !== undefined && message !== null) throw new Fault(text(message));
    throw new Fault(`Mandatory variable ${value.variable === undefined ? "" : `'${value.variable}' `}not defined.`);
  }),
  ternary: tolerant("true_val false_val none_val", (value, args) => {
    const whenNone = args.get("none_val");
    const name =
      value === null && whenNone !== undefined && whenNone !== null
        ? "none_val"
        : truthy(value)
          ? "true_val"
          : "false_val";
    const chosen = args.get(name);
    if (chosen === undefined) throw new Fault(`the filter 'ternary' needs the argument '${name}'`);
    return chosen;
  }),
  type_debug: tolerant("", (value) => typeName(value)),
};
