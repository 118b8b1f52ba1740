import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Node } from "../source/node.ts";
import { toValue } from "../vars/from-node.ts";
import type { ValueMap } from "../vars/value.ts";

/** The variables of a file: a mapping, or nothing. */
export const varsOf = (root: Node | undefined, diagnostics: Diagnostic[]): ValueMap => {
  if (root === undefined || (root.kind === "scalar" && root.value === null)) return {};
  if (root.kind === "map") return toValue(root) as ValueMap;
  diagnostics.push({
    code: "V03",
    severity: "error",
    message: "a file of variables is a mapping of names to values",
    span: root.span,
  });
  return {};
};
