import { randomInt } from "node:crypto";
import { posix } from "node:path";
import { type Lookup, withTrailingNewlines } from "./evaluate/evaluation.ts";
import { run } from "./evaluate/statements.ts";
import { Fault } from "./evaluate/fault.ts";
import { Locals } from "./evaluate/locals.ts";
import { isList, type Live, mapOf, truthy, Tuple, typeName, Undefined } from "./evaluate/live.ts";
import { regexOf } from "./filters/regexes.ts";
import { candidates } from "./find-file.ts";
import { csvfile } from "./lookups/csvfile.ts";
import { firstFound } from "./lookups/first-found.ts";
import { ini } from "./lookups/ini.ts";
import { password } from "./lookups/password.ts";
import { readText } from "./lookups/read-text.ts";
import { sequence } from "./lookups/sequence.ts";
import { url } from "./lookups/url.ts";
import { mapView } from "./python/map-view.ts";
import { text } from "./python/text.ts";
import { parsedFile } from "./syntax/parsed.ts";
import { fileSyntax } from "./syntax/scan.ts";

type Options = ReadonlyMap<string, Live>;

const allow = (options: Options, name: string, allowed: readonly string[]): void => {
  for (const option of options.keys()) {
    if (!allowed.includes(option)) throw new Fault(`the lookup '${name}' has no option '${option}'`);
  }
};

const flag = (options: Options, name: string, fallback: boolean): boolean => {
  const value = options.get(name);
  return value === undefined ? fallback : truthy(value);
};

const file: Lookup = (terms, options, evaluation) => {
  allow(options, "file", ["rstrip", "lstrip"]);
  return terms.map((term) => {
    let content = readText(text(term), "files", evaluation);
    if (flag(options, "lstrip", false)) content = content.trimStart();
    return flag(options, "rstrip", true) ? content.trimEnd() : content;
  });
};

const unvault: Lookup = (terms, options, evaluation) => {
  allow(options, "unvault", []);
  return terms.map((term) => readText(text(term), "files", evaluation));
};

const delimiters = [
  "variable_start_string",
  "variable_end_string",
  "comment_start_string",
  "comment_end_string",
] as const;

/** The options of the lookup `template`; data are never made of its text, whatever `convert_data` says. */
export const templateOptions: readonly string[] = [
  "convert_data",
  "jinja2_native",
  "template_vars",
  "trim_blocks",
  "lstrip_blocks",
  ...delimiters,
];

const template: Lookup = (terms, options, evaluation) => {
  allow(options, "template", templateOptions);
  const marks = delimiters.flatMap((name): [string, string][] => {
    const mark = options.get(name) ?? null;
    return mark === null ? [] : [[name, text(mark)]];
  });
  const syntax = {
    ...fileSyntax,
    ...Object.fromEntries(marks),
    trim_blocks: flag(options, "trim_blocks", true),
    lstrip_blocks: flag(options, "lstrip_blocks", false),
  };
  const locals = new Locals();
  const added = options.get("template_vars") ?? null;
  const names = added === null ? {} : mapView(added);
  if (names === undefined) throw new Fault(`template_vars needs a mapping, not ${typeName(added)}`);
  for (const [name, value] of Object.entries(names)) locals.set(name, value);
  return terms.map((term) => {
    const source = readText(text(term), "templates", evaluation);
    const parsed = parsedFile(source, syntax);
    if (!parsed.ok) throw new Fault(`template error in ${text(term)}: ${parsed.error.message}`);
    const value = evaluation.settle(evaluation.nested(() => run(parsed.value, evaluation, locals)));
    return withTrailingNewlines(value === null ? "" : text(value), source);
  });
};

const env: Lookup = (terms, options, evaluation) => {
  allow(options, "env", ["default"]);
  const fallback = options.get("default") ?? "";
  return terms.map((term) => evaluation.context.lookups.env[text(term).split(/\s/)[0] ?? ""] ?? fallback);
};

const pipe: Lookup = (terms, options, evaluation) => {
  allow(options, "pipe", []);
  return terms.map((term) => {
    const output = evaluation.context.lookups.runPipe(text(term));
    if (!output.ok) throw new Fault(`lookup pipe (${text(term)}): ${output.error}`);
    return output.value.trimEnd();
  });
};

const vars: Lookup = (terms, options, evaluation) => {
  allow(options, "vars", ["default"]);
  const fallback = options.get("default");
  return terms.map((term) => {
    if (typeof term !== "string") throw new Fault(`Invalid setting identifier, "${text(term)}" is not a string`);
    const value = evaluation.variable(term);
    if (!(value instanceof Undefined)) return value;
    if (fallback !== undefined) return fallback;
    throw value.fault();
  });
};

const varnames: Lookup = (terms, _options, evaluation) => {
  const names = [...new Set(evaluation.context.names())];
  return terms.flatMap((term) => {
    const pattern = regexOf(text(term), {});
    return names.filter((name) => name.search(pattern) !== -1);
  });
};

const dict: Lookup = (terms) =>
  terms
    .flatMap((term) => (isList(term) ? term : [term]))
    .flatMap((term) => {
      const map = mapView(term);
      if (map === undefined) throw new Fault(`with_dict expects a dict, not ${typeName(term)}`);
      return Object.entries(map).map(([key, value]) =>
        mapOf([
          ["key", key],
          ["value", value],
        ]),
      );
    });

const fileglob: Lookup = (terms, _options, evaluation) => {
  const { lookups } = evaluation.context;
  return terms.flatMap((term) => {
    const pattern = text(term);
    const folder = posix.dirname(pattern);
    const name = globPattern(posix.basename(pattern));
    const directory = candidates(folder, "files", lookups).find((path) => lookups.fileKind(path) === "directory");
    if (directory === undefined) return [];
    return lookups
      .list(directory)
      .filter((entry) => entry.search(name) !== -1)
      .map((entry) => posix.join(directory, entry))
      .filter((path) => lookups.fileKind(path) === "file");
  });
};

/** A shell's file name pattern; a leading dot is matched only by a dot. */
const globPattern = (glob: string): RegExp => {
  const body = glob.replace(/\[!?[^\]]+\]|[*?]|[\\^$.+()[\]{}|]/g, (part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    return part.length > 1 ? part.replace("[!", "[^") : `\\${part}`;
  });
  return regexOf(`^${glob.startsWith(".") ? "" : "(?!\\.)"}${body}\\Z`, { dotAll: true });
};

const nested: Lookup = (terms, _options, evaluation) =>
  terms
    .map((term) => evaluation.items(term))
    .reduce<Live[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);

const together: Lookup = (terms, _options, evaluation) => {
  const lists = terms.map((term) => evaluation.items(term));
  if (lists.length === 0) throw new Fault("with_together requires at least one element in each list");
  const size = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: size }, (_, index) => lists.map((list) => list[index] ?? null));
};

const flatOnce = (terms: readonly Live[]): Live[] => terms.flatMap((term) => (isList(term) ? [...term] : [term]));

/** Like the filter of this name; but what went into the second of each pair is gone from the first. */
const subelements: Lookup = (terms, _options, evaluation) => {
  const [elements, key, flags] = terms;
  const skip = flags === undefined ? false : truthy(mapView(flags)?.["skip_missing"] ?? false);
  const positional = [key ?? null, skip];
  const pairs = evaluation.items(
    evaluation.callFilter("subelements", elements ?? null, { positional, named: new Map() }),
  );
  const path = text(key ?? null).split(".");
  return pairs.flatMap((pair) => {
    const [first = null, second = null] = evaluation.items(pair);
    const isSkipped = truthy(mapView(first)?.["skipped"] ?? false);
    return isSkipped ? [] : [Tuple.of2(withoutPath(first, path), second)];
  });
};

const withoutPath = (value: Live, [key = "", ...rest]: readonly string[]): Live => {
  const map = mapView(value);
  if (map === undefined) return value;
  const entries = Object.entries(map).flatMap(([name, item]): [string, Live][] => {
    if (name !== key) return [[name, item]];
    return rest.length === 0 ? [] : [[name, withoutPath(item, rest)]];
  });
  return mapOf(entries);
};

const flatFully = (terms: readonly Live[]): Live[] =>
  terms.flatMap((term) => (isList(term) ? flatFully([...term]) : [term]));

const inventoryHostnames: Lookup = (terms, _options, { context }) => {
  if (context.hosts === undefined) throw new Fault("the hosts of the inventory are not known here");
  return [...context.hosts(terms.map(text))];
};

const lookups: Readonly<Record<string, Lookup>> = {
  file,
  unvault,
  template,
  env,
  pipe,
  vars,
  varnames,
  dict,
  fileglob,
  first_found: firstFound,
  csvfile,
  ini,
  password,
  sequence,
  list: (terms) => [...terms],
  items: flatOnce,
  flattened: flatFully,
  inventory_hostnames: inventoryHostnames,
  indexed_items: (terms) => flatOnce(terms).map((item, index) => Tuple.of2(index, item)),
  nested,
  cartesian: nested,
  together,
  lines: (terms, options, evaluation) => pipe(terms, options, evaluation).flatMap((output) => text(output).split("\n")),
  random_choice: (terms) => {
    const items = flatOnce(terms);
    return items.length === 0 ? [] : [items[randomInt(items.length)] ?? null];
  },
  subelements,
  url,
};

/** The lookup of a short or fully qualified name. */
export const findLookup = (name: string): Lookup | undefined => {
  const short = name.replace(/^ansible\.(?:builtin|legacy)\./, "");
  return Object.hasOwn(lookups, short) ? lookups[short] : undefined;
};

/** The names of all lookups. */
export const lookupNames: readonly string[] = Object.keys(lookups);

/** Lookups of Ansible that are deliberately not here, with what to do instead. */
export const refusedLookups: Readonly<Record<string, string>> = {
  config: "there is no ansible.cfg here: write the value as a variable",
};
