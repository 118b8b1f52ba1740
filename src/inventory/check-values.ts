import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Node, ScalarNode } from "../source/node.ts";
import type { Value } from "../vars/value.ts";

/** What in a file of variables cannot be kept as it is written: numbers that lose digits. */
export const checkValues = (node: Node): readonly Diagnostic[] => {
  switch (node.kind) {
    case "scalar":
      return checkScalar(node);
    case "seq":
      return node.items.flatMap(checkValues);
    case "map":
      return node.entries.flatMap((entry) => checkValues(entry.value));
  }
};

const checkScalar = (node: ScalarNode): readonly Diagnostic[] => {
  const { span } = node;
  const loss = node.style === "plain" && node.tag === undefined ? numberLoss(node.text, node.value) : undefined;
  if (loss === undefined) return [];
  return [{ code: "V41", severity: "warning", message: loss, span, hint: `write "${node.text}" to keep it as a text` }];
};

/** Numbers are double-precision here: `1.0` would be shown as `1`, and a very long integer rounded. */
export const numberLoss = (text: string, value: Value): string | undefined => {
  if (typeof value !== "number" || !Number.isInteger(value)) return undefined;
  const isFloat = /^[-+]?[0-9_]*\.|^[-+]?[0-9_.]+[eE]/.test(text);
  if (!isFloat && Number.isSafeInteger(value)) return undefined;
  return `this is the number ${value}, and not the text "${text}"`;
};
