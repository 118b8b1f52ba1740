import { err, ok, type Result } from "../util/result.ts";
import type { Plain } from "../vars/value.ts";
import { parseKeyValueText } from "./key-value-text.ts";
import { type OptionSchema, type OptionType, typesOf } from "./option-schema.ts";
import { text as pythonText } from "../vars/python/text.ts";
import { pythonType } from "./python-type.ts";

/** Stands for a value that is known only after rendering: it passes every check. */
export const unknownYet = Symbol("a value that is known only after rendering");

/** A value in which parts may not be known yet. */
export type Given = Plain | typeof unknownYet | readonly Given[] | { readonly [key: string]: Given };

/** Why a value does not fit: the type that was wanted (in Ansible's name for it), and the value that was not it. */
export interface Misfit {
  readonly wanted: string;
  readonly value: Plain;
  readonly reason: string;
  /** Set where the misfit is an element of the list, not the list. */
  readonly element?: boolean;
}

/**
 * Makes of a value what the option wants, by Ansible's rules: `yes` for a boolean, `"22"` for an integer, `a,b` for a
 * list, a number for a text. A value that already has one of the types stays as it is.
 */
export const coerce = (schema: OptionSchema, value: Given): Result<Given, Misfit> => {
  if (value === unknownYet) return ok(value);
  const types = typesOf(schema);
  if (types.length === 0) return ok(value);
  const own = types.find((type) => hasType(type, value));
  if (own === "string") return ok(choiceFor(schema, value as string));
  if (own !== undefined) return own === "array" ? coerceElements(schema, asList(value)) : ok(value);
  let misfit: Misfit | undefined;
  for (const type of types) {
    const made = coercions[type](value as Plain);
    if (made.ok && type === "string") return ok(choiceFor(schema, made.value as string));
    if (made.ok) return type === "array" ? coerceElements(schema, asList(made.value)) : made;
    misfit ??= { wanted: ansibleTypes[type], value: value as Plain, reason: made.error };
  }
  return misfit === undefined ? ok(value) : err(misfit);
};

/** The names of the types in Ansible's messages and documentation. */
const ansibleTypes: Readonly<Record<OptionType, string>> = {
  string: "str",
  boolean: "bool",
  integer: "int",
  number: "float",
  array: "list",
  object: "dict",
  null: "none",
};

const asList = (value: Given): readonly Given[] => (Array.isArray(value) ? value : []);

const hasType = (type: OptionType, value: Given): boolean => {
  switch (type) {
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "null":
      return value === null;
    case "string":
    case "boolean":
    case "number":
      return typeof value === type;
  }
};

const coerceElements = (schema: OptionSchema, items: readonly Given[]): Result<Given, Misfit> => {
  if (schema.items === undefined) return ok(items);
  const made: Given[] = [];
  for (const item of items) {
    const element = coerce(schema.items, item);
    if (!element.ok) return err({ ...element.error, element: true });
    made.push(element.value);
  }
  return ok(made);
};

const cannot = (value: Plain, type: string): { readonly ok: false; readonly error: string } =>
  err(`${pythonType(value)} cannot be converted to ${type}`);

/** Ansible writes a list into a text as Python would, and warns; nobody means that, so it is refused here. */
const toText = (value: Plain): Result<Plain, string> =>
  typeof value === "object" && value !== null ? cannot(value, "a str") : ok(pythonText(value));

const wordsForTrue: readonly Plain[] = ["y", "yes", "on", "1", "true", "t", 1];
const wordsForFalse: readonly Plain[] = ["n", "no", "off", "0", "false", "f", 0];

/** YAML makes a boolean of `no` without quotes: it stands for the choice that was written, where only one can have been. */
const choiceFor = ({ enum: choices = [] }: OptionSchema, text: string): string => {
  if (choices.includes(text)) return text;
  const choice = text === "True" ? choiceOf(choices, true) : text === "False" ? choiceOf(choices, false) : undefined;
  return choice ?? text;
};

/** The only choice that is a word for true, or for false. */
export const choiceOf = (choices: readonly Plain[], isTrue: boolean): string | undefined => {
  const words = isTrue ? wordsForTrue : wordsForFalse;
  const [choice, ...others] = choices.filter((one) => words.includes(one));
  return typeof choice === "string" && others.length === 0 ? choice : undefined;
};

const toBoolean = (value: Plain): Result<Plain, string> => {
  if (typeof value === "object") return cannot(value, "a bool");
  const text = typeof value === "string" ? value.trim().toLowerCase() : value;
  if (wordsForTrue.includes(text)) return ok(true);
  if (wordsForFalse.includes(text)) return ok(false);
  const words = "0, 1, '0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'";
  return err(`The value '${pythonText(value)}' is not a valid boolean.  Valid booleans include: ${words}`);
};

const toInteger = (value: Plain): Result<Plain, string> => {
  if (typeof value === "boolean") return ok(value ? 1 : 0);
  if (typeof value === "string" && /^\s*[-+]?\d+(?:_\d+)*\s*$/.test(value))
    return ok(Number(value.replaceAll("_", "")));
  return cannot(value, "an int");
};

const toNumber = (value: Plain): Result<Plain, string> => {
  if (typeof value === "boolean") return ok(value ? 1 : 0);
  const decimal = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;
  if (typeof value === "string" && decimal.test(value)) return ok(Number(value));
  return cannot(value, "a float");
};

const toList = (value: Plain): Result<Plain, string> => {
  if (typeof value === "string") return ok(value.split(","));
  if (typeof value === "number" || typeof value === "boolean") return ok([pythonText(value)]);
  return cannot(value, "a list");
};

const toObject = (value: Plain): Result<Plain, string> => {
  if (typeof value !== "string") return cannot(value, "a dict");
  if (value.trimStart().startsWith("{")) {
    try {
      const parsed: unknown = JSON.parse(value);
      if (typeof parsed === "object" && parsed !== null) return ok(parsed as Plain);
    } catch {
      return err("unable to evaluate string as dictionary");
    }
  }
  return value.includes("=")
    ? ok(parseKeyValueText(value))
    : err("dictionary requested, could not parse JSON or key=value");
};

const coercions: Readonly<Record<OptionType, (value: Plain) => Result<Plain, string>>> = {
  string: toText,
  boolean: toBoolean,
  integer: toInteger,
  number: toNumber,
  array: toList,
  object: toObject,
  null: (value) => cannot(value, "none"),
};
