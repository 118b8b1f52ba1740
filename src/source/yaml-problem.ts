import type { YAMLError } from "yaml";
import type { Node } from "./node.ts";
import type { SourceFile, Span } from "./source-file.ts";

/** Something wrong with the YAML itself. */
export interface YamlProblem {
  readonly message: string;
  readonly span: Span;
  readonly hint?: string;
  /** The text is no YAML: what was read of it is a guess. */
  readonly isSyntax?: true;
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
}

/** For a value that YAML takes for a mapping, and that was meant as a template. */
export const bracesHint = 'a value that begins with "{{" must be quoted: "{{ … }}"';
const COLUMNS_HINT = "keys of one mapping stand in the same column; what belongs to a key stands further right";

/** Leaves out what the parser says of the rest of a file only because it lost its way in a line before. */
export const withoutEchoes = (errors: readonly YAMLError[]): readonly YAMLError[] => {
  const inOrder = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  const open = inOrder.findIndex((error) => isUnclosed(error));
  const tab = inOrder.findIndex((error) => error.code === "TAB_AS_INDENT");
  return inOrder.filter((error, index) => {
    if (index === 0) return true;
    if (error.code === "UNEXPECTED_TOKEN") return false;
    return !isOverIndented(error) || (!isBefore(open, index) && !isBefore(tab, index));
  });
};

const isBefore = (found: number, index: number): boolean => found >= 0 && found < index;

/** An error of the parser as it is told to a person; `nodes` are those that were read in spite of it. */
export const describeYamlError = (
  file: SourceFile,
  error: YAMLError,
  nodes: Iterable<Node | "reading">,
): YamlProblem => {
  const [start, end] = error.pos;
  const at = (from: number, to = from + 1): Span => ({ file, start: from, end: Math.max(to, from + 1) });
  const line = file.line(file.position(start).line);
  const tab = /^ *\t/.exec(line);
  if (tab !== null) {
    const lineStart = start - file.position(start).column + 1;
    const span = at(lineStart + tab[0].length - 1);
    return wrong("tabs are not allowed as indentation", span, "indent with spaces: YAML does not allow tabs");
  }
  const opening = isUnclosed(error) ? openingOf(file, error, nodes) : undefined;
  if (opening !== undefined) {
    const quote = file.text.charAt(opening);
    return wrong(`the ${quote} that stands here is never closed`, at(opening), bracesIn(line));
  }
  if (isOverIndented(error)) {
    const message = "wrong indentation: this line is part of the value above it";
    return wrong(message, at(nextLine(file, start), end), bracesIn(line) ?? COLUMNS_HINT);
  }
  const from = start + (/^[ \t]*/.exec(file.text.slice(start))?.[0].length ?? 0);
  if (error.message.startsWith("Sequence item without")) {
    return wrong("wrong indentation: this line fits no list and no entry above it", at(from, end), COLUMNS_HINT);
  }
  const isIndent = error.code === "BAD_INDENT" || error.code === "MISSING_CHAR";
  return wrong(messageOf(error), at(from, end), bracesIn(line) ?? (isIndent ? COLUMNS_HINT : undefined));
};

const wrong = (message: string, span: Span, hint: string | undefined): YamlProblem => ({
  message,
  span,
  isSyntax: true,
  ...(hint === undefined ? {} : { hint }),
});

const bracesIn = (line: string): string | undefined => (/[:-]\s+\{\{/.test(line) ? bracesHint : undefined);

const messageOf = (error: YAMLError): string => {
  const text = error.message.replace(/\n[\s\S]*$/, "");
  return text.charAt(0).toLowerCase() + text.slice(1);
};

/** A key that swallowed the line below it: the place to look at is that line, which is indented too far. */
const isOverIndented = (error: YAMLError): boolean =>
  error.code === "BLOCK_AS_IMPLICIT_KEY" || error.code === "MULTILINE_IMPLICIT_KEY";

const nextLine = (file: SourceFile, start: number): number => {
  const next = /\n[ \t]*(?=\S)/.exec(file.text.slice(start));
  return next === null ? start : start + next.index + next[0].length;
};

/** A quote, brace or bracket without its end: the parser complains where it gave up, far from the place to look at. */
const isUnclosed = (error: YAMLError): boolean =>
  /^Missing closing|^Flow (?:map|sequence)\b.* end with a /.test(error.message);

/** Where the last text, mapping or list begins that should have been closed before the error. */
const openingOf = (file: SourceFile, error: YAMLError, nodes: Iterable<Node | "reading">): number | undefined => {
  const pairs: Readonly<Record<string, string>> = { "{": "}", "[": "]", '"': '"', "'": "'" };
  let found: number | undefined;
  for (const node of nodes) {
    if (node === "reading" || node.span.start >= error.pos[0] || node.span.end < error.pos[0] - 1) continue;
    const close = pairs[file.text.charAt(node.span.start)];
    const isOpen =
      close !== undefined && (node.span.end - node.span.start < 2 || file.text.charAt(node.span.end - 1) !== close);
    if (isOpen) found = Math.max(found ?? 0, node.span.start);
  }
  return found;
};
