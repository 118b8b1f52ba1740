import { isMap } from "./case-file.ts";

/**
 * Says how `actual` differs from what a case expects of it; empty where it does not. A mapping need only hold the keys
 * that are expected; `/…/` is a regular expression; `~` (null) for a key that is to be absent or null.
 */
export const differences = (expected: unknown, actual: unknown, path = ""): string[] => {
  if (isMap(expected) && isMap(actual)) {
    return Object.entries(expected).flatMap(([key, value]) =>
      differences(value, actual[key], path === "" ? key : `${path}.${key}`),
    );
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((value, index) => differences(value, actual[index], `${path}[${index}]`));
  }
  const regex = typeof expected === "string" ? /^\/([\s\S]*)\/$/.exec(expected)?.[1] : undefined;
  const text = typeof actual === "number" ? String(actual) : actual;
  if (regex !== undefined && typeof text === "string" && new RegExp(regex).test(text)) return [];
  if (
    expected === (actual ?? null) ||
    (Array.isArray(expected) && JSON.stringify(expected) === JSON.stringify(actual))
  ) {
    return [];
  }
  return [`${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`];
};
