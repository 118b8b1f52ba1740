import { didYouMean } from "../../diagnostics/suggest.ts";
import { commonReturns } from "../../modules/common-returns.ts";
import type { Module, ReturnedValues } from "../../modules/module.ts";
import {
  explainMissingModule,
  findModule,
  type ModuleEntry,
  moduleEntries,
  moduleNames,
} from "../../modules/registry.ts";
import { createPalette, type Palette, showsColours } from "../../reporters/palette.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { optionsSchema } from "../../schema/examine.ts";
import { type OptionSchema, typesOf } from "../../schema/option-schema.ts";
import { SourceFile } from "../../source/source-file.ts";
import { wrapText } from "../../vars/filters/wrap-text.ts";
import type { Io } from "../io.ts";
import type { GivenOptions } from "../options.ts";
import { renderTable } from "../table.ts";
import { usage } from "../usage.ts";

/** `latchkey doc`: what a module does, its options and results; without a module, a list of all. */
export const docCommand = async (names: readonly string[], given: GivenOptions, io: Io): Promise<number> => {
  const isJson = given["format"] === "json";
  if (names.length === 0) {
    const modules = await Promise.all(moduleEntries().map((entry) => entry.load()));
    const rows = modules.map(({ name, summary }) => ({ name, summary }));
    io.stdout.write(isJson ? json(rows) : renderTable(rows.map(({ name, summary }) => [name, summary])));
    return exitCodes.ok;
  }
  const modules: Module[] = [];
  for (const name of names) {
    const module = await moduleOfAnyName(name)?.load();
    if (module === undefined) return usage(io, whyNot(name));
    modules.push(module);
  }
  const palette = createPalette(showsColours(io));
  const width = Math.min(100, io.stdout.columns ?? 100);
  const docs = modules.map(docOf);
  io.stdout.write(isJson ? json(docs) : docs.map((doc) => renderDoc(doc, palette, width)).join("\n"));
  return exitCodes.ok;
};

/** The module of a name, also of a short one that a task could not call it by. */
export const moduleOfAnyName = (name: string): ModuleEntry | undefined =>
  findModule(name) ?? moduleEntries().find(({ shortName }) => shortName === name);

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const whyNot = (name: string): string => {
  const { code, message, hint } = explainMissingModule(name, { file: new SourceFile("", name), start: 0, end: 0 });
  if (code === "V04") return `${message}: ${hint ?? ""}`;
  return `${message}: ${didYouMean(name, moduleNames()) ?? "latchkey doc lists all modules"}`;
};

interface OptionDoc {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly choices?: readonly unknown[];
  readonly aliases?: readonly string[];
  readonly description: string;
}

interface ModuleDoc {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  /** Facts about it, as sentences. */
  readonly attributes: readonly string[];
  readonly options: readonly OptionDoc[];
  /** How its options depend on each other, as sentences. */
  readonly rules: readonly string[];
  readonly returns: ReturnedValues;
  readonly examples: string;
}

const docOf = (module: Module): ModuleDoc => {
  const { properties, required = [] } = optionsSchema(module);
  const aliases = Object.entries(module.optionAliases ?? {});
  return {
    name: module.name,
    aliases: module.aliases ?? [],
    summary: module.summary,
    attributes: attributesOf(module),
    options: Object.entries(properties).map(([name, option]) => {
      const others = aliases.flatMap(([alias, meant]) => (meant === name ? [alias] : []));
      return {
        name,
        type: typeOf(option),
        required: required.includes(name),
        ...(option.default === undefined ? {} : { default: option.default }),
        ...(option.enum === undefined ? {} : { choices: option.enum }),
        ...(others.length === 0 ? {} : { aliases: others }),
        description: option.description ?? "",
      };
    }),
    rules: rulesOf(module),
    returns: module.returns,
    examples: module.examples.trim(),
  };
};

const attributesOf = (module: Module): readonly string[] => {
  const sentences: string[] = [];
  if (module.runs === "controller") sentences.push("It runs on this machine, not on the host.");
  else {
    sentences.push("It runs on the host.");
    sentences.push(
      module.checkMode === "full"
        ? "A dry run asks the host, and says what would change."
        : "A dry run does not ask the host, and only says what would be done.",
    );
    if (module.readOnly === true) sentences.push("It changes nothing.");
    if (module.confirmBy !== undefined) {
      sentences.push("The host takes the change back by itself unless a new connection confirms it.");
    }
  }
  if (module.freeForm !== undefined) sentences.push(`A text in place of options is its \`${module.freeForm}\`.`);
  if (module.anyOptions === true) sentences.push("It takes options of any other name.");
  return sentences;
};

const shortTypes: Readonly<Record<string, string>> = {
  string: "str",
  boolean: "bool",
  integer: "int",
  number: "float",
  array: "list",
  object: "dict",
};

const typeOf = (option: OptionSchema): string => {
  const types = typesOf(option).flatMap((type) => shortTypes[type] ?? []);
  const items = option.items === undefined ? "" : typeOf(option.items);
  const named = types.map((type) => (type === "list" && items !== "" && items !== "any" ? `list of ${items}` : type));
  return named.length === 0 ? "any" : named.join(" or ");
};

const rulesOf = ({ rules = {} }: Module): readonly string[] => [
  ...(rules.exclusive ?? []).map((group) => `At most one of ${listed(group)}.`),
  ...(rules.together ?? []).map((group) => `All or none of ${listed(group)}.`),
  ...(rules.oneOf ?? []).map((group) => `At least one of ${listed(group)}.`),
  ...(rules.requiredIf ?? []).map(
    ({ option, is, needs, any }) =>
      `With \`${option}: ${String(is)}\`, ${any === true && needs.length > 1 ? "one of " : ""}${listed(needs)}.`,
  ),
  ...Object.entries(rules.requiredBy ?? {}).map(([option, needs]) => `With \`${option}\`, ${listed(needs)}.`),
];

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

const renderDoc = (doc: ModuleDoc, { bold, dim }: Palette, width: number): string => {
  const wrap = (text: string, indent: number): string =>
    wrapText(text, { width: width - indent, breakLongWords: false, breakOnHyphens: false, separator: "\n" })
      .split("\n")
      .map((line) => `${" ".repeat(indent)}${line}\n`)
      .join("");
  const values = (returns: ReturnedValues, indent: number): string =>
    Object.entries(returns)
      .map(([name, { type, description, returned, contains }]) => {
        const when = returned === undefined ? "" : `; ${returned}`;
        const head = `${" ".repeat(indent)}${bold(name)} ${dim(`(${shortTypes[type] ?? type}${when})`)}\n`;
        return head + wrap(description, indent + 4) + (contains === undefined ? "" : values(contains, indent + 4));
      })
      .join("");
  const section = (title: string, text: string): string => (text === "" ? "" : `\n${bold(title)}\n${text}`);
  const also = doc.aliases.length === 0 ? "" : wrap(`Also ${doc.aliases.join(", ")}.`, 2);
  return [
    `${bold(doc.name)}\n`,
    wrap(doc.summary, 2),
    also,
    wrap(doc.attributes.join(" "), 2),
    section(
      "Options",
      doc.options.map((option) => renderOption(option, { bold, dim }) + wrap(option.description, 6)).join(""),
    ),
    section("Together", doc.rules.map((rule) => wrap(rule, 2)).join("")),
    section(
      "Result",
      values(doc.returns, 2) + wrap(`Every result may have ${Object.keys(commonReturns).join(", ")}.`, 2),
    ),
    section("Examples", doc.examples.replaceAll(/^(?=.)/gm, "  ") + "\n"),
  ].join("");
};

const renderOption = (option: OptionDoc, { bold, dim }: Pick<Palette, "bold" | "dim">): string => {
  const facts = [
    option.type,
    ...(option.required ? ["required"] : []),
    ...(option.choices === undefined ? [] : [`one of ${option.choices.map(shown).join(", ")}`]),
    ...(option.default === undefined ? [] : [`default ${shown(option.default)}`]),
    ...(option.aliases === undefined ? [] : [`also ${option.aliases.join(", ")}`]),
  ];
  return `  ${bold(option.name)} ${dim(`(${facts.join("; ")})`)}\n`;
};

const shown = (value: unknown): string => (typeof value === "string" && value !== "" ? value : JSON.stringify(value));
