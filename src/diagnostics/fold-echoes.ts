import type { Span } from "../source/source-file.ts";
import type { Diagnostic } from "./diagnostic.ts";

/**
 * One finding for each mistake: names that are missing because another mistake kept them from being read are left out,
 * and one name that is missing in several places is told once, with all of them. `isSamePlan` says whether what is missing
 * in two files is the same thing.
 */
export const foldEchoes = (found: readonly Diagnostic[], isSamePlan: boolean): readonly Diagnostic[] => {
  const inventories = withoutEchoes(found, ({ code }) => code === "V41");
  return foldRepeated(
    withoutEchoes(inventories, ({ code }) => code !== "V41"),
    isSamePlan,
  );
};

const withoutEchoes = (found: readonly Diagnostic[], isJudged: (one: Diagnostic) => boolean): readonly Diagnostic[] => {
  const causes = found.filter((one) => one.span !== undefined && (one.missing === undefined || !isJudged(one)));
  const isEcho = (one: Diagnostic): boolean =>
    one.missing !== undefined &&
    isJudged(one) &&
    causes.some((cause) => cause !== one && namesLostBy(cause, one).some((name) => one.missing?.includes(name)));
  return found.filter((one) => !isEcho(one));
};

/** What was not read of a file that has this mistake, as far as anybody can tell: words that may be names. */
const namesLostBy = ({ code, severity, span }: Diagnostic, other: Diagnostic): readonly string[] => {
  if (span === undefined) return [];
  const isOfFile = severity === "error" && /^V(?:01|41|42)$/.test(code);
  if (isOfFile && span.file.path !== other.span?.file.path) return wordsOf(span.file.text);
  if (!isOfFile && !/^V(?:02|03|06|41)$/.test(code)) return [];
  const written = span.file.text.slice(span.start, span.end);
  const asName = written.replaceAll("-", "_").replaceAll(/\W/g, "");
  return [...wordsOf(blockAt(span)), asName];
};

/** A line and those below it that stand further right. */
const blockAt = ({ file, start }: Span): string => {
  const first = file.position(start).line;
  const indent = (line: string): number => line.search(/[^\s-]|$/);
  const lines = [file.line(first)];
  for (let line = first + 1; line <= file.position(file.text.length).line; line++) {
    const text = file.line(line);
    if (text.trim() !== "" && indent(text) <= indent(lines[0] ?? "")) break;
    lines.push(text);
  }
  return lines.join("\n");
};

/** Names of variables, hosts and groups; a name that was refused for its first digit as it was meant, too. */
const wordsOf = (text: string): readonly string[] =>
  (text.match(/[\w.-]+/g) ?? []).flatMap((word) => [word, word.replace(/^\d+/, "")]);

const foldRepeated = (found: readonly Diagnostic[], isSamePlan: boolean): readonly Diagnostic[] => {
  const groups = new Map<string, Diagnostic[]>();
  for (const [index, one] of found.entries()) {
    const where = isSamePlan ? "" : (one.span?.file.path ?? "");
    const key = one.missing === undefined ? String(index) : `${where} ${one.code} ${one.message}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const first = group.find(({ severity }) => severity === "error") ?? group[0];
    if (first === undefined || group.length === 1) return group;
    const others = group.filter((one) => one !== first).flatMap(({ span }) => (span === undefined ? [] : [span]));
    const related = [...(first.related ?? []), ...others.map((span) => ({ message: "and here", span }))];
    return [{ ...first, related }];
  });
};
