import type { Engine } from "./evaluate/evaluation.ts";
import { globalValue } from "./evaluate/globals.ts";
import { itemOf, memberOf } from "./evaluate/members.ts";
import { run } from "./evaluate/statements.ts";
import { findFilter, refusedFilters } from "./filters/registry.ts";
import { findLookup, refusedLookups } from "./lookups.ts";
import { findTest, refusedTests } from "./tests.ts";

/** What is called by name, put together in one place. */
export const engine: Engine = {
  filter: findFilter,
  test: findTest,
  lookup: findLookup,
  unknown: (kind, name) => unknownName(kind, name),
  global: globalValue,
  member: (object, name, evaluation) => memberOf(object, name, evaluation),
  item: itemOf,
  run,
};

/** What to say about a filter, test or lookup that is not here. */
export const unknownName = (kind: "filter" | "test" | "lookup", name: string): string => {
  const refused = { filter: refusedFilters, test: refusedTests, lookup: refusedLookups }[kind];
  const short = name.replace(/^ansible\.(?:builtin|legacy)\./, "");
  if (refused.has(short) || name.includes(".")) return `the ${kind} '${name}' is not supported in Latchkey`;
  return `there is no ${kind} '${name}'`;
};
