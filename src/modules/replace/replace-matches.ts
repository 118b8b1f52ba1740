import { err, ok, type Result } from "../../util/result.ts";
import { pythonMatches } from "../../vars/python/regex-matches.ts";
import { pythonRegex } from "../../vars/python/regex.ts";
import { pythonReplacement, replacementProblem } from "../../vars/python/regex-replacement.ts";
import type { Decision } from "../edit.ts";
import type { ReplaceArguments } from "./replace.schema.ts";

/** The text with every match replaced, in the section that `after` and `before` leave. */
export const replaceMatches = (text: string | undefined, args: ReplaceArguments): Result<Decision, string> => {
  const whole = text ?? "";
  const section = findSection(whole, args);
  if (!section.ok) return section;
  if (section.value === undefined) {
    return ok({
      text: whole,
      msg: `Pattern for before/after params did not match the given file: ${sectionPattern(args)}`,
    });
  }
  const { start, end } = section.value;
  const pattern = pythonRegex(args.regexp, { multiline: true });
  if (!pattern.ok) return err(`invalid regexp "${args.regexp}": ${pattern.error}`);
  const old = whole.slice(start, end);
  const problem = replacementProblem(args.replace, pattern.value);
  if (problem !== undefined) return err(`invalid replace "${args.replace}": ${problem}`);
  const matches = pythonMatches(pattern.value, old);
  const made = joinReplaced(old, matches, pythonReplacement(args.replace));
  if (made === old) return ok({ text: whole, msg: "" });
  return ok({ text: whole.slice(0, start) + made + whole.slice(end), msg: `${matches.length} replacements made` });
};

const joinReplaced = (
  text: string,
  matches: readonly RegExpExecArray[],
  replacement: (match: RegExpMatchArray) => string,
): string => {
  let result = "";
  let at = 0;
  for (const match of matches) {
    result += text.slice(at, match.index) + replacement(match);
    at = match.index + match[0].length;
  }
  return result + text.slice(at);
};

const sectionPattern = ({ after, before }: ReplaceArguments): string => {
  if (after !== undefined && before !== undefined) return `${after}(?P<subsection>.*?)${before}`;
  return after === undefined ? `(?P<subsection>.*)${before ?? ""}` : `${after}(?P<subsection>.*)`;
};

/** Undefined where the patterns do not match. */
const findSection = (
  text: string,
  args: ReplaceArguments,
): Result<{ readonly start: number; readonly end: number } | undefined, string> => {
  if (args.after === undefined && args.before === undefined) return ok({ start: 0, end: text.length });
  const source = sectionPattern(args);
  const pattern = pythonRegex(source, { dotAll: true });
  if (!pattern.ok) return err(`invalid after or before "${source}": ${pattern.error}`);
  const match = new RegExp(pattern.value.source, `${pattern.value.flags}d`).exec(text);
  const indices = match?.indices?.groups?.["subsection"];
  return ok(indices === undefined ? undefined : { start: indices[0], end: indices[1] });
};
