import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean, respell, suggest } from "../diagnostics/suggest.ts";
import {
  explainMissingModule,
  findModule,
  looksLikeModule,
  type ModuleEntry,
  moduleNames,
} from "../modules/registry.ts";
import { canonicalName, optionsSchema } from "../schema/examine.ts";
import type { MapEntry, MapNode } from "../source/node.ts";
import { lookupNames, refusedLookups } from "../vars/lookups.ts";
import { keywordsOf, type Level, unsupportedKeywords } from "./keywords.ts";

/** The call of a module in a task, and every key that is no keyword of the level. */
export interface Call {
  readonly entry: MapEntry | undefined;
  readonly module: ModuleEntry | undefined;
  readonly others: readonly MapEntry[];
}

/** Finds the one key of a task that names its module, and reports every other key that does not belong there. */
export const findCall = async (level: Level, node: MapNode, diagnostics: Diagnostic[]): Promise<Call> => {
  const others = node.entries.filter((entry) => !(nameOf(entry) in keywordsOf[level]));
  const strange = others.filter((entry) => !reportUnsupported(level, entry, diagnostics));
  const candidates = strange.filter((entry) => looksLikeModule(nameOf(entry)));
  // `gather_facts` is a module to Ansible; beside one of ours it is a play's keyword at the wrong place.
  const ours = candidates.filter((entry) => findModule(nameOf(entry)) !== undefined);
  const calls = ours.length > 0 ? candidates.filter((entry) => ours.includes(entry) || !isKeyword(entry)) : candidates;
  const [entry, second] = calls;
  if (entry === undefined) {
    if (strange.length === others.length) reportNoModule(level, node, strange, diagnostics);
    return { entry: undefined, module: undefined, others };
  }
  const outside = await optionsOutside(entry, strange);
  if (outside !== undefined) {
    diagnostics.push(outside);
    return { entry: undefined, module: undefined, others };
  }
  for (const other of strange) if (!calls.includes(other)) diagnostics.push(unknownKey(level, other));
  if (second !== undefined) {
    diagnostics.push({
      code: "V03",
      severity: "error",
      message: `a task calls one module, and this one names two: "${nameOf(entry)}" and "${nameOf(second)}"`,
      span: second.key.span,
      related: [{ message: "first module here", span: entry.key.span }],
    });
    return { entry: undefined, module: undefined, others };
  }
  const module = findModule(nameOf(entry));
  if (module === undefined) diagnostics.push(explainMissingModule(nameOf(entry), entry.key.span));
  return { entry, module, others };
};

/** Options that stand beside their module's key and not below it: told once, where the first of them is. */
const optionsOutside = async (entry: MapEntry, strange: readonly MapEntry[]): Promise<Diagnostic | undefined> => {
  if (strange.length < 2 || entry.value.kind !== "scalar" || entry.value.value !== null) return undefined;
  const module = await findModule(nameOf(entry))?.load();
  if (module === undefined) return undefined;
  const isOption = (other: MapEntry): boolean =>
    Object.hasOwn(optionsSchema(module).properties, canonicalName(module, nameOf(other)));
  const option = strange.find((other) => other !== entry && isOption(other));
  if (option === undefined) return undefined;
  return {
    code: "V02",
    severity: "error",
    message: `"${nameOf(option)}" is an option of "${nameOf(entry)}", and stands beside it`,
    span: option.key.span,
    hint: "indent the options of a module further than its name",
    related: [{ message: "the module", span: entry.key.span }],
  };
};

const isKeyword = (entry: MapEntry): boolean => Object.values(keywordsOf).some((keywords) => nameOf(entry) in keywords);

const nameOf = (entry: MapEntry): string => String(entry.key.value);

/** Reports a keyword that Ansible has and we do not; false where the key is something else. */
export const reportUnsupported = (level: Level, entry: MapEntry, diagnostics: Diagnostic[]): boolean => {
  const name = nameOf(entry);
  const cure = unsupportedKeywords[name] ?? unsupportedLoop(name);
  // A module may have the name of a keyword of another level: `user` is one of a play in Ansible.
  const isModule = level !== "play" && findModule(name) !== undefined;
  if (cure === undefined || name in keywordsOf.task || isModule) return false;
  diagnostics.push({
    code: "V04",
    severity: "error",
    message: `"${name}" is Ansible's, and not part of Latchkey`,
    span: entry.key.span,
    hint: cure,
  });
  return true;
};

/** What to do instead of a loop over a lookup that has no keyword here. */
const unsupportedLoop = (name: string): string | undefined => {
  const [, collection, lookup = ""] = /^with_(\w+\.\w+\.)?(\w+)$/.exec(name) ?? [];
  if (collection === "ansible.builtin." && lookupNames.includes(lookup)) return `write with_${lookup}`;
  if (collection !== undefined) return "only lookups of ansible.builtin are known here: write the list with loop";
  return refusedLookups[lookup];
};

/** Ansible takes it and forgets it: the tasks that are imported have their own. */
const doesNothing = (name: string, entry: MapEntry): Diagnostic => ({
  code: "V02",
  severity: "warning",
  message: `"${name}" does nothing on an import`,
  span: entry.key.span,
  hint: "write it at the tasks that are imported, or include them instead",
});

const levelName = (level: Level): string => {
  if (level.includes("_")) return level;
  return `${level === "import" || level === "include" ? "an" : "a"} ${level}`;
};

/** What is wrong with a key that is neither a keyword of this level nor a module. */
export const unknownKey = (level: Level, entry: MapEntry): Diagnostic => {
  const name = nameOf(entry);
  if (level === "import" && name in keywordsOf.task && !/^(?:loop|with_)/.test(name)) return doesNothing(name, entry);
  const elsewhere = (["play", "block", "task", "handler"] as const).find((other) => name in keywordsOf[other]);
  const apply = level === "include" && name in keywordsOf.import;
  const allowed = Object.keys(keywordsOf[level]).toSorted();
  return {
    code: "V02",
    severity: "error",
    message: `unknown keyword "${name}" in ${levelName(level)}`,
    span: entry.key.span,
    hint: apply
      ? `an include hands none of its keywords on: write it under \`apply\` of the module`
      : elsewhere === undefined
        ? (didYouMean(name, allowed) ?? `expected one of ${allowed.join(", ")}`)
        : `"${name}" belongs to a ${elsewhere}, not here`,
    ...(apply || elsewhere !== undefined ? {} : respell(name, allowed, entry.key.span)),
  };
};

/** No key is a module: the first strange key is the misspelt one, of a module or of a keyword, whichever is closer. */
const reportNoModule = (level: Level, node: MapNode, strange: readonly MapEntry[], diagnostics: Diagnostic[]): void => {
  const [first] = strange;
  if (first === undefined) {
    diagnostics.push({
      code: "V03",
      severity: "error",
      message: "this task calls no module",
      span: node.entries[0]?.key.span ?? node.span,
      hint: "add the name of a module as a key, such as `command:`",
    });
    return;
  }
  const called =
    strange.find((entry) => suggest(nameOf(entry), moduleNames()) !== undefined) ??
    strange.find((entry) => suggest(nameOf(entry), Object.keys(keywordsOf[level])) === undefined) ??
    first;
  for (const entry of strange) {
    diagnostics.push(entry === called ? explainMissingModule(nameOf(entry), entry.key.span) : unknownKey(level, entry));
  }
};
