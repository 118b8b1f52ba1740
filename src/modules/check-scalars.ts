import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { canonicalName, optionsSchema } from "../schema/examine.ts";
import { typesOf } from "../schema/option-schema.ts";
import type { MapEntry, ScalarNode } from "../source/node.ts";
import type { Module } from "./module.ts";

/** Values that YAML reads as something else than they look like: a mode without its zero, a `no` that is a name. */
export const checkScalars = (
  module: Module,
  entries: readonly { readonly name: string; readonly entry: MapEntry }[],
): readonly Diagnostic[] =>
  entries.flatMap(({ name, entry: { value } }): readonly Diagnostic[] => {
    if (value.kind !== "scalar" || value.style !== "plain") return [];
    const option = canonicalName(module, name);
    if (/(?:^|_)mode$/.test(option) && typeof value.value === "number") return octalProblem(name, value);
    const schema = optionsSchema(module).properties[option];
    const isText = schema !== undefined && schema.enum === undefined && typesOf(schema).join() === "string";
    return isText && typeof value.value === "boolean" ? [truthProblem(name, value)] : [];
  });

/** What people give: a decimal number that means one of these as it is was meant so. */
const commonModes =
  /^(?:400|440|444|500|550|555|600|640|644|660|664|666|700|710|711|750|755|770|775|777|[1-7](?:7[0-7]{2}|[0-7]{2}5))$/;

const octalProblem = (name: string, { text, value, span }: ScalarNode): readonly Diagnostic[] => {
  const [user = 0, group = 0, other = 0] = text.slice(-3).split("").map(Number);
  // Each class of people has no more than the one before it.
  const looksOctal = /^[1-7][0-7]{2,3}$/.test(text) && (group & ~user) === 0 && (other & ~group) === 0;
  if (!looksOctal || commonModes.test(Number(value).toString(8))) return [];
  return [
    {
      code: "V01",
      severity: "warning",
      message: `option "${name}" is the decimal number ${text}, which is the mode ${Number(value).toString(8).padStart(4, "0")}`,
      span,
      hint: `write "0${text}" in quotes`,
      edit: { span, text: `"0${text}"` },
    },
  ];
};

const truthProblem = (name: string, { text, value, span }: ScalarNode): Diagnostic => ({
  code: "V01",
  severity: "warning",
  message: `YAML reads ${text} as ${String(value)}, so that option "${name}" becomes the text "${value === true ? "True" : "False"}"`,
  span,
  hint: `write "${text}" in quotes`,
});
