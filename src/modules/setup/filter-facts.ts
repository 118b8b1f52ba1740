import { globToRegExp } from "../../util/glob.ts";
import type { Fields } from "../command/command-result.ts";

/** Keeps the facts whose names match one of the shell patterns; no pattern, or an empty one, keeps all. */
export const filterFacts = (facts: Fields, patterns: readonly string[]): Fields => {
  const tests = patterns.filter((pattern) => pattern !== "").map(globToRegExp);
  if (tests.length === 0) return facts;
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => tests.some((test) => test.test(name) || test.test(`ansible_${name}`))),
  );
};
