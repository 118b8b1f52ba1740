import type { Fields } from "../command/command-result.ts";

/** Keeps the facts whose names match one of the shell patterns; no pattern, or an empty one, keeps all. */
export const filterFacts = (facts: Fields, patterns: readonly string[]): Fields => {
  const tests = patterns.filter((pattern) => pattern !== "").map(patternTest);
  if (tests.length === 0) return facts;
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => tests.some((test) => test(name) || test(`ansible_${name}`))),
  );
};

/** `*`, `?` and `[…]` as Python's fnmatch has them. */
const patternTest = (pattern: string): ((name: string) => boolean) => {
  const source = pattern.replaceAll(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === "*") return "[\\s\\S]*";
    if (part === "?") return "[\\s\\S]";
    if (part.length > 1) return `[${part.slice(1, -1).replace(/^!/, "^").replaceAll("\\", "\\\\")}]`;
    return part.replaceAll(/[\\^$.|?*+()[\]{}]/g, "\\$&");
  });
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
};
