import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { MapNode } from "../source/node.ts";
import { loopKeywords } from "./keywords.ts";

/** A task goes through one list, and one that is named. */
export const checkLoop = (node: MapNode): readonly Diagnostic[] => {
  const loops = node.entries.filter(({ key }) => key.value === "loop" || String(key.value) in loopKeywords);
  const [first, second] = loops;
  if (first !== undefined && second !== undefined) {
    const message = `a task has one loop, and this one has two: "${first.key.value}" and "${second.key.value}"`;
    const related = [{ message: "first loop here", span: first.key.span }];
    return [{ code: "V03", severity: "error", message, span: second.key.span, related }];
  }
  if (first === undefined || first.key.value === "loop") return [];
  if (first.value.kind !== "scalar" || first.value.value !== null) return [];
  const message = `"${first.key.value}" has nothing to go through`;
  return [
    { code: "V03", severity: "error", message, span: first.key.span, hint: "write its list or mapping behind it" },
  ];
};
