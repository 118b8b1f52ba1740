import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean, suggest } from "../diagnostics/suggest.ts";
import { coerce } from "../schema/coerce.ts";
import { isVariableName } from "../modules/variable-name.ts";
import { entryOf, type MapEntry, type MapNode, type Node, type ScalarNode } from "../source/node.ts";
import { hasMarkers } from "../vars/from-node.ts";
import { reportUnsupported, unknownKey } from "./find-call.ts";
import { type KeywordEntry, type KeywordType, keywordsOf, type Level } from "./keywords.ts";

/** Checks the keywords of a play, block, task or handler: their names, types and choices, and what must be there. */
export const checkLevel = (level: Level, node: MapNode): readonly Diagnostic[] => {
  const diagnostics: Diagnostic[] = [];
  for (const entry of node.entries) {
    const keyword = keywordsOf[level][String(entry.key.value)];
    if (keyword !== undefined) diagnostics.push(...checkValue(entry, keyword));
    else if (!reportUnsupported(level, entry, diagnostics)) diagnostics.push(unknownKey(level, entry));
  }
  // Of a key that nobody knows, the missing one may be meant.
  if (level === "vars_prompt" && node.entries.some(({ key }) => !(String(key.value) in keywordsOf[level]))) {
    return diagnostics;
  }
  return [...diagnostics, ...missing(level, node), ...uselessDelay(node), ...groupsOfModules(node)];
};

/** Defaults for the modules of a group, which a collection defines. */
const groupsOfModules = (node: MapNode): readonly Diagnostic[] => {
  const defaults = entryOf(node, "module_defaults")?.value;
  const maps = defaults?.kind === "seq" ? defaults.items : [defaults];
  const keys = maps.flatMap((map) => (map?.kind === "map" ? map.entries.map(({ key }) => key) : []));
  return keys
    .filter((key) => String(key.value).startsWith("group/"))
    .map((key) => ({
      code: "V04",
      severity: "error",
      message: `"${String(key.value)}" in module_defaults is Ansible's, and not part of Latchkey`,
      span: key.span,
      hint: "write the defaults under the name of each module",
    }));
};

/** Between which attempts? */
const uselessDelay = (node: MapNode): readonly Diagnostic[] => {
  const delay = entryOf(node, "delay");
  if (delay === undefined || entryOf(node, "until") !== undefined || entryOf(node, "retries") !== undefined) return [];
  return [
    {
      code: "V34",
      severity: "warning",
      message: '"delay" does nothing without "until" or "retries"',
      span: delay.key.span,
      hint: "say with `until` when it is enough, or with `retries` how often a failure is tried again",
    },
  ];
};

const missing = (level: Level, node: MapNode): readonly Diagnostic[] => {
  const needed = { play: "hosts", block: "block", vars_prompt: "name" }[level as string];
  if (needed === undefined) return [];
  const entry = entryOf(node, needed);
  if (entry !== undefined) return level === "play" && isEmpty(entry.value) ? [noHosts(entry)] : [];
  // A misspelt one has been told.
  const unknown = node.entries.map(({ key }) => String(key.value)).filter((name) => !(name in keywordsOf[level]));
  if (unknown.some((name) => suggest(name, Object.keys(keywordsOf[level])) === needed)) return [];
  const span = node.entries[0]?.key.span ?? node.span;
  const message = level === "block" ? '"rescue" and "always" need a "block"' : `a ${level} needs "${needed}"`;
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

const checkValue = (entry: MapEntry, keyword: KeywordEntry): readonly Diagnostic[] => {
  const { key, value } = entry;
  const { type, choices } = keyword;
  if (value.kind === "scalar" && (value.value === null || value.tag === "!vault" || hasMarkers(value.text))) return [];
  const wanted = fits(type, value);
  if (type === "loop" && value.kind === "seq" && value.items.length === 0) return [emptyLoop(entry)];
  if (wanted !== undefined) return [dashWithoutSpace(type, value) ?? wrongType(String(key.value), wanted, value)];
  if (key.value === "vars" && value.kind === "map") return checkNames(value);
  if (type === "serial") return checkSerial(value);
  if (value.kind !== "scalar") return [];
  if (type === "name" && !isVariableName(String(value.value))) return [noVariable(value)];
  const range = outOfRange(String(key.value), keyword, value);
  if (range !== undefined) return [range];
  const name = String(value.value).replace(/^(?:ansible\.(?:builtin|legacy)|community\.\w+)\./, "");
  if (choices === undefined || choices.includes(name)) return [];
  const cure = keyword.unsupported?.[name];
  if (cure !== undefined) {
    const message = `"${key.value}: ${value.value}" is Ansible's, and not part of Latchkey`;
    return [{ code: "V04", severity: "error", message, span: value.span, hint: cure }];
  }
  const hint = didYouMean(name, choices);
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

/** Names of variables, which are names in expressions, too. */
const checkNames = ({ entries }: MapNode): readonly Diagnostic[] =>
  entries.filter(({ key }) => !/^[A-Za-z_]\w*$/.test(String(key.value))).map(({ key }) => noVariable(key));

const noVariable = ({ value, span }: ScalarNode): Diagnostic => ({
  code: "V06",
  severity: "error",
  message: `"${String(value)}" cannot be the name of a variable`,
  span,
  hint: "a name has letters, digits and underscores, and does not begin with a digit",
});

const emptyLoop = ({ key, value }: MapEntry): Diagnostic => ({
  code: "V13",
  severity: "warning",
  message: `the list of "${key.value}" is empty, so that the task never runs`,
  span: value.span,
});

/** What a number is outside of: an error where the run would refuse it or do what nobody means. */
const outOfRange = (name: string, { type, min, max, most }: KeywordEntry, node: ScalarNode): Diagnostic | undefined => {
  if (type !== "int" && type !== "number") return undefined;
  const number = Number(String(node.value).replace(/%$/, ""));
  const found = (severity: Diagnostic["severity"], wanted: string): Diagnostic => ({
    code: "V34",
    severity,
    message: `"${name}" is ${node.text}; expected ${wanted}`,
    span: node.span,
  });
  if (min !== undefined && number < min) {
    return found("error", max === undefined ? `${min} or more` : `a number from ${min} to ${max}`);
  }
  if (max !== undefined && number > max) return found("error", `a number from ${min ?? 0} to ${max}`);
  return most !== undefined && number > most
    ? found("warning", `at most ${most}: more can never be reached`)
    : undefined;
};

/** A number of hosts, or a share of them, or a list of these. */
const checkSerial = (value: Node): readonly Diagnostic[] => {
  const items = value.kind === "seq" ? value.items : [value];
  return items.flatMap((item): readonly Diagnostic[] => {
    if (item.kind !== "scalar" || hasMarkers(item.text)) return [];
    const text = String(item.value).trim();
    const wanted = 'expected a number of hosts, a share such as "25%", or a list of these';
    const found = { span: item.span, message: `"serial" is ${item.text}; ${wanted}` } as const;
    if (!/^-?[0-9]+(?:\.[0-9]+)?%?$/.test(text)) return [{ code: "V06", severity: "error", ...found }];
    const number = Number.parseFloat(text);
    if (number < 0) return [{ code: "V34", severity: "error", ...found }];
    const hint = "leave it out where all hosts go at once";
    return number === 0 && !text.endsWith("%") ? [{ code: "V34", severity: "warning", ...found, hint }] : [];
  });
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
    case "name":
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
