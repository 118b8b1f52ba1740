import type { Arguments } from "./evaluate/arguments.ts";
import type { Evaluation, Test } from "./evaluate/evaluation.ts";
import { compare } from "./evaluate/expression.ts";
import { Fault } from "./evaluate/fault.ts";
import { Callable, Float, isList, type Live, numberOf, truthy, typeName, Undefined } from "./evaluate/live.ts";
import { requireText } from "./filters/filter.ts";
import { regexOf } from "./filters/regexes.ts";
import { urlParts } from "./filters/urls.ts";
import { contains, equal } from "./python/compare.ts";
import { mapView } from "./python/map-view.ts";
import { text } from "./python/text.ts";
import { compareVersions } from "./python/version.ts";
import { resultTests } from "./result-tests.ts";
import type { ComparisonOperator } from "./syntax/expression.ts";

const test = (parameters: string, run: (value: Live, args: Arguments, evaluation: Evaluation) => boolean): Test => ({
  parameters: parameters === "" ? [] : parameters.split(" "),
  run,
});

const comparing = (operator: ComparisonOperator): Test =>
  test("other", (value, args) => compare(operator, value, args.required("other")));

const matching = (type: "match" | "search" | "fullmatch" | undefined): Test =>
  test(
    type === undefined ? "pattern ignorecase multiline match_type" : "pattern ignorecase multiline",
    (value, args) => {
      const how = type ?? args.text("match_type", "search");
      if (how !== "match" && how !== "search" && how !== "fullmatch") {
        throw new Fault(`the test 'regex' does not know the match_type '${how}'`);
      }
      const regex = regexOf(args.requiredText("pattern"), {
        ignoreCase: args.boolean("ignorecase", false),
        multiline: args.boolean("multiline", false),
      });
      return matches(regex, text(value), how);
    },
  );

const matches = (regex: RegExp, subject: string, how: "match" | "search" | "fullmatch"): boolean => {
  if (how === "search") return regex.test(subject);
  // The beginning is where Python's match() starts, in multiline mode too.
  const anchored = new RegExp(
    `(?:${regex.source})${how === "fullmatch" ? "(?![\\s\\S])" : ""}`,
    `${regex.flags.replace("g", "")}y`,
  );
  return anchored.test(subject);
};

const operators: Readonly<Record<string, (order: number) => boolean>> = {
  "==": (order) => order === 0,
  "=": (order) => order === 0,
  eq: (order) => order === 0,
  "!=": (order) => order !== 0,
  "<>": (order) => order !== 0,
  ne: (order) => order !== 0,
  "<": (order) => order < 0,
  lt: (order) => order < 0,
  "<=": (order) => order <= 0,
  le: (order) => order <= 0,
  ">": (order) => order > 0,
  gt: (order) => order > 0,
  ">=": (order) => order >= 0,
  ge: (order) => order >= 0,
};

const version = test("version operator strict version_type", (value, args) => {
  const type = args.text("version_type", args.boolean("strict", false) ? "strict" : "loose");
  const scheme = type === "semantic" ? "semver" : type;
  if (scheme !== "loose" && scheme !== "strict" && scheme !== "semver" && scheme !== "pep440") {
    throw new Fault(`there is no version_type '${type}': use loose, strict, semver or pep440`);
  }
  const name = args.text("operator", "eq");
  const holds = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (holds === undefined)
    throw new Fault(`Invalid operator type (${name}): use one of ${Object.keys(operators).join(", ")}`);
  const other = text(args.required("version"));
  const subject = text(value);
  if (subject === "" || !truthy(value)) throw new Fault("Input version value cannot be empty");
  if (other === "") throw new Fault("Version parameter to compare against cannot be empty");
  const order = compareVersions(subject, other, scheme);
  if (!order.ok) throw new Fault(`Version comparison failed: ${order.error}`);
  return holds(order.value);
});

const subset = (evaluation: Evaluation, inner: Live, outer: Live): boolean => {
  const all = evaluation.items(outer);
  return evaluation.items(inner).every((item) => contains(all, item));
};

const real = (value: Live, name: string): number => {
  const number = numberOf(value);
  if (number === undefined) throw new Fault(`the test '${name}' needs a number, not ${typeName(value)}`);
  return number.n;
};

const isText = test("", (value) => typeof value === "string");
const isNumber = test("", (value) => numberOf(value) !== undefined);
const convertible = (value: Live, args: Arguments): Live => {
  if (!args.boolean("convert_bool", false) || typeof value !== "string") return value;
  const word = value.trim().toLowerCase();
  if (["y", "yes", "on", "1", "true", "t", "1.0"].includes(word)) return true;
  return ["n", "no", "off", "0", "false", "f", "0.0"].includes(word) ? false : value;
};

const isNan = test("", (value) => Number.isNaN(numberOf(value)?.n));

const path = (wanted: readonly (string | undefined)[]): Test =>
  test("", (value, _args, evaluation) =>
    wanted.includes(evaluation.context.lookups.fileKind(requireText(value, "path"))));

const isLink = test("", (value, _args, evaluation) => evaluation.context.lookups.isLink(requireText(value, "link")));
const isAbsolute = test("", (value) => requireText(value, "abs").startsWith("/"));

/** Whether an address has one of the schemes that are asked for, any where none is. */
const hasScheme = (scheme: Live | undefined, args: Arguments, evaluation: Evaluation): boolean => {
  const schemes = args.get("schemes") ?? null;
  return schemes === null || contains(evaluation.items(schemes), scheme ?? "");
};

const tests: Readonly<Record<string, Test>> = {
  defined: { parameters: [], accepts: "undefined", run: (value) => !(value instanceof Undefined) },
  undefined: { parameters: [], accepts: "undefined", run: (value) => value instanceof Undefined },
  none: test("", (value) => value === null),
  boolean: test("", (value) => typeof value === "boolean"),
  true: test("", (value) => value === true),
  false: test("", (value) => value === false),
  integer: test("", (value) => typeof value === "number" && Number.isInteger(value)),
  float: test("", (value) => value instanceof Float || (typeof value === "number" && !Number.isInteger(value))),
  number: isNumber,
  string: isText,
  mapping: test("", (value) => mapView(value) !== undefined),
  sequence: test("", (value) => typeof value === "string" || isList(value) || mapView(value) !== undefined),
  iterable: test("", (value) => typeof value === "string" || isList(value) || mapView(value) !== undefined),
  callable: test("", (value) => value instanceof Callable),
  sameas: test("other", (value, args) => {
    const other = args.required("other");
    return (
      value === other || (typeName(value) === typeName(other) && numberOf(value) !== undefined && equal(value, other))
    );
  }),
  truthy: test("convert_bool", (value, args) => truthy(convertible(value, args))),
  falsy: test("convert_bool", (value, args) => !truthy(convertible(value, args))),
  even: test("", (value) => real(value, "even") % 2 === 0),
  odd: test("", (value) => Math.abs(real(value, "odd")) % 2 === 1),
  divisibleby: test("num", (value, args) => {
    const by = args.integer("num", 0);
    if (by === 0) throw new Fault("integer division or modulo by zero");
    return real(value, "divisibleby") % by === 0;
  }),
  lower: test("", (value) => text(value) === text(value).toLowerCase() && text(value) !== text(value).toUpperCase()),
  upper: test("", (value) => text(value) === text(value).toUpperCase() && text(value) !== text(value).toLowerCase()),
  in: test("seq", (value, args) => contains(args.required("seq"), value)),
  contains: test("value", (value, args) => contains(value, args.required("value"))),
  eq: comparing("=="),
  equalto: comparing("=="),
  "==": comparing("=="),
  ne: comparing("!="),
  "!=": comparing("!="),
  lt: comparing("<"),
  lessthan: comparing("<"),
  "<": comparing("<"),
  le: comparing("<="),
  "<=": comparing("<="),
  gt: comparing(">"),
  greaterthan: comparing(">"),
  ">": comparing(">"),
  ge: comparing(">="),
  ">=": comparing(">="),
  any: test("", (value, _args, evaluation) => evaluation.items(value).some(truthy)),
  all: test("", (value, _args, evaluation) => evaluation.items(value).every(truthy)),
  subset: test("other", (value, args, evaluation) => subset(evaluation, value, args.required("other"))),
  issubset: test("other", (value, args, evaluation) => subset(evaluation, value, args.required("other"))),
  superset: test("other", (value, args, evaluation) => subset(evaluation, args.required("other"), value)),
  issuperset: test("other", (value, args, evaluation) => subset(evaluation, args.required("other"), value)),
  nan: isNan,
  isnan: isNan,
  match: matching("match"),
  search: matching("search"),
  regex: matching(undefined),
  version,
  version_compare: version,
  exists: path(["file", "directory", "other"]),
  file: path(["file"]),
  is_file: path(["file"]),
  directory: path(["directory"]),
  is_dir: path(["directory"]),
  abs: isAbsolute,
  is_abs: isAbsolute,
  link: isLink,
  is_link: isLink,
  link_exists: path(["file", "directory", "other"]),
  uri: test("schemes", (value, args, evaluation) =>
    typeof value === "string" && hasScheme(urlParts(value)["scheme"], args, evaluation)),
  url: test("schemes", (value, args, evaluation) => {
    if (typeof value !== "string") return false;
    const { scheme, netloc } = urlParts(value);
    return netloc !== "" && hasScheme(scheme, args, evaluation);
  }),
  ...resultTests,
};

/** The test of a short or fully qualified name. */
export const findTest = (name: string): Test | undefined => {
  const short = name.replace(/^ansible\.(?:builtin|legacy)\./, "");
  return Object.hasOwn(tests, short) ? tests[short] : undefined;
};

/** The names of all tests. */
export const testNames: readonly string[] = Object.keys(tests);

const mounts = "ask the host: `command: mountpoint -q PATH`, and look at its rc";
const sameFile = "compare what the filter realpath says of both";

/** Tests of Ansible and Jinja that are deliberately not here, with what to do instead. */
export const refusedTests: Readonly<Record<string, string>> = {
  vault_encrypted: "a `!vault` value opens by itself; a text begins with $ANSIBLE_VAULT: use match",
  vaulted_file: "look at its beginning: lookup('file', …) opens it by itself",
  mount: mounts,
  is_mount: mounts,
  same_file: sameFile,
  is_same_file: sameFile,
  urn: "use match('urn:')",
  escaped: "leave it out: nothing here is escaped for HTML",
  filter: "leave it out: which filters there are is checked before the run",
  test: "leave it out: which tests there are is checked before the run",
};
