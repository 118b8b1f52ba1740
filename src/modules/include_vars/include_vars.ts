import { err, ok, type Result } from "../../util/result.ts";
import { LazyMap, type Plain, Template, type Value, type ValueMap } from "../../vars/value.ts";
import type { ControllerContext, ControllerModule, ControllerResult, VarsFromFile } from "../module.ts";
import { type IncludeVarsArguments, includeVarsSchema, includeVarsReturns } from "./include_vars.schema.ts";

/** Reads variables of the host from files of the controller. */
export const includeVars: ControllerModule<IncludeVarsArguments> = {
  runs: "controller",
  name: "ansible.builtin.include_vars",
  summary: "Reads variables of the host from files of the controller.",
  schema: includeVarsSchema,
  freeForm: "file",
  rules: { exclusive: [["file", "dir"]], oneOf: [["file", "dir"]] },
  normalize: (args) => {
    if (args.files_matching === undefined) return ok(args);
    try {
      RegExp(args.files_matching);
      return ok(args);
    } catch {
      return err(`files_matching is not a regular expression: ${args.files_matching}`);
    }
  },
  run: (args, context) => include(args, context),
  returns: includeVarsReturns,
  examples: `
- name: What is particular to this family of systems
  ansible.builtin.include_vars: "{{ ansible_os_family }}.yml"
`,
};

const include = (args: IncludeVarsArguments, context: ControllerContext): ControllerResult => {
  const paths = args.dir === undefined ? ok([args.file ?? ""]) : filesOf(args.dir, args, context);
  if (!paths.ok) return failed(paths.error, []);
  const read: VarsFromFile[] = [];
  for (const path of paths.value) {
    const file = context.readVars(path);
    if (!file.ok) return failed(file.error, read);
    read.push(file.value);
  }
  const all: ValueMap = Object.assign({}, ...read.map((file) => file.vars));
  const facts = args.name === undefined ? all : { [args.name]: all };
  const fields = { ansible_facts: shown(facts), ansible_included_var_files: read.map((file) => file.path) };
  return { outcome: "ok", fields, facts };
};

const failed = (message: string, read: readonly VarsFromFile[]): ControllerResult => {
  const files = read.map((file) => file.path);
  return {
    outcome: "failed",
    fields: { ansible_facts: {}, ansible_included_var_files: files, message, msg: message },
  };
};

/** The files of a folder to read, folder by folder; an error where one has an ending that is none of the allowed. */
const filesOf = (
  dir: string,
  args: IncludeVarsArguments,
  context: ControllerContext,
): Result<readonly string[], string> => {
  const listed = context.listFiles(dir);
  if (!listed.ok) return listed;
  const matching = args.files_matching === undefined ? undefined : new RegExp(args.files_matching);
  const ignored = args.ignore_files ?? [];
  const wanted = listed.value.filter((path) => {
    const name = baseName(path);
    const near = args.depth === 0 || path.split("/").length <= args.depth;
    const isIgnored = ignored.some((pattern) => name === pattern || matchesEnd(pattern, name));
    return near && !isIgnored && (matching === undefined || matching.test(name));
  });
  const known = wanted.filter((path) => args.extensions.includes(ending(path)));
  const [strange] = wanted.filter((path) => !known.includes(path));
  if (strange !== undefined && !args.ignore_unknown_extensions) {
    return err(`${dir}/${strange} does not have a valid extension: ${args.extensions.join(", ")}`);
  }
  return ok(known.toSorted(byFolder).map((path) => `${dir}/${path}`));
};

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const ending = (path: string): string => baseName(path).split(".").slice(1).at(-1) ?? "";

/** An ignored name is a regular expression from the name's beginning in Ansible; a broken one matches only itself. */
const matchesEnd = (pattern: string, name: string): boolean => {
  try {
    return new RegExp(`^(?:${pattern})$`).test(name);
  } catch {
    return false;
  }
};

const byFolder = (a: string, b: string): number => {
  const [folderA, folderB] = [a, b].map((path) => path.slice(0, path.lastIndexOf("/") + 1));
  if (folderA !== folderB) return (folderA ?? "") < (folderB ?? "") ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
};

/** Variables as a result shows them: templates as they are written. */
const shown = (value: Value): Plain => {
  if (value instanceof Template) return value.source;
  if (value instanceof LazyMap || typeof value !== "object" || value === null)
    return value instanceof LazyMap ? null : value;
  if (Array.isArray(value)) return value.map(shown);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item as Value)]));
};
