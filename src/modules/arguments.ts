import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { checkIgnored } from "../schema/check-ignored.ts";
import { canonicalName, examine, type GivenOption, optionsSchema } from "../schema/examine.ts";
import { type Given, unknownYet } from "../schema/coerce.ts";
import { describeProblem } from "../schema/describe-problem.ts";
import { cureOfOption } from "../schema/foreign-options.ts";
import { ansibleMessage, type ArgumentProblem, type ProblemContext } from "../schema/problem.ts";
import type { MapEntry, MapNode, Node, ScalarNode } from "../source/node.ts";
import type { Span } from "../source/source-file.ts";
import { err, ok, type Result } from "../util/result.ts";
import { hasMarkers, isUnrendered } from "../vars/from-node.ts";
import type { Plain, PlainMap } from "../vars/value.ts";
import { checkScalars } from "./check-scalars.ts";
import { parseFreeForm } from "./free-form.ts";
import type { Module } from "./module.ts";

/** The arguments of a task as one mapping, whichever way they were written, and what is wrong with the writing. */
export interface WrittenArguments {
  readonly map: MapNode;
  readonly problems: readonly Diagnostic[];
}

/**
 * Brings together what stands under the module's key (a mapping, `k=v k=v`, or a free-form text) and under `args`,
 * where the module's own win. A free-form text becomes the option that the module names for it.
 */
export const readArguments = (module: Module, key: ScalarNode, node: Node, args?: MapNode): WrittenArguments => {
  const problems: Diagnostic[] = [];
  const own = ownEntries(module, key, node, problems);
  const names = new Set(own.map((entry) => canonicalName(module, String(entry.key.value))));
  const added = (args?.entries ?? []).filter((entry) => !names.has(canonicalName(module, String(entry.key.value))));
  return { map: { kind: "map", entries: [...added, ...own], span: node.span }, problems };
};

const ownEntries = (module: Module, key: ScalarNode, node: Node, problems: Diagnostic[]): readonly MapEntry[] => {
  if (node.kind === "map") return node.entries;
  const subject = `module "${shortName(module)}"`;
  if (node.kind === "seq") {
    problems.push(wrong(`${subject} takes a mapping of options, not a list`, node.span));
    return [];
  }
  if (node.value === null || node.value === "") return [];
  const text = typeof node.value === "string" ? node.value : node.text;
  const parsed = parseFreeForm(text, optionTest(module));
  if (!parsed.ok) {
    problems.push(wrong(parsed.error, node.span));
    return [];
  }
  const { pairs, rest } = parsed.value;
  const entries: MapEntry[] = pairs.map((pair) => {
    const span = partSpan(node, text, pair.start, pair.end);
    return { key: scalar(pair.key, span), value: scalar(pair.value, span, node.tag) };
  });
  if (rest === "") return entries;
  if (module.freeForm !== undefined) {
    return [...entries, { key: scalar(module.freeForm, key.span), value: scalar(rest, node.span, node.tag) }];
  }
  const allowed = Object.keys(optionsSchema(module).properties).toSorted().join(", ");
  problems.push({
    ...wrong(`${subject} takes options, not the text "${rest}"`, node.span),
    hint: module.anyOptions === true ? "write them as a mapping below it" : `its options are ${allowed}`,
  });
  return entries;
};

/** With a free-form text only real options are pairs: `FOO=1 make` is text. */
const optionTest = (module: Module): ((key: string) => boolean) => {
  const { freeForm } = module;
  if (freeForm === undefined) return () => true;
  const { properties } = optionsSchema(module);
  return (key) => {
    const name = canonicalName(module, key);
    return name !== freeForm && Object.hasOwn(properties, name) && properties[name]?.type !== "array";
  };
};

const scalar = (value: string, span: Span, tag?: ScalarNode["tag"]): ScalarNode => ({
  kind: "scalar",
  value,
  text: value,
  style: "double",
  ...(tag === undefined ? {} : { tag }),
  span,
});

/** The exact place where the source shows the text as it is (no escapes, no folding), else the whole scalar. */
const partSpan = (node: ScalarNode, text: string, start: number, end: number): Span => {
  const source = node.span.file.text;
  const from = [node.span.start, node.span.start + 1].find((at) => source.startsWith(text, at));
  return from === undefined ? node.span : { ...node.span, start: from + start, end: from + end };
};

const wrong = (message: string, span: Span): Diagnostic => ({ code: "V11", severity: "error", message, span });

/**
 * Checks the arguments of a task before anything runs: names, types, choices, and rules between options. A value with a
 * template in it passes, and is checked again after rendering. `key` is the module's key in the task. Where `incomplete`,
 * more options may come from elsewhere (module_defaults), so that what is missing is no finding yet.
 */
export const checkArguments = (
  module: Module,
  key: ScalarNode,
  map: MapNode,
  { incomplete = false } = {},
): readonly Diagnostic[] => {
  const entries = map.entries.map((entry) => ({ name: String(entry.key.value), entry }));
  const options = entries.map(({ name, entry }): GivenOption => {
    const { value } = entry;
    return { name, value: givenValue(value), maybe: value.kind === "scalar" && /\bomit\b/.test(value.text) };
  });
  // What Ansible has and we do not is no mistake before it has a value: roles hand options through.
  const handed = options.filter(
    ({ name, maybe }) => maybe !== true || cureOfOption(shortName(module), name) === undefined,
  );
  const { values, problems: all } = examine(module, handed);
  const problems = incomplete ? all.filter((problem) => !missingKinds.has(problem.kind)) : withoutEchoes(module, all);
  const places = new Map(entries.map(({ name, entry }) => [canonicalName(module, name), entry]));
  const names = optionNames(module);
  const where = { module: shortName(module), names, freeForm: module.freeForm, key: key.span, places };
  const diagnostics = [
    ...duplicates(module, entries),
    ...problems.flatMap((problem) => describeProblem(problem, where)),
  ];
  const warnings = checkScalars(module, entries);
  if (diagnostics.length > 0 || incomplete) return [...diagnostics, ...warnings];
  const problem = normalizeProblem(module, values, where);
  return [...(problem.length > 0 ? problem : withoutEffect(module, key, places, values)), ...warnings];
};

/** Options, or a whole task, that change nothing. */
const withoutEffect = (
  module: Module,
  key: ScalarNode,
  places: ReadonlyMap<string, MapEntry>,
  values: ReadonlyMap<string, Given>,
): readonly Diagnostic[] => {
  const written = new Set(places.keys());
  const effects = module.rules?.effects;
  if (effects !== undefined && !effects.some((option) => written.has(option))) {
    const message = `module "${shortName(module)}" changes nothing with these options alone`;
    const hint = `expected one of ${effects.join(", ")} as well`;
    return [{ code: "V13", severity: "warning", message, span: key.span, hint }];
  }
  return checkIgnored(module, written, values).map(({ option, because }) => ({
    code: "V12",
    severity: "warning",
    message: `option "${option}" of module "${shortName(module)}" has no effect ${because}`,
    span: places.get(option)?.key.span ?? key.span,
    hint: "remove it",
  }));
};

/** Leaves out that an option is missing where a misspelt one stands for it: one mistake, one finding. */
const withoutEchoes = (module: Module, problems: readonly ArgumentProblem[]): readonly ArgumentProblem[] => {
  const unknown = problems.flatMap((problem) => (problem.kind === "unknown" ? problem.options : []));
  const meant = new Set(unknown.map((option) => suggest(option, optionNames(module))));
  return problems.flatMap((problem): readonly ArgumentProblem[] => {
    if (problem.kind !== "missing") return [problem];
    const options = problem.options.filter((option) => !meant.has(option));
    return options.length === 0 ? [] : [{ kind: "missing", options }];
  });
};

/** Problems that one more option could solve. */
const missingKinds: ReadonlySet<ArgumentProblem["kind"]> = new Set([
  "missing",
  "together",
  "one-of",
  "required-if",
  "required-by",
]);

const optionNames = (module: Module): readonly string[] => Object.keys(optionsSchema(module).properties);

const givenValue = (node: Node): Given => {
  switch (node.kind) {
    case "scalar":
      return isUnrendered(node) ? unknownYet : node.value;
    case "seq":
      return node.items.map(givenValue);
    case "map":
      return Object.fromEntries(node.entries.map((entry) => [String(entry.key.value), givenValue(entry.value)]));
  }
};

const duplicates = (
  module: Module,
  entries: readonly { readonly name: string; readonly entry: MapEntry }[],
): readonly Diagnostic[] =>
  entries.flatMap(({ name, entry }, index): readonly Diagnostic[] => {
    const canonical = canonicalName(module, name);
    const earlier = entries.slice(0, index).find((other) => canonicalName(module, other.name) === canonical);
    // Two of the same name are the YAML reader's to report.
    if (earlier === undefined || earlier.name === name) return [];
    const message = `options "${earlier.name}" and "${name}" of module "${shortName(module)}" mean the same; expected one of them`;
    const related = [{ message: "first given here", span: earlier.entry.key.span }];
    return [{ ...wrong(message, entry.key.span), related }];
  });

/** What the module itself has to say, as far as that can be known before rendering: about the option it names first. */
const normalizeProblem = (
  module: Module,
  values: ReadonlyMap<string, Given>,
  { key, places }: { readonly key: Span; readonly places: ReadonlyMap<string, MapEntry> },
): readonly Diagnostic[] => {
  // Where every option is a variable, only the names are judged.
  const known = module.anyOptions === true ? namesAlone(values) : values;
  const args = Object.fromEntries(known) as Readonly<Record<string, Given>>;
  if (module.normalize === undefined || !isPlain(args)) return [];
  const result = module.normalize(args as never);
  if (result.ok) return [];
  const { error } = result;
  const option = error.match(/[A-Za-z_]+/g)?.find((word) => values.has(word));
  const named = [...places].find(([name]) => error.includes(`'${name}'`))?.[1].key.span;
  const place = option === undefined ? named : itemIn(places.get(option)?.value, error);
  return [wrong(`module "${shortName(module)}": ${error}`, place ?? key)];
};

/** Names are judged before their values are known; in the place of what a template makes stands a name, and a value. */
const namesAlone = (values: ReadonlyMap<string, Given>): ReadonlyMap<string, Given> =>
  new Map(
    [...values].map(([name, value]): [string, Given] => [hasMarkers(name) ? "x" : name, isPlain(value) ? value : "x"]),
  );

/** The item of a list that a message quotes, or the whole value. */
const itemIn = (node: Node | undefined, message: string): Span | undefined =>
  (node?.kind === "seq"
    ? node.items.find((item) => item.kind === "scalar" && message.includes(JSON.stringify(item.value)))
    : undefined
  )?.span ?? node?.span;

const isPlain = (value: Given): boolean => {
  if (value === unknownYet) return false;
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isPlain);
};

const shortName = (module: Module): string => module.name.slice(module.name.lastIndexOf(".") + 1);

/**
 * The arguments that a module gets, from rendered values: by canonical name, coerced, with defaults, normalized; null
 * means not given. The error is one sentence in Ansible's words.
 *
 * The value is what the module's own `params` or `run` takes; its type is known only to the module.
 */
export const coerceArguments = (module: Module, plain: PlainMap, name = module.name): Result<PlainMap, string> => {
  const options = Object.entries(plain).map(([option, value]): GivenOption => ({ name: option, value }));
  const { values, problems } = examine(module, options);
  const [problem] = problems;
  if (problem !== undefined) return err(ansibleMessage(problem, problemContext(module, name)));
  const args = Object.fromEntries(values as ReadonlyMap<string, Plain>);
  if (module.normalize === undefined) return ok(args);
  const normalized = module.normalize(args as never);
  // What a module makes of its arguments is data of the same kind, which the module alone knows more closely.
  return normalized.ok ? ok(normalized.value as PlainMap) : normalized;
};

const problemContext = (module: Module, name: string): ProblemContext => ({
  module: name,
  options: optionNames(module),
  aliases: Object.keys(module.optionAliases ?? {}),
});
