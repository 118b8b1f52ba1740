import { createLookups } from "../../src/cli/lookups.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { loadPlan } from "../../src/plan/load.ts";
import { usualOptions } from "../../src/plan/plan.ts";

const folder = import.meta.dirname;
const io = {
  ...process,
  env: { HOME: "/home/somebody" },
  cwd: folder,
  isAlive: () => true,
  interrupt: () => {},
  onInterrupt: () => () => {},
};

/**
 * What the loader says of a playbook. A first line `# options: -e 'x=1' --tags 'a,b' --skip-tags 'c'` gives options; it is
 * noon on 2026-11-23, UTC.
 */
export const diagnosticsOf = async (path: string, text: string): Promise<readonly Diagnostic[]> => {
  const [first = ""] = text.split("\n");
  const given = (option: string): string[] =>
    [...first.matchAll(new RegExp(` ${option} '([^']*)'`, "g"))].map((match) => match[1] ?? "");
  const { diagnostics } = await loadPlan({
    playbooks: [path],
    inventory: ["inventory.ini"],
    extraVars: given("-e"),
    limit: [],
    cwd: folder,
    lookups: { ...createLookups(io)([folder]), now: () => new Date("2026-11-23T12:00:00Z") },
    options: {
      ...usualOptions,
      tags: given("--tags").flatMap((list) => list.split(",")),
      skipTags: given("--skip-tags").flatMap((list) => list.split(",")),
    },
  });
  return diagnostics;
};
