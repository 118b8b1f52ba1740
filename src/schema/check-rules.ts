import { type Given, unknownYet } from "./coerce.ts";
import type { OptionRules } from "./option-schema.ts";
import type { ArgumentProblem } from "./problem.ts";

/** The values of options by canonical name. */
export type GivenOptions = ReadonlyMap<string, Given>;

/** Checks that at most one option of each group is given. `maybe` options may turn out not to be given after all. */
export const checkExclusive = (
  rules: OptionRules,
  given: GivenOptions,
  maybe: ReadonlySet<string>,
): readonly ArgumentProblem[] =>
  (rules.exclusive ?? [])
    .filter((group) => group.filter((option) => given.has(option) && !maybe.has(option)).length > 1)
    .map((options) => ({ kind: "exclusive", options }));

/** Checks the rules about options that must be given. Values must be coerced, and defaults filled in. */
export const checkNeeds = (rules: OptionRules, given: GivenOptions): readonly ArgumentProblem[] => [
  ...checkTogether(rules, given),
  ...checkOneOf(rules, given),
  ...checkRequiredIf(rules, given),
  ...checkRequiredBy(rules, given),
];

const missingOf = (options: readonly string[], given: GivenOptions): readonly string[] =>
  options.filter((option) => !given.has(option));

const checkTogether = (rules: OptionRules, given: GivenOptions): readonly ArgumentProblem[] =>
  (rules.together ?? [])
    .filter((group) => {
      const missing = missingOf(group, given).length;
      return missing > 0 && missing < group.length;
    })
    .map((options) => ({ kind: "together", options }));

const checkOneOf = (rules: OptionRules, given: GivenOptions): readonly ArgumentProblem[] =>
  (rules.oneOf ?? [])
    .filter((group) => missingOf(group, given).length === group.length)
    .map((options) => ({ kind: "one-of", options }));

const checkRequiredIf = (rules: OptionRules, given: GivenOptions): readonly ArgumentProblem[] =>
  (rules.requiredIf ?? []).flatMap(({ option, is, needs, any = false }): readonly ArgumentProblem[] => {
    const value = given.get(option);
    if (value === unknownYet || value !== is) return [];
    const missing = missingOf(needs, given);
    const enough = any ? missing.length < needs.length : missing.length === 0;
    return enough ? [] : [{ kind: "required-if", option, is, missing, any }];
  });

const checkRequiredBy = (rules: OptionRules, given: GivenOptions): readonly ArgumentProblem[] =>
  Object.entries(rules.requiredBy ?? {}).flatMap(([option, needs]): readonly ArgumentProblem[] => {
    if (!given.has(option)) return [];
    const missing = missingOf(needs, given);
    return missing.length === 0 ? [] : [{ kind: "required-by", option, missing }];
  });
