import { Fault } from "../evaluate/fault.ts";
import { Callable, Float, isList, type Live, Namespace, Nothing, Tuple, Undefined } from "../evaluate/live.ts";
import { Omit } from "../omit.ts";
import { LazyMap, Template } from "../value.ts";
import { PythonDate, PythonDuration } from "./datetime.ts";
import { mapView } from "./map-view.ts";

/** A value as Python's `str()` writes it. @throws UndefinedFault */
export const text = (value: Live): string => {
  if (typeof value === "string") return value;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberText(value);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Nothing) return "";
  if (value instanceof Undefined) throw value.fault();
  if (value instanceof Omit) throw new Fault("omit cannot be part of a text");
  if (value instanceof Callable) throw new Fault(`'${value.name}' is a function: call it with brackets`);
  if (value instanceof Namespace) throw new Fault("a namespace cannot be part of a text: name an attribute of it");
  if (value instanceof PythonDate || value instanceof PythonDuration) return value.toString();
  return repr(value);
};

/** A value as Python's `repr()` writes it: how the items of a list are printed. @throws UndefinedFault */
export const repr = (value: Live): string => {
  if (typeof value === "string") return reprText(value);
  if (value instanceof Tuple) return `(${value.map(repr).join(", ")}${value.length === 1 ? "," : ""})`;
  if (isList(value)) return `[${value.map(repr).join(", ")}]`;
  const map = mapView(value);
  if (map !== undefined) return reprEntries(Object.entries(map));
  if (value instanceof Template || value instanceof LazyMap) {
    throw new Error("Internal error: a template was not rendered before it was printed");
  }
  if (value instanceof PythonDate || value instanceof PythonDuration) return value.repr();
  return text(value);
};

const reprEntries = (entries: readonly (readonly [string, Live])[]): string =>
  `{${entries.map(([key, value]) => `${reprText(key)}: ${repr(value)}`).join(", ")}}`;

const numberText = (value: number): string => (Number.isInteger(value) ? wholeText(value) : floatText(value));

/** JavaScript switches to an exponent at 1e21; Python's integers never do. */
const wholeText = (value: number): string => (Math.abs(value) < 1e21 ? String(value) : BigInt(value).toString());

/** A float as Python writes it: the shortest digits, an exponent below 1e-4 and from 1e16 on. */
export const floatText = (value: number): string => {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits = "", exponent = "0"] = value.toExponential().split("e");
    const sign = exponent.startsWith("-") ? "-" : "+";
    return `${digits}e${sign}${exponent.replace(/^[-+]/, "").padStart(2, "0")}`;
  }
  const shown = Object.is(value, -0) ? "-0" : String(value);
  return shown.includes(".") ? shown : `${shown}.0`;
};

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const reprText = (value: string): string => {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const body = value.replace(/[\\'"\p{C}\p{Z}]/gu, (character) => {
    if (character === quote) return `\\${character}`;
    if (character === "'" || character === '"' || character === " ") return character;
    return escapes[character] ?? hexEscape(character.codePointAt(0) ?? 0);
  });
  return quote + body + quote;
};

const hexEscape = (code: number): string => {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
};

/** The characters of a text as Python counts them: code points, not UTF-16 units. */
export const characters = (value: string): readonly string[] =>
  /[\uD800-\uDFFF]/.test(value) ? [...value] : value.split("");

/** The length of a text in characters. */
export const textLength = (value: string): number => (/[\uD800-\uDFFF]/.test(value) ? [...value].length : value.length);
