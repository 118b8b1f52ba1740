import type { Arguments } from "../evaluate/arguments.ts";
import type { Filter } from "../evaluate/evaluation.ts";
import { Fault } from "../evaluate/fault.ts";
import { type Live, Tuple } from "../evaluate/live.ts";
import { pythonMatches } from "../python/regex-matches.ts";
import { pythonReplacement, replacementProblem } from "../python/regex-replacement.ts";
import { pythonRegex, type RegexFlags } from "../python/regex.ts";
import { text } from "../python/text.ts";
import { filter, type FilterTable } from "./filter.ts";

/** A compiled pattern. @throws Fault where it is wrong or has no counterpart here */
export const regexOf = (pattern: string, flags: RegexFlags): RegExp => {
  const compiled = pythonRegex(pattern, flags);
  if (!compiled.ok) throw new Fault(`the regular expression ${JSON.stringify(pattern)}: ${compiled.error}`);
  return compiled.value;
};

const flagsOf = (args: Arguments): RegexFlags => ({
  ignoreCase: args.boolean("ignorecase", false),
  multiline: args.boolean("multiline", false),
});

const namedFlags = (others: ReadonlyMap<string, Live>): RegexFlags => {
  for (const name of others.keys()) {
    if (name !== "ignorecase" && name !== "multiline") throw new Fault(`unexpected keyword argument '${name}'`);
  }
  return { ignoreCase: others.get("ignorecase") === true, multiline: others.get("multiline") === true };
};

const groupOf = (match: RegExpMatchArray, argument: Live): Live => {
  const [, name, number] = /^\\(?:g<([^>]+)>|(\d+))$/.exec(text(argument)) ?? [];
  if (name === undefined && number === undefined)
    throw new Fault(`unknown argument of regex_search: ${text(argument)}`);
  if (name !== undefined && !/^\d+$/.test(name)) {
    if (match.groups === undefined || !(name in match.groups)) throw new Fault(`no such group: ${name}`);
    return match.groups[name] ?? null;
  }
  const index = Number(number ?? name);
  if (index >= match.length) throw new Fault(`no such group: ${index}`);
  return match[index] ?? null;
};

const search = filter("pattern *groups **options", (value, args) => {
  const match = regexOf(args.requiredText("pattern"), namedFlags(args.others)).exec(text(value));
  if (match === null) return null;
  return args.rest.length === 0 ? match[0] : args.rest.map((group) => groupOf(match, group));
});

const findall = filter("pattern multiline ignorecase", (value, args) => {
  const regex = regexOf(args.requiredText("pattern"), flagsOf(args));
  return pythonMatches(regex, text(value)).map((match) => {
    const groups = match.slice(1).map((group) => group ?? "");
    return groups.length > 1 ? Tuple.fromItems(groups) : (groups[0] ?? match[0]);
  });
});

const replace: Filter = filter("pattern replacement ignorecase multiline count mandatory_count", (value, args) => {
  const regex = regexOf(args.text("pattern", ""), flagsOf(args));
  const template = args.text("replacement", "");
  const problem = replacementProblem(template, regex);
  if (problem !== undefined) throw new Fault(`regex_replace: ${problem}`);
  const replacement = pythonReplacement(template);
  const limit = args.integer("count", 0);
  const subject = text(value);
  let made = 0;
  let result = "";
  let last = 0;
  for (const match of pythonMatches(regex, subject)) {
    if (limit > 0 && made >= limit) break;
    made += 1;
    result += subject.slice(last, match.index) + replacement(match);
    last = match.index + match[0].length;
  }
  const mandatory = args.integer("mandatory_count", 0);
  if (mandatory > 0 && made !== mandatory) {
    throw new Fault(
      `'${text(args.required("pattern"))}' should match ${mandatory} times, but matches ${made} times in '${subject}'`,
    );
  }
  return result + subject.slice(last);
});

const escape = filter("re_type", (value, args) => {
  const type = args.text("re_type", "python");
  if (type === "python") return text(value).replace(/[\t\n\v\f\r !"#$%&'()*+,./:;<=>?@[\\\]^`{|}~-]/g, pythonEscape);
  if (type === "posix_basic") return text(value).replace(/[\].[\\^$*]/g, "\\$&");
  throw new Fault(`Invalid regex type (${type})`);
});

/** Python escapes what can be special, and leaves `!"%',/:;<=>@` and the grave accent alone since 3.7. */
const pythonEscape = (character: string): string =>
  "!\"%',/:;<=>@`".includes(character) ? character : `\\${character}`;

/** Filters about regular expressions. */
export const regexFilters: FilterTable = {
  regex_search: search,
  regex_findall: findall,
  regex_replace: replace,
  regex_escape: escape,
};
