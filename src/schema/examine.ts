import type { Plain } from "../vars/value.ts";
import { checkConstraints } from "./check-constraints.ts";
import { checkExclusive, checkNeeds } from "./check-rules.ts";
import { coerce, type Given, unknownYet } from "./coerce.ts";
import type { ArgumentSpec, OptionSchema, OptionsSchema } from "./option-schema.ts";
import type { ArgumentProblem } from "./problem.ts";

/** The arguments of one call, looked at. */
export interface Examined {
  /** By canonical name: coerced, with defaults. Options with a problem are left out. */
  readonly values: ReadonlyMap<string, Given>;
  /** In the order in which Ansible would come upon them. */
  readonly problems: readonly ArgumentProblem[];
}

/** One option as written. */
export interface GivenOption {
  readonly name: string;
  readonly value: Given;
  /** The value may turn out to be `omit`. */
  readonly maybe?: boolean;
}

/** Names, types, choices and rules of a call's arguments, by the module's schema. Pure. */
export const examine = (module: ArgumentSpec, options: readonly GivenOption[]): Examined => {
  const schema = optionsSchema(module);
  const { given, unknown } = byCanonicalName(module, schema, options);
  const maybe = new Set(
    options.filter((option) => option.maybe === true).map(({ name }) => canonicalName(module, name)),
  );
  const problems: ArgumentProblem[] = [...checkExclusive(module.rules ?? {}, given, maybe)];
  const missing = (schema.required ?? []).filter((name) => !given.has(name));
  if (missing.length > 0) problems.push({ kind: "missing", options: missing });
  const values = coerceAll(schema, given, problems);
  addDefaults(schema, values);
  problems.push(...checkNeeds(module.rules ?? {}, values));
  problems.push(...checkConstraints(schema, knownValues(values)));
  if (unknown.length > 0) problems.push({ kind: "unknown", options: unknown });
  return { values, problems };
};

/** The part of a module's schema that is read here. */
export const optionsSchema = (module: ArgumentSpec): OptionsSchema =>
  // The schemas are constants of any depth of literal types; what is read of them is what OptionsSchema says.
  module.schema as unknown as OptionsSchema;

/** The name that an option has in the schema, whichever of its names was written. */
export const canonicalName = (module: ArgumentSpec, name: string): string => module.optionAliases?.[name] ?? name;

const byCanonicalName = (
  module: ArgumentSpec,
  schema: OptionsSchema,
  options: readonly GivenOption[],
): { readonly given: Map<string, Given>; readonly unknown: readonly string[] } => {
  const given = new Map<string, Given>();
  const unknown: string[] = [];
  for (const { name, value } of options) {
    const canonical = canonicalName(module, name);
    const isKnown = Object.hasOwn(schema.properties, canonical);
    if (!isKnown && module.anyOptions !== true) unknown.push(name);
    // A known option that is null counts as not given; what may have any name may have any value.
    else if (value !== null || !isKnown) given.set(canonical, value);
  }
  return { given, unknown };
};

const coerceAll = (
  schema: OptionsSchema,
  given: ReadonlyMap<string, Given>,
  problems: ArgumentProblem[],
): Map<string, Given> => {
  const values = new Map<string, Given>();
  for (const [name, value] of given) {
    const option = schema.properties[name] ?? {};
    const coerced = coerce(option, value);
    if (!coerced.ok) problems.push({ kind: "type", option: name, misfit: coerced.error });
    else {
      values.set(name, coerced.value);
      const wrong = wrongChoice(name, option, coerced.value);
      if (wrong !== undefined) problems.push(wrong);
    }
  }
  return values;
};

const wrongChoice = (name: string, option: OptionSchema, value: Given): ArgumentProblem | undefined => {
  const choices = option.enum ?? option.items?.enum;
  if (choices === undefined || value === unknownYet) return undefined;
  const isList = Array.isArray(value);
  const chosen: readonly Given[] = isList ? value : [value];
  const wrong = chosen.filter((item) => item !== unknownYet && !choices.some((choice) => choice === item)) as Plain[];
  if (wrong.length === 0) return undefined;
  return { kind: "choice", option: name, choices, value: isList ? wrong : (wrong[0] ?? null) };
};

const addDefaults = (schema: OptionsSchema, values: Map<string, Given>): void => {
  for (const [name, option] of Object.entries(schema.properties)) {
    if (option.default !== undefined && !values.has(name)) values.set(name, option.default);
  }
};

const knownValues = (values: ReadonlyMap<string, Given>): Readonly<Record<string, unknown>> =>
  Object.fromEntries([...values].filter(([, value]) => isKnown(value)));

const isKnown = (value: Given): boolean => {
  if (value === unknownYet) return false;
  if (typeof value !== "object" || value === null) return true;
  return (Array.isArray(value) ? value : Object.values(value)).every(isKnown);
};
