import { err, ok, type Result } from "../../util/result.ts";
import { pythonRegex } from "../../vars/python/regex.ts";
import { pythonReplacement, replacementProblem } from "../../vars/python/regex-replacement.ts";
import type { Decision } from "../edit.ts";
import { linesOf, withoutBreak } from "../text-lines.ts";
import type { LineinfileArguments } from "./lineinfile.schema.ts";

/** The text with the line in it, or without it, by the rules of Ansible's documentation of lineinfile. */
export const editLines = (text: string | undefined, args: LineinfileArguments): Result<Decision, string> => {
  const patterns = compilePatterns(args);
  if (!patterns.ok) return patterns;
  const lines = linesOf(text ?? "");
  return args.state === "absent" ? ok(removeLines(lines, args, patterns.value)) : putLine(lines, args, patterns.value);
};

interface Patterns {
  readonly regexp: RegExp | undefined;
  readonly place: RegExp | undefined;
}

/** Sees file and arguments alike, one character a byte. */
const bytes = (text: string): string => Buffer.from(text).toString("latin1");

const compilePatterns = (args: LineinfileArguments): Result<Patterns, string> => {
  const regexp = compileOne("regexp", args.regexp);
  if (!regexp.ok) return regexp;
  const placeName = args.insertafter === undefined ? "insertbefore" : "insertafter";
  const place = compileOne(placeName, ["EOF", "BOF"].includes(args[placeName] ?? "") ? undefined : args[placeName]);
  if (!place.ok) return place;
  return ok({ regexp: regexp.value, place: place.value });
};

const compileOne = (option: string, pattern: string | undefined): Result<RegExp | undefined, string> => {
  if (pattern === undefined) return ok(undefined);
  const compiled = pythonRegex(bytes(pattern));
  return compiled.ok ? compiled : err(`invalid ${option} "${pattern}": ${compiled.error}`);
};

const search = (pattern: RegExp, text: string): RegExpExecArray | undefined => {
  pattern.lastIndex = 0;
  return pattern.exec(text) ?? undefined;
};

const removeLines = (lines: readonly string[], args: LineinfileArguments, { regexp }: Patterns): Decision => {
  const text = bytes(args.search_string ?? "");
  const line = bytes(args.line ?? "");
  const goes = (current: string): boolean => {
    if (regexp !== undefined) return search(regexp, current) !== undefined;
    return args.search_string === undefined ? withoutBreak(current) === line : current.includes(text);
  };
  const kept = lines.filter((current) => !goes(current));
  const count = lines.length - kept.length;
  return { text: kept.join(""), msg: count === 0 ? "" : `${count} line(s) removed` };
};

const putLine = (lines: readonly string[], args: LineinfileArguments, patterns: Patterns): Result<Decision, string> => {
  const line = bytes(args.line ?? "");
  const found = findMatch(lines, args, patterns.regexp);
  if (found !== undefined) {
    const made = args.backrefs ? expandLine(line, found.match, patterns.regexp) : ok(line);
    return made.ok ? ok(replaceAt(lines, found.index, made.value)) : made;
  }
  const { exact, place } = findPlace(lines, { line, args, pattern: patterns.place });
  if (exact !== undefined) return ok(replaceAt(lines, exact, line));
  // A line with references to groups cannot be made without a match.
  if (args.backrefs) return ok({ text: lines.join(""), msg: "" });
  return ok(insertLine(lines, { line, args, place }));
};

const expandLine = (
  line: string,
  match: RegExpExecArray | undefined,
  regexp: RegExp | undefined,
): Result<string, string> => {
  if (match === undefined || regexp === undefined) return ok(line);
  const problem = replacementProblem(line, regexp);
  return problem === undefined ? ok(pythonReplacement(line)(match)) : err(`invalid line "${line}": ${problem}`);
};

/** The line that regexp or search_string finds: the last one, or the first with firstmatch. */
const findMatch = (
  lines: readonly string[],
  args: LineinfileArguments,
  regexp: RegExp | undefined,
): { readonly index: number; readonly match: RegExpExecArray | undefined } | undefined => {
  const text = args.search_string === undefined ? undefined : bytes(args.search_string);
  const finds = (line: string): boolean =>
    regexp === undefined ? text !== undefined && line.includes(text) : search(regexp, line) !== undefined;
  const index = args.firstmatch ? lines.findIndex(finds) : lines.findLastIndex(finds);
  const line = lines[index];
  if (line === undefined) return undefined;
  return { index, match: regexp === undefined ? undefined : search(regexp, line) };
};

/** Where the line stands already, and where insertafter or insertbefore want a new one. */
const findPlace = (
  lines: readonly string[],
  {
    line,
    args,
    pattern,
  }: { readonly line: string; readonly args: LineinfileArguments; readonly pattern: RegExp | undefined },
): { readonly exact: number | undefined; readonly place: number | undefined } => {
  let exact: number | undefined;
  let place: number | undefined;
  for (const [index, current] of lines.entries()) {
    if (withoutBreak(current) === line) exact = index;
    else if (pattern !== undefined && search(pattern, current) !== undefined) {
      place = args.insertafter === undefined ? index : index + 1;
      if (args.firstmatch) break;
    }
  }
  return { exact, place };
};

const replaceAt = (lines: readonly string[], index: number, line: string): Decision => {
  const whole = line.endsWith("\n") ? line : `${line}\n`;
  if (lines[index] === whole) return { text: lines.join(""), msg: "" };
  return { text: lines.with(index, whole).join(""), msg: "line replaced" };
};

const insertLine = (
  lines: readonly string[],
  {
    line,
    args,
    place,
  }: { readonly line: string; readonly args: LineinfileArguments; readonly place: number | undefined },
): Decision => {
  const atStart = args.insertbefore === "BOF" || args.insertafter === "BOF";
  const index = atStart ? 0 : (place ?? lines.length);
  const next = place === undefined || args.insertafter === undefined ? undefined : lines[place];
  if (next !== undefined && withoutBreak(next) === line) return { text: lines.join(""), msg: "" };
  const before = lines.slice(0, index).join("");
  const glue = before === "" || /[\n\r]$/.test(before) ? "" : "\n";
  return { text: `${before}${glue}${line}\n${lines.slice(index).join("")}`, msg: "line added" };
};
