import { type ArgumentSpec, type OptionRules, type OptionSchema, type OptionType, typesOf } from "./option-schema.ts";
import { choiceOf } from "./coerce.ts";
import { optionsSchema } from "./examine.ts";

type Schema = Readonly<Record<string, unknown>>;

/** A text with template markers: it stands for any value until it is rendered. */
const template: Schema = { type: "string", pattern: "\\{[{%]" };

/**
 * The schema of a module's arguments for editors: besides what the module's own schema says, it accepts what Ansible
 * makes of other types (`yes`, `"22"`, `a,b`), a template anywhere, aliases, and it states the rules between options.
 */
export const editorSchema = (spec: ArgumentSpec): Schema => {
  const { properties, required = [] } = optionsSchema(spec);
  const named = Object.entries(properties).map(([name, option]) => [name, orTemplate(option)] as const);
  const aliases = Object.entries(spec.optionAliases ?? {}).map(([alias, name]) => {
    const description = `Another name of \`${name}\`.`;
    return [alias, { ...orTemplate(properties[name] ?? {}), description }] as const;
  });
  const needed = required.map((name) => given(spec, name));
  const rules = [...needed, ...ruleSchemas(spec, spec.rules ?? {}, properties)];
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: spec.name,
    description: spec.summary,
    type: "object",
    properties: Object.fromEntries([...named, ...aliases]),
    ...(rules.length === 0 ? {} : { allOf: rules }),
    additionalProperties: spec.anyOptions === true,
  };
};

const orTemplate = (option: OptionSchema): Schema => {
  const { description, default: standard, ...rest } = option;
  const about = { description, ...(standard === undefined ? {} : { default: standard }) };
  if (Object.keys(rest).length === 0) return about;
  return { ...about, ...anyOf([...widened(rest), template]) };
};

/** What coercion accepts for each type. Choices of texts and limits stay as they are, but for what has no quotes. */
const widened = (option: OptionSchema): readonly Schema[] => {
  const { items, ...others } = option;
  const elements = items === undefined || Object.keys(items).length === 0 ? {} : { items: element(items) };
  const isChoice = option.enum?.some((choice) => typeof choice === "string") === true;
  const numbers = (option.enum ?? []).filter((choice) => String(Number(choice)) === choice).map(Number);
  const booleans = [true, false].filter((value) => choiceOf(option.enum ?? [], value) !== undefined);
  const unquoted = isChoice ? [...numbers, ...booleans] : numbers;
  const choices = unquoted.length === 0 ? [] : [{ enum: unquoted }];
  const further = isChoice ? choices : typesOf(option).flatMap((type) => alsoAccepted[type]);
  return [{ ...others, ...elements }, ...further];
};

const element = (items: OptionSchema): Schema => anyOf([...widened(items), template]);

/** Alternatives in the fewest words: types alone become one list, and what a type alone allows needs no pattern. */
const anyOf = (alternatives: readonly Schema[]): Schema => {
  const isType = (schema: Schema): boolean => Object.keys(schema).length === 1 && schema["type"] !== undefined;
  const types = [...new Set(alternatives.filter(isType).flatMap((schema) => schema["type"] as string | string[]))];
  const others = alternatives.filter((schema) => !isType(schema) && !types.some((type) => type === schema["type"]));
  const [first] = types;
  const plain = first === undefined ? [] : [{ type: types.length === 1 ? first : types }];
  const all: readonly Schema[] = [...plain, ...others];
  return all.length === 1 ? (all[0] ?? {}) : { anyOf: all };
};

const alsoAccepted: Readonly<Record<OptionType, readonly Schema[]>> = {
  string: [{ type: ["number", "boolean"] }],
  boolean: [
    {
      type: "string",
      pattern: "^\\s*(?:[Yy](?:es|ES)?|[Nn][Oo]?|[Oo](?:n|N|ff|FF)|[Tt](?:rue|RUE)?|[Ff](?:alse|ALSE)?|0|1)\\s*$",
    },
    { enum: [0, 1] },
  ],
  integer: [{ type: "boolean" }, { type: "string", pattern: "^\\s*[-+]?[0-9]+\\s*$" }],
  number: [{ type: "boolean" }, { type: "string", pattern: "^\\s*[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)\\s*$" }],
  array: [{ type: ["string", "number", "boolean"] }],
  object: [{ type: "string" }],
  null: [],
};

/** That an option is given, by any of its names. */
const given = (spec: ArgumentSpec, name: string): Schema => {
  const aliases = Object.entries(spec.optionAliases ?? {}).filter(([, target]) => target === name);
  const names = [name, ...aliases.map(([alias]) => alias)];
  return names.length === 1 ? { required: names } : { anyOf: names.map((one) => ({ required: [one] })) };
};

const ruleSchemas = (
  spec: ArgumentSpec,
  rules: OptionRules,
  properties: Readonly<Record<string, OptionSchema>>,
): readonly Schema[] => {
  const all = (names: readonly string[]): Schema => ({ allOf: names.map((name) => given(spec, name)) });
  const any = (names: readonly string[]): Schema => ({ anyOf: names.map((name) => given(spec, name)) });
  const pairs = (rules.exclusive ?? []).flatMap((group) =>
    group.flatMap((first, index) => group.slice(index + 1).map((second) => ({ not: all([first, second]) }))),
  );
  const conditions = (rules.requiredIf ?? []).map(({ option, is, needs, any: one }) => ({
    if: {
      properties: { [option]: { const: is } },
      ...(properties[option]?.default === is ? {} : { required: [option] }),
    },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: one === true ? any(needs) : all(needs),
  }));
  return [
    ...pairs,
    ...(rules.oneOf ?? []).map(any),
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    ...(rules.together ?? []).map((group) => ({ if: any(group), then: all(group) })),
    ...conditions,
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    ...Object.entries(rules.requiredBy ?? {}).map(([name, needs]) => ({ if: given(spec, name), then: all(needs) })),
  ];
};
