import { text as pythonText } from "../vars/python/text.ts";
import { type Given, unknownYet } from "./coerce.ts";
import type { GivenOptions } from "./check-rules.ts";
import { optionsSchema } from "./examine.ts";
import type { ArgumentSpec, IgnoredOptions } from "./option-schema.ts";

/** An option that does nothing beside the others: its canonical name, and beside which. */
export interface IgnoredOption {
  readonly option: string;
  readonly because: string;
}

/**
 * Options that do nothing in this combination. `written` are those of the task by canonical name, `values` all of them,
 * coerced, with defaults. Who writes down a default has not meant it to do anything.
 */
export const checkIgnored = (
  module: ArgumentSpec,
  written: ReadonlySet<string>,
  values: GivenOptions,
): readonly IgnoredOption[] => {
  const { properties } = optionsSchema(module);
  const isMeant = (option: string): boolean => {
    const value = values.get(option);
    return written.has(option) && value !== false && value !== properties[option]?.default;
  };
  return (module.rules?.ignored ?? []).flatMap((rule): readonly IgnoredOption[] => {
    const options = rule.options.filter(isMeant);
    const because = options.length === 0 ? undefined : reasonOf(rule, written, values);
    return because === undefined ? [] : options.map((option) => ({ option, because }));
  });
};

/** Why the options of a rule do nothing; undefined where they may do something. */
const reasonOf = (rule: IgnoredOptions, written: ReadonlySet<string>, values: GivenOptions): string | undefined => {
  const isOne = (wanted: readonly (string | boolean)[], value: Given | undefined): boolean =>
    wanted.some((one) => one === value);
  if ("with" in rule) {
    const other = rule.with.find((option) => written.has(option));
    return other === undefined ? undefined : `beside "${other}"`;
  }
  if ("without" in rule) {
    const isThere = rule.without.some((option) => written.has(option) && values.get(option) !== false);
    return isThere ? undefined : `without ${rule.without.map((option) => `"${option}"`).join(" or ")}`;
  }
  const value = values.get(rule.option);
  if (value === unknownYet) return undefined;
  if ("is" in rule) return isOne(rule.is, value) ? `with "${rule.option}" ${pythonText(value as string)}` : undefined;
  return isOne(rule.isNot, value) ? undefined : `unless "${rule.option}" is ${rule.isNot.map(pythonText).join(" or ")}`;
};
