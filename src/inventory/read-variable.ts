import { err, ok, type Result } from "../util/result.ts";
import type { Plain, PlainMap } from "../vars/value.ts";
import { pythonText } from "./python-text.ts";

/** A whole number, or undefined where none of the names is set. */
export const countOf = (vars: PlainMap, ...names: readonly string[]): Result<number, string> | undefined => {
  const value = lastOf(vars, ...names);
  if (value === undefined) return undefined;
  const number = typeof value === "string" && /^[0-9]+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 0
    ? ok(number)
    : err(`${names[0]} "${pythonText(value)}" is not a whole number`);
};

/** A boolean as Ansible's configuration reads it: `yes` of an INI file is a text, and means true. */
export const booleanOf = (vars: PlainMap, ...names: readonly string[]): Result<boolean | undefined, string> => {
  const value = lastOf(vars, ...names);
  if (value === undefined || typeof value === "boolean") return ok(value);
  const text = pythonText(value).toLowerCase();
  if (/^(?:yes|y|true|t|on|1)$/.test(text)) return ok(true);
  if (/^(?:no|n|false|f|off|0)$/.test(text)) return ok(false);
  return err(`${names[0]} "${pythonText(value)}" is neither true nor false`);
};

/** The text of the variable, where one of these names is set. */
export const textOf = (vars: PlainMap, ...names: readonly string[]): string | undefined => {
  const value = lastOf(vars, ...names);
  return value === undefined || typeof value === "object" ? undefined : String(value);
};

/** Of several names for one setting the last that is set wins, as in Ansible. */
export const lastOf = (vars: PlainMap, ...names: readonly string[]): Plain | undefined =>
  names
    .map((name) => (Object.hasOwn(vars, name) ? vars[name] : undefined))
    .findLast((value) => value !== undefined && value !== null && value !== "");
