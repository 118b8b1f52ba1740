import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Module } from "../modules/module.ts";
import { entryOf, type MapNode } from "../source/node.ts";

/** A job runs by itself on the host: what the controller does, or has to be asked for on the way, can be none. */
export const checkAsync = (node: MapNode, module: Module): readonly Diagnostic[] => {
  const entry = entryOf(node, "async");
  if (entry === undefined || (entry.value.kind === "scalar" && !entry.value.value)) return [];
  const because =
    module.runs === "controller"
      ? "works on the controller"
      : module.next !== undefined || module.confirmBy !== undefined
        ? "needs the controller on the way"
        : undefined;
  if (because === undefined) return [];
  const message = `"async" cannot be with the module "${module.name}", which ${because}`;
  return [{ code: "V04", severity: "error", message, span: entry.key.span, hint: "remove async and poll" }];
};
