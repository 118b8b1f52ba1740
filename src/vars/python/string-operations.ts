import { Fault } from "../evaluate/fault.ts";
import { maxWidth } from "./format.ts";
import { characters, textLength } from "./text.ts";

/** Python's `strip`, `lstrip`, `rstrip`: blanks, or any of the characters given. */
export const strip = (value: string, sides: "both" | "left" | "right", chars?: string): string => {
  const drop = chars === undefined ? undefined : new Set(characters(chars));
  const units = characters(value);
  const dropped = (unit: string | undefined): boolean =>
    unit !== undefined && (drop === undefined ? unit.trim() === "" : drop.has(unit));
  let start = 0;
  let end = units.length;
  if (sides !== "right") while (start < end && dropped(units[start])) start += 1;
  if (sides !== "left") while (end > start && dropped(units[end - 1])) end -= 1;
  return units.slice(start, end).join("");
};

/** Python's `split` and `rsplit`; without a separator runs of blanks separate, and none are left at the ends. */
export const splitText = (value: string, separator: string | undefined, limit: number, fromRight = false): string[] => {
  if (separator === "") throw new Fault("empty separator");
  const parts = separator === undefined ? value.trim().split(/\s+/) : value.split(separator);
  if (separator === undefined && parts.length === 1 && parts[0] === "") return [];
  if (limit < 0 || parts.length <= limit + 1) return parts;
  if (separator === undefined) return splitBlanks(value, limit, fromRight);
  if (fromRight) {
    const keep = parts.length - limit;
    return [parts.slice(0, keep).join(separator), ...parts.slice(keep)];
  }
  return [...parts.slice(0, limit), parts.slice(limit).join(separator)];
};

/** The rest after `limit` splits keeps its inner blanks. */
const splitBlanks = (value: string, limit: number, fromRight: boolean): string[] => {
  const found: string[] = [];
  let rest = value.trim();
  while (found.length < limit) {
    const match = fromRight ? /\s+(\S+)$/.exec(rest) : /^(\S+)\s+/.exec(rest);
    if (match === null) break;
    found.push(match[1] ?? "");
    rest = fromRight ? rest.slice(0, match.index) : rest.slice(match[0].length);
  }
  return fromRight ? [rest, ...found.toReversed()] : [...found, rest];
};

/** The first character upper case, the rest lower case. */
export const capitalize = (value: string): string => {
  const [first = "", ...rest] = characters(value);
  return first.toUpperCase() + rest.join("").toLowerCase();
};

/** Python's `str.title()`: every run of letters begins upper case. */
export const titleCase = (value: string): string => value.replace(/\p{L}+/gu, (word) => capitalize(word));

/** Python's `ljust`, `rjust` and `center`; `side` is where the padding goes. */
export const pad = (value: string, width: number, fill: string, side: "left" | "right" | "both"): string => {
  if (textLength(fill) !== 1) throw new Fault("The fill character must be exactly one character long");
  const missing = width - textLength(value);
  if (missing <= 0) return value;
  if (width > maxWidth) throw new Fault("the width is too large");
  if (side === "left") return fill.repeat(missing) + value;
  if (side === "right") return value + fill.repeat(missing);
  // Python gives the odd character to the left when the width is odd.
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + value + fill.repeat(missing - left);
};
