import type { Evaluation } from "../evaluate/evaluation.ts";
import { Fault } from "../evaluate/fault.ts";
import { isList, type Live, numberOf, Tuple, typeName } from "../evaluate/live.ts";
import { formatNumber } from "./format-number.ts";
import { mapView } from "./map-view.ts";
import { characters, repr, text, textLength } from "./text.ts";

const percentDirective = /%(?:\(([^)]*)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?(.)?/gs;

/** Python's `format % arguments`. @throws Fault with Python's message */
export const formatPercent = (format: string, argument: Live): string => {
  const named = mapView(argument);
  const values: readonly Live[] = argument instanceof Tuple ? argument : [argument];
  let used = 0;
  const next = (): Live => {
    const value = values[used];
    used += 1;
    if (value === undefined) throw new Fault("not enough arguments for format string");
    return value;
  };
  let byName = false;
  const result = format.replace(
    percentDirective,
    (
      _,
      name: string | undefined,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      type = "",
    ) => {
      if (type === "%") return "%";
      if (type === "") throw new Fault("incomplete format");
      const columns = width === "*" ? wholeNumber(next()) : Number(width ?? 0);
      const digits = precision === "*" ? wholeNumber(next()) : precision === undefined ? undefined : Number(precision);
      if (name !== undefined) byName = true;
      const value = name === undefined ? next() : namedValue(named, name);
      return padPercent(percentText(value, String(type), flags, digits), columns, flags, String(type));
    },
  );
  if (!byName && used < values.length && named === undefined && !(argument instanceof Tuple && values.length === 0)) {
    throw new Fault("not all arguments converted during string formatting");
  }
  return result;
};

const namedValue = (named: { readonly [key: string]: Live } | undefined, name: string): Live => {
  if (named === undefined) throw new Fault("format requires a mapping");
  const value = Object.hasOwn(named, name) ? named[name] : undefined;
  if (value === undefined) throw new Fault(`the key '${name}' is missing`);
  return value;
};

const wholeNumber = (value: Live): number => {
  const number = numberOf(value);
  if (number === undefined) throw new Fault("* wants int");
  return number.n;
};

const percentText = (value: Live, type: string, flags: string, digits: number | undefined): string => {
  if (type === "s") return cut(text(value), digits);
  if (type === "r" || type === "a") return cut(repr(value), digits);
  if (type === "c") return typeof value === "string" ? value : String.fromCodePoint(wholeNumber(value));
  const number = numberOf(value);
  if (number === undefined || !"diouxXeEfFgG".includes(type)) {
    if (number === undefined && "diouxXeEfFgG".includes(type)) {
      throw new Fault(`%${type} format: a real number is required, not ${typeName(value)}`);
    }
    throw new Fault(`unsupported format character '${type}'`);
  }
  const sign = flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const kind = "diu".includes(type) ? "d" : type;
  const n = kind === "d" ? Math.trunc(number.n) : number.n;
  return formatNumber(n, { type: kind, precision: digits, sign, alternate: flags.includes("#") });
};

const cut = (value: string, digits: number | undefined): string =>
  digits === undefined ? value : characters(value).slice(0, digits).join("");

const padPercent = (value: string, columns: number, flags: string, type: string): string => {
  const missing = columns - textLength(value);
  if (missing <= 0) return value;
  if (columns > maxWidth) throw new Fault("the width of a format is too large");
  if (flags.includes("-")) return value + " ".repeat(missing);
  if (flags.includes("0") && !"src".includes(type)) {
    const sign = /^[-+ ]?(?:0[xo])?/.exec(value)?.[0] ?? "";
    return sign + "0".repeat(missing) + value.slice(sign.length);
  }
  return " ".repeat(missing) + value;
};

/** Python's `str.format`. @throws Fault with Python's message */
export const formatBraces = (
  format: string,
  positional: readonly Live[],
  named: ReadonlyMap<string, Live>,
  evaluation: Evaluation,
): string => {
  let automatic = 0;
  return format.replace(
    /\{\{|\}\}|\{([^{}:!]*)(?:!([rsa]))?(?::([^{}]*))?\}|[{}]/g,
    (whole, field, conversion, spec) => {
      if (whole === "{{") return "{";
      if (whole === "}}") return "}";
      if (field === undefined) throw new Fault(`Single '${String(whole)}' encountered in format string`);
      const [, head = "", path = ""] = /^([^.[]*)(.*)$/s.exec(String(field)) ?? [];
      const base = fieldValue(head === "" ? String(automatic++) : head, positional, named);
      const value = followPath(base, path, evaluation);
      const shown = conversion === undefined ? value : conversion === "s" ? text(value) : repr(value);
      return formatSpec(shown, String(spec ?? ""));
    },
  );
};

const fieldValue = (name: string, positional: readonly Live[], named: ReadonlyMap<string, Live>): Live => {
  const value = /^\d+$/.test(name) ? positional[Number(name)] : named.get(name);
  if (value !== undefined) return value;
  throw new Fault(/^\d+$/.test(name) ? `Replacement index ${name} out of range` : `the name '${name}' is missing`);
};

const followPath = (base: Live, path: string, evaluation: Evaluation): Live => {
  let value = base;
  for (const [, member, index] of path.matchAll(/\.([^.[]+)|\[([^\]]*)\]/g)) {
    if (member !== undefined) value = evaluation.engine.member(value, member, evaluation);
    else value = evaluation.engine.item(value, /^\d+$/.test(index ?? "") ? Number(index) : (index ?? ""), evaluation);
  }
  return value;
};

const specPattern = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su;

/** Python's format specification (`>10`, `.2f`, `05d`, `,`). @throws Fault */
export const formatSpec = (value: Live, spec: string): string => {
  if (spec === "") return text(value);
  const match = specPattern.exec(spec);
  if (match === null) throw new Fault(`Invalid format specifier '${spec}'`);
  const [, fill, align, sign = "", hash, zero, width, group, precision, type] = match;
  const number = numberOf(value);
  const numeric = number !== undefined && type !== "s" && typeof value !== "boolean";
  if (!numeric && type !== undefined && type !== "s") {
    throw new Fault(`Unknown format code '${type}' for object of type '${typeName(value)}'`);
  }
  if (isList(value)) throw new Fault(`unsupported format string passed to ${typeName(value)}.__format__`);
  const digits = precision === undefined ? undefined : Number(precision);
  const kind = type ?? (number?.float === true ? (digits === undefined ? "r" : "g") : "d");
  const body = numeric
    ? formatNumber(number.n, {
        type: kind,
        precision: digits,
        sign: sign === "-" ? "" : sign,
        alternate: hash !== undefined,
        group,
      })
    : cut(text(value), digits);
  return alignText(
    body,
    Number(width ?? 0),
    fill ?? (zero === undefined ? " " : "0"),
    align ?? defaultAlign(numeric, zero),
  );
};

const defaultAlign = (numeric: boolean, zero: string | undefined): string => {
  if (!numeric) return "<";
  return zero === undefined ? ">" : "=";
};

/** A width that no text needs, and that memory may not have. */
export const maxWidth = 10_000_000;

const alignText = (value: string, width: number, fill: string, align: string): string => {
  if (width > maxWidth) throw new Fault("the width of a format is too large");
  const missing = width - textLength(value);
  if (missing <= 0) return value;
  if (align === "<") return value + fill.repeat(missing);
  if (align === ">") return fill.repeat(missing) + value;
  if (align === "^") return fill.repeat(Math.floor(missing / 2)) + value + fill.repeat(Math.ceil(missing / 2));
  const sign = /^[-+ ]/.exec(value)?.[0] ?? "";
  return sign + fill.repeat(missing) + value.slice(sign.length);
};
