import { examine } from "../../schema/examine.ts";
import type { OptionSchema, OptionsSchema, OptionType } from "../../schema/option-schema.ts";
import { ansibleMessage } from "../../schema/problem.ts";
import type { Plain, PlainMap } from "../../vars/value.ts";

/**
 * What is wrong with values by an argument specification of Ansible (its documentation: "Specification format" of
 * roles), in its words. Options within options are looked at in the same way.
 */
export const argumentErrors = (spec: PlainMap, values: PlainMap, path: readonly string[] = []): readonly string[] => {
  const schema = schemaOf(spec);
  const optionAliases = aliasesOf(spec);
  const options = Object.entries(values).map(([name, value]) => ({ name, value }));
  const { values: coerced, problems } = examine({ name: "", summary: "", schema, optionAliases }, options);
  const where = path.length === 0 ? "" : ` found in ${path.join(" -> ")}`;
  const supported = Object.keys(schema.properties).toSorted().join(", ");
  const context = { module: "", options: [], aliases: [] };
  const own = problems.flatMap((problem) =>
    problem.kind === "unknown"
      ? problem.options.map((name) => `${[...path, name].join(".")}. Supported parameters include: ${supported}.`)
      : [`${ansibleMessage(problem, context)}${where}`],
  );
  const inner = [...coerced].flatMap(([name, value]) => {
    const options = mapOf(mapOf(spec[name])["options"]);
    if (Object.keys(options).length === 0) return [];
    const maps: readonly unknown[] = Array.isArray(value) ? value : [value];
    return maps.filter(isMap).flatMap((map) => argumentErrors(options, map, [...path, name]));
  });
  return [...own, ...inner];
};

const schemaOf = (spec: PlainMap): OptionsSchema & { readonly type: "object" } => ({
  type: "object",
  properties: Object.fromEntries(Object.entries(spec).map(([name, option]) => [name, optionOf(mapOf(option))])),
  required: Object.keys(spec).filter((name) => mapOf(spec[name])["required"] === true),
});

const optionOf = (option: PlainMap): OptionSchema & { readonly description: string } => {
  const { choices, elements } = option;
  const type = typeOf(option["type"] ?? "str");
  const chosen = Array.isArray(choices) ? { enum: choices as readonly Plain[] } : {};
  const items = elements === undefined ? {} : { items: { ...only(typeOf(elements)), ...chosen } };
  return { description: "", ...only(type), ...(type === "array" ? items : chosen) };
};

const only = (type: OptionType | undefined): { readonly type?: OptionType } => (type === undefined ? {} : { type });

/** The types of specifications; undefined takes any value. */
const typeOf = (name: Plain): OptionType | undefined =>
  typeof name === "string" && Object.hasOwn(types, name) ? types[name] : undefined;

const types: Readonly<Record<string, OptionType>> = {
  str: "string",
  path: "string",
  bool: "boolean",
  int: "integer",
  float: "number",
  list: "array",
  dict: "object",
};

const aliasesOf = (spec: PlainMap): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(spec).flatMap(([name, option]) => {
      const { aliases } = mapOf(option);
      return Array.isArray(aliases) ? aliases.map((alias) => [String(alias), name] as const) : [];
    }),
  );

const isMap = (value: unknown): value is PlainMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const mapOf = (value: Plain | undefined): PlainMap => (isMap(value) ? value : {});
