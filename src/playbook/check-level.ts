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
  return [...diagnostics, ...missing(level, node)];
};

const missing = (level: Level, node: MapNode): readonly Diagnostic[] => {
  const needed = level === "play" ? "hosts" : level === "block" ? "block" : undefined;
  if (needed === undefined) return [];
  const entry = entryOf(node, needed);
  if (entry !== undefined) return level === "play" && isEmpty(entry.value) ? [noHosts(entry)] : [];
  const span = node.entries[0]?.key.span ?? node.span;
  const message = level === "play" ? 'a play needs "hosts"' : '"rescue" and "always" need a "block"';
  return [{ code: "V03", severity: "error", message, span, hint: `add "${needed}:" at this level` }];
};

const isEmpty = (node: Node): boolean =>
  node.kind === "scalar" ? node.value === null || node.value === "" : node.kind === "seq" && node.items.length === 0;

const noHosts = ({ key, value }: MapEntry): Diagnostic => ({
  code: "V03",
  severity: "error",
  message: '"hosts" names no host',
  span: value.span.end > value.span.start ? value.span : key.span,
  hint: "write `hosts: all`, or the name of a group",
});

const checkValue = (entry: MapEntry, type: KeywordType, choices: readonly string[] | undefined): Diagnostic[] => {
  const { key, value } = entry;
  if (value.kind === "scalar" && (value.value === null || hasMarkers(value.text))) return [];
  const wanted = fits(type, value);
  if (wanted !== undefined) return [dashWithoutSpace(type, value) ?? wrongType(String(key.value), wanted, value)];
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

/** `-ping:` is a key whose name begins with a dash, and was meant as an item of a list. */
const dashWithoutSpace = (type: KeywordType, value: Node): Diagnostic | undefined => {
  const key = type === "entries" && value.kind === "map" ? value.entries[0]?.key : undefined;
  if (key === undefined || key.style !== "plain" || !key.text.startsWith("-")) return undefined;
  const message = "a space is missing after the dash";
  return { code: "V01", severity: "error", message, span: key.span, hint: `write "- ${key.text.slice(1)}"` };
};

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
    case "serial":
      return isTexts ? undefined : 'a number, a share such as "25%", or a list of these';
    case "any":
      return undefined;
  }
};
