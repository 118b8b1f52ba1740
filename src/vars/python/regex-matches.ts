import { textLength } from "./text.ts";

/**
 * All matches of a global regular expression, as Python's `finditer` finds them: after an empty match it looks for one
 * at the same place that is not empty, where JavaScript moves on.
 */
export const pythonMatches = (regex: RegExp, subject: string): readonly RegExpExecArray[] => {
  // Only a lazy quantifier or an alternative can have a longer match beside an empty one.
  if (!/[*+?}]\?|\|/.test(regex.source)) return [...subject.matchAll(regex)];
  const matches: RegExpExecArray[] = [];
  let at = 0;
  while (at <= subject.length) {
    regex.lastIndex = at;
    const match = regex.exec(subject);
    if (match === null) break;
    matches.push(match);
    at = match.index + match[0].length;
    if (match[0] !== "") continue;
    const longer = notEmptyAt(regex, subject, at);
    if (longer !== null) matches.push(longer);
    at = longer === null ? nextIndex(subject, at) : at + longer[0].length;
  }
  regex.lastIndex = 0;
  return matches;
};

const notEmptyAt = (regex: RegExp, subject: string, at: number): RegExpExecArray | null => {
  const before = textLength(subject.slice(0, at));
  const sticky = new RegExp(`(?:${regex.source})(?<!^[^]{${before}})`, `${regex.flags.replace("g", "")}y`);
  sticky.lastIndex = at;
  return sticky.exec(subject);
};

const nextIndex = (subject: string, at: number): number => at + ((subject.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
