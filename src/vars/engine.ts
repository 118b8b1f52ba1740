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
  return cureOf(kind, name) === undefined
    ? `there is no ${kind} '${name}'`
    : `the ${kind} '${name}' is not supported in Latchkey`;
};

/** What to do instead of a filter, test or lookup that is Ansible's alone; undefined where it is nobody's. */
export const cureOf = (kind: "filter" | "test" | "lookup", name: string): string | undefined => {
  const refused = { filter: refusedFilters, test: refusedTests, lookup: refusedLookups }[kind];
  const short = name.replace(/^ansible\.(?:builtin|legacy|utils|netcommon)\.|^community\.general\./, "");
  if (Object.hasOwn(refused, short)) return refused[short];
  return name.includes(".") ? `only ${kind}s of ansible.builtin are known here: write it with those` : undefined;
};
