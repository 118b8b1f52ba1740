import { equal, order } from "../python/compare.ts";
import { text } from "../python/text.ts";
import { Fault } from "../evaluate/fault.ts";
import { arithmetic } from "../evaluate/arithmetic.ts";
import type { Filter } from "../evaluate/evaluation.ts";
import { Float, isList, type Live, liveNumber, numberOf, typeName, Undefined } from "../evaluate/live.ts";
import { attributeOf, sortKey } from "./attribute.ts";
import { filter, type FilterTable } from "./filter.ts";
import { randomBelow } from "./lists.ts";

/** The number in a text as Python's `int(text, base)` reads it, or undefined. */
export const parseInteger = (value: string, base: number): number | undefined => {
  const body = value.trim().replaceAll(/(?<=[\da-z])_(?=[\da-z])/gi, "");
  const match = /^([-+]?)(?:0([xob]))?([\da-z]+)$/i.exec(body);
  if (match === null) return undefined;
  const [, sign = "", prefix, digits = ""] = match;
  const prefixBase = prefix === undefined ? undefined : { x: 16, o: 8, b: 2 }[prefix.toLowerCase()];
  const whole = prefixBase === undefined || prefixBase === base || base === 0 ? digits : `0${prefix ?? ""}${digits}`;
  const radix = base === 0 ? (prefixBase ?? 10) : base;
  const allowed = "0123456789abcdefghijklmnopqrstuvwxyz".slice(0, radix);
  if (![...whole.toLowerCase()].every((digit) => allowed.includes(digit))) return undefined;
  const number = Number.parseInt(whole, radix);
  return sign === "-" ? -number : number;
};

/** The number in a text as Python's `float(text)` reads it, or undefined. */
export const parseFloatText = (value: string): number | undefined => {
  const body = value
    .trim()
    .toLowerCase()
    .replaceAll(/(?<=\d)_(?=\d)/g, "");
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(body)) return Number(body);
  if (/^[-+]?inf(?:inity)?$/.test(body)) return body.startsWith("-") ? -Infinity : Infinity;
  return /^[-+]?nan$/.test(body) ? Number.NaN : undefined;
};

const toInteger = (value: Live, base: number): number | undefined => {
  const number = numberOf(value);
  if (number !== undefined) return Number.isFinite(number.n) ? Math.trunc(number.n) : undefined;
  if (typeof value !== "string") return undefined;
  const exact = parseInteger(value, base);
  if (exact !== undefined) return exact;
  const float = parseFloatText(value);
  return float === undefined || !Number.isFinite(float) ? undefined : Math.trunc(float);
};

const real = (value: Live, what: string): { readonly n: number; readonly float: boolean } => {
  const number = numberOf(value);
  if (number === undefined) throw new Fault(`${what} expects a number, not ${typeName(value)}`);
  return number;
};

/** Python's `round()`: halves to the even neighbour. */
const roundHalfEven = (value: number, precision: number): number => {
  const scaled = value * 10 ** precision;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  if (Math.abs(rest - 0.5) < 1e-9 * Math.max(1, Math.abs(scaled))) {
    const exact = Number(value.toFixed(Math.max(0, Math.min(precision, 100))));
    return precision > 0 ? exact : (floor % 2 === 0 ? floor : floor + 1) / 10 ** precision;
  }
  return Math.round(scaled) / 10 ** precision;
};

const round = filter("precision method", (value, args) => {
  const { n, float } = real(value, "round");
  const precision = args.integer("precision", 0);
  const method = args.text("method", "common");
  const scale = 10 ** precision;
  if (method === "ceil") return liveNumber(Math.ceil(n * scale) / scale, true);
  if (method === "floor") return liveNumber(Math.floor(n * scale) / scale, true);
  if (method !== "common") throw new Fault("method must be common, ceil or floor");
  return liveNumber(roundHalfEven(n, precision), float);
});

/** A whole number below `limit`: by chance, or always the same for a seed. */
const pick = (limit: number, seed: Live | undefined): number => {
  if (limit <= 0) throw new Fault("random needs something to choose from");
  return randomBelow(seed)(limit);
};

const random = filter("start step seed", (value, args) => {
  const seed = args.get("seed");
  if ((isList(value) || typeof value === "string") && (args.get("start") ?? args.get("step") ?? null) !== null) {
    throw new Fault("random: start and step are for numbers only");
  }
  if (isList(value)) return value[pick(value.length, seed)] ?? null;
  if (typeof value === "string") return [...value][pick([...value].length, seed)] ?? "";
  const { n } = real(value, "random");
  const start = args.integer("start", 0);
  const step = args.integer("step", 1);
  return start + step * pick(Math.ceil((n - start) / step), seed);
});

const extreme = (direction: 1 | -1): Filter =>
  filter("case_sensitive attribute", (value, args, evaluation) => {
    const key = sortKey(args.get("attribute"), args.boolean("case_sensitive", false), evaluation);
    const items = evaluation.items(value);
    if (items.length === 0) return new Undefined("No aggregated item, sequence was empty.");
    return items.reduce((best, item) => (order(key(item), key(best)) * direction > 0 ? item : best));
  });

const units = "KMGTPEZY";

/** Filters about numbers. */
export const numberFilters: FilterTable = {
  int: filter("default base", (value, args) => toInteger(value, args.integer("base", 10)) ?? args.get("default") ?? 0),
  float: filter("default", (value, args) => {
    const number = typeof value === "string" ? parseFloatText(value) : numberOf(value)?.n;
    return number === undefined ? (args.get("default") ?? new Float(0)) : liveNumber(number, true);
  }),
  bool: filter("", (value) => {
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "string") return ["yes", "on", "1", "true"].includes(value.toLowerCase());
    return equal(value, 1);
  }),
  abs: filter("", (value) => {
    const { n, float } = real(value, "abs");
    return liveNumber(Math.abs(n), float);
  }),
  round,
  random,
  log: filter("base", (value, args) => {
    const { n } = real(value, "log");
    if (n <= 0) throw new Fault("log needs a number above 0");
    const base = args.get("base");
    if (base === undefined) return liveNumber(Math.log(n), true);
    const b = real(base, "log").n;
    return liveNumber(b === 10 ? Math.log10(n) : b === 2 ? Math.log2(n) : Math.log(n) / Math.log(b), true);
  }),
  pow: filter("x", (value, args) => liveNumber(real(value, "pow").n ** real(args.required("x"), "pow").n, true)),
  root: filter("base", (value, args) => {
    const base = args.get("base") === undefined ? 2 : real(args.required("base"), "root").n;
    const { n } = real(value, "root");
    if (n < 0 && base === 2) throw new Fault("root needs a number that is not negative");
    return liveNumber(base === 2 ? Math.sqrt(n) : n ** (1 / base), true);
  }),
  sum: filter("attribute start", (value, args, evaluation) => {
    const attribute = args.get("attribute");
    const items = evaluation.items(value);
    const start = args.get("start") ?? 0;
    const picked =
      attribute === undefined || attribute === null
        ? items
        : items.map((item) => attributeOf(item, attribute, evaluation));
    return picked.reduce<Live>((total, item) => arithmetic("+", total, item), start);
  }),
  human_readable: filter("isbits unit", (value, args) => {
    const { n } = real(value, "human_readable");
    const base = args.boolean("isbits", false) ? "bits" : "Bytes";
    const wanted = args.text("unit", "").toUpperCase();
    let power = 0;
    if (wanted === "") while (power < units.length && n >= 1024 ** (power + 1)) power += 1;
    else power = units.indexOf(wanted.charAt(0)) + 1;
    const letter = power === 0 ? "" : units.charAt(power - 1);
    const suffix = power === 0 ? base : `${letter}${base === "bits" ? "b" : "B"}`;
    return `${(n / 1024 ** power).toFixed(2)} ${suffix}`;
  }),
  human_to_bytes: filter("default_unit isbits", (value, args) => {
    const match = /^\s*([\d.]+)\s*([a-z]*)\s*$/i.exec(text(value));
    const number = match === null ? undefined : parseFloatText(match[1] ?? "");
    if (match === null || number === undefined) throw new Fault(`human_to_bytes() can't interpret "${text(value)}"`);
    const unit = (match[2] === "" ? args.text("default_unit", "B") : (match[2] ?? "")).toUpperCase();
    const power =
      unit === "B" || unit.startsWith("BYTE") || unit.startsWith("BIT") ? 0 : units.indexOf(unit.charAt(0)) + 1;
    if (power === 0 && !/^(?:B|BYTES?|BITS?)$/.test(unit)) throw new Fault(`human_to_bytes() does not know "${unit}"`);
    return roundHalfEven(number * 1024 ** power, 0);
  }),
  max: extreme(1),
  min: extreme(-1),
};
