import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { checkArguments, readArguments } from "../modules/arguments.ts";
import type { ModuleEntry } from "../modules/registry.ts";
import type { ValueMap } from "../vars/value.ts";
import { entryOf, type MapEntry, type MapNode } from "../source/node.ts";

/** The arguments of a task's module as one mapping, however they were written, checked against the module's schema. */
export const readCall = async (
  entry: ModuleEntry,
  call: MapEntry,
  task: MapNode,
  moduleDefaults: readonly ValueMap[],
  diagnostics: Diagnostic[],
): Promise<MapNode> => {
  const module = await entry.load();
  const args = entryOf(task, "args")?.value;
  const written = readArguments(module, call.key, call.value, args?.kind === "map" ? args : undefined);
  // With module_defaults around it, what is missing here may come from there: it is checked when the step runs.
  const incomplete = moduleDefaults.length > 0;
  const problems =
    written.problems.length > 0 ? written.problems : checkArguments(module, call.key, written.map, { incomplete });
  diagnostics.push(...problems);
  return written.map;
};
