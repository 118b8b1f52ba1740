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

/** How options depend on each other; each rule has one message, in Ansible's words. */
export interface OptionRules {
  /** Of each group at most one may be given. */
  readonly exclusive?: readonly (readonly string[])[];
  /** Of each group all or none must be given. */
  readonly together?: readonly (readonly string[])[];
  /** Of each group at least one must be given. */
  readonly oneOf?: readonly (readonly string[])[];
  /** Where an option has this value, all of `needs` (or one of them, with `any`) must be given. */
  readonly requiredIf?: readonly {
    readonly option: string;
    readonly is: string | number | boolean;
    readonly needs: readonly string[];
    readonly any?: boolean;
  }[];
  /** Who gives the option must also give these. */
  readonly requiredBy?: Readonly<Record<string, readonly string[]>>;
  /** Options that do nothing in a combination: a warning, since the task does what it can. */
  readonly ignored?: readonly IgnoredOptions[];
  /** Without any of these the task can change nothing, whatever it finds: a warning, too. */
  readonly effects?: readonly string[];
}

/** Options that do nothing beside another one, without any of others, or where an option has, or has not, these values. */
export type IgnoredOptions = { readonly options: readonly string[] } & (
  | { readonly with: readonly string[] }
  | { readonly without: readonly string[] }
  | { readonly option: string; readonly is: readonly (string | boolean)[] }
  | { readonly option: string; readonly isNot: readonly (string | boolean)[] }
);

/** What the check of a call's arguments reads of a module. */
export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly schema: { readonly properties: Readonly<Record<string, object>>; readonly required?: readonly string[] };
  readonly optionAliases?: Readonly<Record<string, string>>;
  readonly rules?: OptionRules;
  /** The option that takes a free-form text. */
  readonly freeForm?: string;
  /** Whether any key is allowed beside the schema's. */
  readonly anyOptions?: boolean;
}
