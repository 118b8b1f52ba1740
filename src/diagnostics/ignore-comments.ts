import type { SourceFile, Span } from "../source/source-file.ts";
import { type DiagnosticCode, diagnosticCodes, isDiagnosticCode } from "./codes.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { didYouMean } from "./suggest.ts";

/** `# latchkey-ignore: CODE reason`: at the end of a line for that line, on a line of its own for the next key or entry. */
interface IgnoreComment {
  readonly span: Span;
  readonly codes: readonly { readonly name: string; readonly span: Span }[];
  readonly reason: string;
  /** The offsets between which findings are meant. */
  readonly from: number;
  readonly to: number;
}

/** What ignore comments leave of the findings. */
export interface Ignored {
  readonly kept: readonly Diagnostic[];
  /** What is wrong with the comments themselves. */
  readonly problems: readonly Diagnostic[];
}

/** What a run could not go on with, or what somebody else than the playbook's author decides: an error of these stays. */
const firm: ReadonlySet<DiagnosticCode> = new Set([
  ...(["V01", "V02", "V03", "V04", "V06", "V07", "V10", "V11"] as const),
  ...(["V40", "V41", "V42", "V54", "V55", "V57", "V58"] as const),
]);

/** Takes away what comments in the files say to ignore. `canBeUnused` tells whether a comment without effect is a mistake. */
export const applyIgnoreComments = (
  found: readonly Diagnostic[],
  files: Iterable<SourceFile>,
  canBeUnused: (file: SourceFile, code: DiagnosticCode) => boolean,
): Ignored => {
  const comments = new Map<string, readonly IgnoreComment[]>();
  const problems: Diagnostic[] = [];
  for (const file of files) {
    if (!comments.has(file.path)) comments.set(file.path, readIgnoreComments(file));
  }
  const used = new Set<Span>();
  const kept = found.filter((one) => {
    const names = (comments.get(one.span?.file.path ?? "") ?? [])
      .filter(({ from, to }) => one.span !== undefined && from <= one.span.start && one.span.start < to)
      .flatMap(({ codes }) => codes.filter(({ name }) => name === one.code));
    for (const { span } of names) used.add(span);
    if (names.length === 0) return true;
    const isFirm = one.severity === "error" && firm.has(one.code);
    for (const { span } of isFirm ? names : []) {
      problems.push(problem(`an error ${one.code} cannot be ignored`, span, "mend it, and remove the comment"));
    }
    return isFirm;
  });
  for (const comment of [...comments.values()].flat()) {
    problems.push(...problemsOf(comment));
    for (const { name, span } of comment.codes) {
      if (!isDiagnosticCode(name) || used.has(span) || !canBeUnused(span.file, name)) continue;
      problems.push(problem(`nothing here is ${name}, so nothing is ignored`, span, "remove the comment"));
    }
  }
  return { kept, problems };
};

const problemsOf = ({ codes, reason, span }: IgnoreComment): readonly Diagnostic[] => {
  if (codes.length === 0) {
    return [problem("the comment does not say what to ignore", span, "write # latchkey-ignore: CODE reason")];
  }
  const unknown = codes.flatMap(({ name, span: at }) => {
    const hint = didYouMean(name, Object.keys(diagnosticCodes)) ?? "`latchkey explain` lists all codes";
    return isDiagnosticCode(name) ? [] : [problem(`there is no code "${name}"`, at, hint)];
  });
  if (unknown.length > 0 || reason !== "") return unknown;
  return [problem("the comment does not say why", span, "write the reason behind the code")];
};

const problem = (message: string, span: Span, hint: string): Diagnostic => ({
  code: "V07",
  severity: "warning",
  message,
  span,
  hint,
});

const commentPattern = /(?:^|\s)([#;]\s*latchkey-ignore\b:?[ \t]*)((?:[A-Z]\d+\b[ \t]*,?[ \t]*)*)(.*)$/;

/** The comments of a file, of YAML or INI. What stands in quotes or in a block of text is none. */
export const readIgnoreComments = (file: SourceFile): readonly IgnoreComment[] => {
  if (!file.text.includes("latchkey-ignore")) return [];
  const lines = linesOf(file.text);
  return lines.flatMap((line, index): readonly IgnoreComment[] => {
    const match = line.isText ? null : commentPattern.exec(line.text);
    if (match === null) return [];
    const [all, head = "", codes = "", reason = ""] = match;
    const at = match.index + (all.startsWith(head) ? 0 : 1);
    const before = line.text.slice(0, at);
    if (head.startsWith(";") && before.trim() !== "") return [];
    if (isInQuotes(before)) return [];
    const start = line.start + at;
    const codesStart = start + head.length;
    const within = before.trim() === "" ? nextEntry(lines, index) : { from: line.start, to: line.end };
    const names = [...codes.matchAll(/[A-Z]\d+/g)].map(({ 0: name, index: offset }) => ({
      name,
      span: { file, start: codesStart + offset, end: codesStart + offset + name.length },
    }));
    return [{ span: { file, start, end: line.end }, codes: names, reason: reason.trim(), ...within }];
  });
};

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The column of its first character; undefined where there is none. */
  readonly indent: number | undefined;
  /** Whether it is a line of a block of text (`|`, `>`). */
  readonly isText: boolean;
}

const linesOf = (text: string): readonly Line[] => {
  const lines: Line[] = [];
  let start = 0;
  let block: number | undefined;
  for (const raw of text.split("\n")) {
    const line = raw.replace(/\r$/, "");
    const at = line.search(/\S/);
    const indent = at < 0 ? undefined : at;
    if (block !== undefined && indent !== undefined && indent <= block) block = undefined;
    lines.push({ text: line, start, end: start + line.length, indent, isText: block !== undefined });
    if (
      block === undefined &&
      /(?:^|[:\s-])\s*(?:!\S+\s+)?[|>][-+\d]{0,2}\s*(?:#.*)?$/.test(line) &&
      indent !== undefined
    ) {
      // The text of a key in an entry stands deeper than the key; that of the entry itself, deeper than its dash.
      const dashes = /^\s*(?:-\s+)*/.exec(line)?.[0] ?? "";
      block = /^\s*(?:-\s+)*[|>!]/.test(line) ? indent : dashes.length;
    }
    start += raw.length + 1;
  }
  return lines;
};

/** The next key with its value, or the next entry of a list: up to the next line that stands no deeper. */
const nextEntry = (lines: readonly Line[], index: number): { readonly from: number; readonly to: number } => {
  const isContent = (line: Line): boolean => line.indent !== undefined && (line.isText || !/^\s*[#;]/.test(line.text));
  const first = lines.findIndex((line, at) => at > index && isContent(line));
  const begin = lines[first];
  if (begin?.indent === undefined) return { from: 0, to: 0 };
  const { indent } = begin;
  const isItem = (line: Line): boolean => /^\s*-(?:\s|$)/.test(line.text);
  const after = lines.findIndex((line, at) => {
    if (at <= first || !isContent(line) || line.isText || line.indent === undefined) return false;
    // The entries of a key's list may stand in the column of the key.
    return line.indent < indent || (line.indent === indent && (isItem(begin) || !isItem(line)));
  });
  return { from: begin.start, to: lines[after]?.start ?? Number.MAX_SAFE_INTEGER };
};

const isInQuotes = (text: string): boolean => {
  let quote = "";
  for (const [index, char] of [...text].entries()) {
    if (quote === "" && (char === '"' || char === "'") && /^$|[\s[{,:(=]/.test(text.charAt(index - 1))) quote = char;
    else if (char === quote && text.charAt(index - 1) !== "\\") quote = "";
  }
  return quote !== "";
};
