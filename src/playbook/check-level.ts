import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { coerce } from "../schema/coerce.ts";
import { entryOf, type MapEntry, type MapNode, type Node } from "../source/node.ts";
import { hasMarkers } from "../vars/from-node.ts";
import { reportUnsupported, unknownKey } from "./find-call.ts";
import { type KeywordType, keywordsOf, type Level } from "./keywords.ts";

/** Checks the keywords of a play, block, task or handler: their names, types and choices, and what must be there. */
export const checkLevel = (level: Level, node: MapNode): readonly Diagnostic[] => {
  const diagnostics: Diagnostic[] = [];
  for (const entry of node.entries) {
    const keyword = keywordsOf[level][String(entry.key.value)];
    if (keyword !== undefined) diagnostics.push(...checkValue(entry, keyword.type, keyword.choices));
    else if (!reportUnsupported(entry, diagnostics)) diagnostics.push(unknownKey(level, entry));
  }
  // Of a key that nobody knows, the missing one may be meant.
  if (level === "vars_prompt" && node.entries.some(({ key }) => !(String(key.value) in keywordsOf[level]))) {
    return diagnostics;
  }
  return [...diagnostics, ...missing(level, node)];
};

const missing = (level: Level, node: MapNode): readonly Diagnostic[] => {
  const needed = { play: "hosts", block: "block", vars_prompt: "name" }[level as string];
  if (needed === undefined || entryOf(node, needed) !== undefined) return [];
  const span = node.entries[0]?.key.span ?? node.span;
  const message = level === "block" ? '"rescue" and "always" need a "block"' : `a ${level} needs "${needed}"`;
  return [{ code: "V03", severity: "error", message, span, hint: `add "${needed}:" at this level` }];
};

const checkValue = (entry: MapEntry, type: KeywordType, choices: readonly string[] | undefined): Diagnostic[] => {
  const { key, value } = entry;
  if (value.kind === "scalar" && (value.value === null || value.tag === "!vault" || hasMarkers(value.text))) return [];
  const wanted = fits(type, value);
  if (wanted !== undefined) return [wrongType(String(key.value), wanted, value)];
  if (choices === undefined || value.kind !== "scalar" || choices.includes(String(value.value))) return [];
  const hint = didYouMean(String(value.value), choices);
  return [
    {
      code: "V06",
      severity: "error",
      message: `"${key.value}" is "${value.value}"; expected one of ${choices.join(", ")}`,
      span: value.span,
      ...(hint === undefined ? {} : { hint }),
    },
  ];
};

const wrongType = (name: string, wanted: string, value: Node): Diagnostic => ({
  code: "V06",
  severity: "error",
  message: `"${name}" must be ${wanted}`,
  span: value.span,
});

/** What the value should have been, or undefined where it fits. */
const fits = (type: KeywordType, node: Node): string | undefined => {
  const scalar = node.kind === "scalar" ? node.value : undefined;
  const isText = scalar !== undefined && scalar !== null;
  const isTexts = isText || (node.kind === "seq" && node.items.every((item) => item.kind === "scalar"));
  switch (type) {
    case "string":
      return isText ? undefined : "a text";
    case "bool":
      return isText && coerce({ type: "boolean" }, scalar).ok ? undefined : "true or false (yes, no, on, off)";
    case "int":
      return isText && coerce({ type: "integer" }, scalar).ok ? undefined : "a whole number";
    case "number":
      return isText && /^-?[0-9]+(\.[0-9]+)?%?$/.test(String(scalar)) ? undefined : "a number";
    case "strings":
      return isTexts ? undefined : "a text or a list of texts";
    case "map":
      return node.kind === "map" ? undefined : "a mapping";
    case "conditions":
      return isTexts ? undefined : "an expression or a list of expressions";
    case "loop":
      return node.kind === "seq" ? undefined : "a list, or a template that gives one";
    case "entries":
      return node.kind === "seq" ? undefined : "a list of tasks";
    case "roles":
      return node.kind === "seq" ? undefined : "a list of roles";
    case "serial":
      return isTexts ? undefined : 'a number, a share such as "25%", or a list of these';
    case "any":
      return undefined;
  }
};
