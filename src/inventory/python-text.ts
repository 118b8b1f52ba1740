import type { Plain } from "../vars/value.ts";

/** Data as Python's `json.dumps(indent=4, sort_keys=True, ensure_ascii=False)` writes it. */
export const pythonJson = (value: Plain, indent = ""): string => {
  if (typeof value === "number") return pythonNumber(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}    `;
  const items = isList(value)
    ? value.map((item) => pythonJson(item, inner))
    : sortedEntries(value).map(([key, item]) => `${JSON.stringify(key)}: ${pythonJson(item, inner)}`);
  const [open, close] = isList(value) ? "[]" : "{}";
  if (items.length === 0) return `${open}${close}`;
  return `${open}\n${items.map((item) => inner + item).join(",\n")}\n${indent}${close}`;
};

/** Data as Python's `str()` writes it: a text as it is, other data as in a Python program. */
export const pythonText = (value: Plain): string => (typeof value === "string" ? value : pythonRepr(value));

const pythonRepr = (value: Plain): string => {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return pythonNumber(value);
  if (typeof value === "string") return quoted(value);
  if (isList(value)) return `[${value.map((item) => pythonRepr(item)).join(", ")}]`;
  const entries = Object.entries(value).map(([key, item]) => `${quoted(key)}: ${pythonRepr(item)}`);
  return `{${entries.join(", ")}}`;
};

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value);

const pythonNumber = (value: number): string => {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Number.isInteger(value)) return BigInt(value).toString();
  // Python changes to an exponent below 0.0001, and writes it with two digits.
  const text = Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([-+])([0-9])$/, "e$10$2");
};

const quoted = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let result = quote;
  for (const char of text) result += char === quote || char === "\\" ? `\\${char}` : escapeUnprintable(char);
  return result + quote;
};

const escapeUnprintable = (char: string): string => {
  const short = { "\n": String.raw`\n`, "\r": String.raw`\r`, "\t": String.raw`\t` }[char];
  if (short !== undefined) return short;
  if (char === " " || !/[\p{C}\p{Z}]/u.test(char)) return char;
  const hex = (char.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
};

/** Python sorts texts by code point. */
export const sortedEntries = <T>(map: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(map).toSorted(([a], [b]) => compareCodePoints(a, b));

const compareCodePoints = (a: string, b: string): number => {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const difference = (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};
