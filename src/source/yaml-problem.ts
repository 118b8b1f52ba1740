import type { YAMLError } from "yaml";
import type { Node } from "./node.ts";
import type { SourceFile, Span } from "./source-file.ts";

/** Something wrong with the YAML itself. */
export interface YamlProblem {
  readonly message: string;
  readonly span: Span;
  readonly hint?: string;
  /** What mends it, where only one thing can be meant. */
  readonly edit?: { readonly span: Span; readonly text: string };
  /** Absent for an error. */
  readonly severity?: "warning";
  /** The text is no YAML: what was read of it is a guess. */
  readonly isSyntax?: true;
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
}

const COLUMNS_HINT = "keys of one mapping stand in the same column; what belongs to a key stands further right";

/**
 * What a person is told of the parser's errors: one thing, the first. After it the parser has lost its way, and whatever
 * else it says is mostly about that. `nodes` are those that were read in spite of it.
 */
export const describeSyntax = (
  file: SourceFile,
  errors: readonly YAMLError[],
  nodes: Iterable<Node | "reading">,
): YamlProblem | undefined => {
  const [first] = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (first === undefined) return undefined;
  const unclosed = errors.find(isUnclosed);
  const opening = unclosed === undefined ? undefined : openingOf(file, unclosed, nodes);
  const isOpen = opening !== undefined && opening <= first.pos[0];
  const line = lineAt(file, isOpen ? opening : first.pos[0]);
  const tab = /^ *\t/.exec(line.text);
  if (tab !== null) return tabProblem(file, line.start + tab[0].length - 1);
  const braces = /(?:[:-]\s+|[[,]\s*)(?=\{\{)/.exec(line.text);
  if (braces !== null) return bracesProblem(file, line.start + braces.index + braces[0].length);
  if (isOpen) return wrong(`the ${file.text.charAt(opening)} that stands here is never closed`, one(file, opening));
  return describeFirst(file, first);
};

/** A value that YAML takes for a mapping, and that was meant as a template. */
export const bracesProblem = (file: SourceFile, at: number): YamlProblem => {
  const isInFlow = /[[{]/.test(lineAt(file, at).text.slice(0, file.position(at).column - 1));
  const value = ((isInFlow ? /^.*?\}\}[^\s,}\]]*/ : /^.*?(?=\s*$|\s+#)/m).exec(file.text.slice(at)) ?? ["{{ … }}"])[0];
  const quoted = value.includes('"') ? `'${value.replaceAll("'", "''")}'` : `"${value}"`;
  const problem = wrong(
    'a value that begins with "{{" must be quoted',
    { file, start: at, end: at + 2 },
    `write ${quoted}`,
  );
  const isWhole =
    file.text.startsWith(value, at) && value.split("{{").length === value.split("}}").length && !value.includes("\\");
  return isWhole ? { ...problem, edit: { span: { file, start: at, end: at + value.length }, text: quoted } } : problem;
};

const tabProblem = (file: SourceFile, at: number): YamlProblem =>
  wrong("tabs are not allowed as indentation", one(file, at), "indent with spaces: YAML does not allow tabs");

const describeFirst = (file: SourceFile, error: YAMLError): YamlProblem => {
  const [start, end] = error.pos;
  // Errors about columns are told at the end of what stands before them.
  const at = start + (/^\s*/.exec(file.text.slice(start))?.[0].length ?? 0);
  switch (error.code) {
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
      return describeKey(file, start);
    case "MISSING_CHAR":
      return error.message.startsWith("Implicit map keys") ? describeKey(file, start) : describeColumn(file, at);
    case "BAD_INDENT":
      return describeColumn(file, at);
    case "UNEXPECTED_TOKEN":
      return describeToken(file, at, end);
    case "BAD_SCALAR_START":
    case "BAD_ALIAS": {
      const char = file.text.charAt(at);
      const value = /^[^\s,\]}#]*/.exec(file.text.slice(at))?.[0] ?? char;
      return wrong(`a value cannot begin with ${char} unless it is quoted`, one(file, at), `write "${value}"`);
    }
    case "BLOCK_IN_FLOW": {
      const rest = file.text.slice(start, start + 1000);
      const next = /(?<=\s)[^\s:,{}[\]]+(?=:\s)/.exec(rest);
      const from = start + (next?.index ?? 0);
      const message = `a comma is missing before "${next?.[0] ?? file.text.charAt(start)}"`;
      return wrong(message, { file, start: from, end: from + (next?.[0].length ?? 1) });
    }
    case "BAD_DQ_ESCAPE": {
      const escape = file.text.slice(start, end + 1);
      const hint = "write \\\\ for a backslash, or put the text into single quotes";
      return wrong(`"${escape}" means nothing in double quotes`, { file, start, end: end + 1 }, hint);
    }
    default: {
      const text = error.message.replace(/\n[\s\S]*$/, "");
      return wrong(text.charAt(0).toLowerCase() + text.slice(1), { file, start: at, end: Math.max(end, at + 1) });
    }
  }
};

/** What begins at `at` was taken for a key: it has no colon, or it is a value with too many, or it took in the next line. */
const describeKey = (file: SourceFile, from: number): YamlProblem => {
  const at = from + (/^\s*/.exec(file.text.slice(from))?.[0].length ?? 0);
  if (at > from && file.text.startsWith("- ", at)) return itemProblem(file, at);
  const line = lineAt(file, at);
  const glued = /^\s*(-[^\s-][^\s:]*)/.exec(line.text)?.[1];
  if (glued !== undefined) return dashProblem({ file, start: line.content, end: line.content + glued.length }, glued);
  const isKey = at === line.content + (/^(?:-\s+)*/.exec(line.text.slice(line.content - line.start))?.[0].length ?? 0);
  const rest = line.text.slice(at - line.start);
  if (isKey && !/^['"]/.test(rest)) {
    if (rest.startsWith("- ")) return itemProblem(file, at);
    const above = file.text.slice(0, line.start).trimEnd();
    if (/[:-] +(?:[&!]\S+ +)*[|>][-+0-9]*(?: +#.*)?$/.test(above)) return textProblem(file, at, rest);
    const [, key = "", value] = /^([^\s:]+)(?::(\S.*))?/.exec(rest) ?? [];
    const span = { file, start: at, end: at + key.length };
    if (value !== undefined) {
      return wrong(`a space is missing after the colon of "${key}:"`, span, `write "${key}: ${value}"`);
    }
    return wrong(`a colon is missing after "${key}"`, span, `write "${key}:", with its value behind or below it`);
  }
  const colon = /:(?:\s|$)/.exec(rest);
  if (!isKey && colon !== null && !/^['"]/.test(rest)) {
    const message = 'a value with ": " in it must be quoted';
    return wrong(message, { file, start: at, end: at + rest.trimEnd().length }, `write "${rest.trimEnd()}"`);
  }
  const next = nextLine(file, at);
  if (file.text.startsWith("- ", next)) return itemProblem(file, next);
  return wrong("wrong indentation: this line is part of the value above it", one(file, next), COLUMNS_HINT);
};

const dashProblem = (span: Span, glued: string): YamlProblem =>
  wrong("a space is missing after the dash", span, `write "- ${glued.slice(1)}"`);

const itemProblem = (file: SourceFile, at: number): YamlProblem =>
  wrong("wrong indentation: this item stands in the column of no list", one(file, at), COLUMNS_HINT);

const textProblem = (file: SourceFile, at: number, line: string): YamlProblem => {
  const message = "wrong indentation: this line belongs to the text that begins above it";
  return wrong(message, { file, start: at, end: at + line.length }, "indent each line of a text further than its key");
};

/** A line in a column where nothing can stand. */
const describeColumn = (file: SourceFile, at: number): YamlProblem => {
  const line = lineAt(file, at);
  if (file.text.startsWith("- ", at)) return itemProblem(file, at);
  const glued = /^\s*(-[^\s-][^\s:]*)/.exec(line.text)?.[1];
  if (glued !== undefined) return dashProblem({ file, start: line.content, end: line.content + glued.length }, glued);
  const column = line.content - line.start;
  if (isInDashes(file, line, column)) {
    const hint = "begin the item with a dash and a space, or indent the line as far as the keys of the item above";
    return wrong("wrong indentation: this line stands in the column of the list's dashes", one(file, at), hint);
  }
  return wrong("wrong indentation: this line fits no list and no entry above it", one(file, at), COLUMNS_HINT);
};

/** Whether the list around a line has its dashes in this column. */
const isInDashes = (file: SourceFile, line: Line, column: number): boolean => {
  const above = file.text.slice(0, line.start).split("\n").reverse();
  const nearest = above.find((text) => text.trim() !== "" && text.search(/\S/) <= column);
  return nearest !== undefined && nearest.search(/\S/) === column && nearest.trimStart().startsWith("- ");
};

const describeToken = (file: SourceFile, at: number, end: number): YamlProblem => {
  const line = lineAt(file, at);
  const span = { file, start: at, end: Math.max(end, at + 1) };
  if (at === line.content) return describeColumn(file, at);
  const char = file.text.charAt(at);
  if (char === "}" || char === "]") return wrong(`this ${char} closes nothing`, one(file, at));
  const close = file.text.slice(line.start, at).trimEnd().at(-1);
  if (close === '"' || close === "'") {
    const hint =
      close === '"'
        ? 'write \\" for a quote inside, or put the whole value into single quotes'
        : "write '' for an apostrophe inside, or put the whole value into double quotes";
    return wrong(`the text ended at the ${close} before this; nothing may follow it`, span, hint);
  }
  if (close === "}" || close === "]") {
    return wrong(`the value ended at the ${close} before this; nothing may follow it`, span, "quote the whole value");
  }
  return wrong("nothing may stand here", span);
};

const wrong = (message: string, span: Span, hint?: string): YamlProblem => ({
  message,
  span,
  isSyntax: true,
  ...(hint === undefined ? {} : { hint }),
});

const one = (file: SourceFile, at: number): Span => ({ file, start: at, end: at + 1 });

interface Line {
  readonly text: string;
  readonly start: number;
  /** The offset of what is no space. */
  readonly content: number;
}

const lineAt = (file: SourceFile, offset: number): Line => {
  const { line, column } = file.position(offset);
  const text = file.line(line);
  const start = offset - column + 1;
  return { text, start, content: start + Math.max(0, text.search(/\S/)) };
};

const nextLine = (file: SourceFile, start: number): number => {
  const next = /\n[ \t]*(?=\S)/.exec(file.text.slice(start));
  return next === null ? start : start + next.index + next[0].length;
};

/** A quote, brace or bracket without its end: the parser complains where it gave up, far from the place to look at. */
const isUnclosed = (error: YAMLError): boolean =>
  /^Missing closing|^Flow (?:map|sequence)\b.* end with a |sufficiently indented/.test(error.message);

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
