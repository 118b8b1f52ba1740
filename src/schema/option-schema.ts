import type { Plain } from "../vars/value.ts";

/** The types of JSON Schema that an option may have. */
export type OptionType = "string" | "boolean" | "integer" | "number" | "array" | "object" | "null";

/** The part of JSON Schema by which an option's value is coerced and checked. */
export interface OptionSchema {
  readonly type?: OptionType | readonly OptionType[];
  readonly enum?: readonly Plain[];
  readonly default?: Plain;
  readonly items?: OptionSchema;
  readonly description?: string;
}

/** What this program reads of the schema of a module's arguments. */
export interface OptionsSchema {
  readonly properties: Readonly<Record<string, OptionSchema>>;
  readonly required?: readonly string[];
}

/** The types that an option accepts; an empty list accepts everything. */
export const typesOf = (schema: OptionSchema): readonly OptionType[] => {
  if (schema.type === undefined) return [];
  return typeof schema.type === "string" ? [schema.type] : schema.type;
};
