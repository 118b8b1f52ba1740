import type { Module } from "../../modules/module.ts";
import { canonicalName, optionsSchema } from "../../schema/examine.ts";
import { type OptionSchema, type OptionType, typesOf } from "../../schema/option-schema.ts";
import { alternatives, type Concrete, type Type } from "../../vars/types/type.ts";

/** The schema of an option, whichever of its names was written; undefined where the module has none. */
export const optionOf = (module: Module, name: string): OptionSchema | undefined => {
  const { properties } = optionsSchema(module);
  const canonical = canonicalName(module, name);
  return Object.hasOwn(properties, canonical) ? properties[canonical] : undefined;
};

/** What each kind of value can be made into, as `coerce` does it. Of a text nobody knows what stands in it. */
const coercible: Readonly<Record<Concrete["kind"], readonly OptionType[]>> = {
  null: ["string", "boolean", "integer", "number", "array", "object", "null"],
  bool: ["string", "boolean", "integer", "number", "array"],
  int: ["string", "boolean", "integer", "number", "array"],
  float: ["string", "boolean", "integer", "number", "array"],
  str: ["string", "boolean", "integer", "number", "array", "object"],
  list: ["array"],
  map: ["object"],
};

/** Whether a value of the type may become what the option takes. */
export const mayBecome = (type: Type, schema: OptionSchema): boolean => {
  const wanted = typesOf(schema);
  const found = alternatives(type);
  if (wanted.length === 0 || found === undefined) return true;
  return found.some((one) => {
    if (!coercible[one.kind].some((made) => wanted.includes(made))) return false;
    return one.kind !== "list" || schema.items === undefined || mayBecome(one.item, schema.items);
  });
};

const words: Readonly<Record<OptionType, string>> = {
  string: "a string",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
  array: "a list",
  object: "a mapping",
  null: "nothing",
};

/** What the option takes, in words. */
export const describeOption = (schema: OptionSchema): string => {
  const all = typesOf(schema).map((type) => words[type]);
  const inner = schema.items === undefined ? [] : typesOf(schema.items);
  const [only] = inner;
  if (all.length === 1 && all[0] === "a list" && only !== undefined) return `a list, each item ${words[only]}`;
  return all.join(" or ");
};

/** Options whose text is a word of a shell or a path, where a list or mapping is never meant. */
const wordOptions = new Set(
  "argv chdir cmd creates dest free_form group home host name owner path port removes src url user".split(" "),
);

const commandModules = new Set(["command", "raw", "script", "shell"]);

/** Whether a list that becomes part of this option's text is a slip; what is only shown or written into a file may be meant. */
export const isWordOption = (module: Module, name: string, text: string): boolean => {
  const canonical = canonicalName(module, name);
  const isCommand = commandModules.has(module.name.slice(module.name.lastIndexOf(".") + 1));
  if (isCommand) return !/^\s*(?:echo|printf)\b/.test(text);
  return wordOptions.has(canonical) && optionOf(module, name) !== undefined;
};
