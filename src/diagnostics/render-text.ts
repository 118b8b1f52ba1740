import { escapeForTerminal } from "../util/escape.ts";
import { maskSecrets } from "../util/mask-secrets.ts";
import type { Span } from "../source/source-file.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** Orders findings by file and place and drops repetitions. */
export const sortDiagnostics = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => {
  const seen = new Set<string>();
  return diagnostics
    .filter((diagnostic) => {
      const { span } = diagnostic;
      const key = `${span?.file.path}:${span?.start}:${diagnostic.code}:${diagnostic.message}`;
      return seen.has(key) ? false : seen.add(key);
    })
    .toSorted((a, b) => comparePlaces(a.span, b.span));
};

const comparePlaces = (a: Span | undefined, b: Span | undefined): number => {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return a.file.path === b.file.path ? a.start - b.start : a.file.path < b.file.path ? -1 : 1;
};

/**
 * One finding for a person: `file:line:col: message [code]`, the source line with a marker, and what to do.
 * `shorten` makes a path readable from where the reader stands.
 */
export const renderDiagnostic = (diagnostic: Diagnostic, shorten: (path: string) => string): string => {
  const { span, severity, message, code, hint, related } = diagnostic;
  const place = (at: Span): string => {
    const { line, column } = at.file.position(at.start);
    return `${escapeForTerminal(shorten(at.file.path))}:${line}:${column}`;
  };
  const kind = severity === "warning" ? "warning: " : "";
  const lines = [`${span === undefined ? "" : `${place(span)}: `}${kind}${escapeForTerminal(message)} [${code}]`];
  if (span !== undefined) lines.push(...excerpt(span));
  if (hint !== undefined) lines.push(`  = ${escapeForTerminal(hint)}`);
  for (const other of related ?? []) {
    lines.push(`  ${place(other.span)}: ${escapeForTerminal(other.message)}`, ...excerpt(other.span));
  }
  return lines.join("\n");
};

/** The source line in a gutter, `^~~~` under the span; a private key's text, the value of a password and what was vaulted are never shown. */
const excerpt = (span: Span): string[] => {
  if (span.file.isSecret) return [];
  const { line, column } = span.file.position(span.start);
  const text = maskSecrets(span.file.line(line));
  if (/PRIVATE KEY/.test(text + span.file.text.slice(span.start, span.end))) return [];
  // A long line is cut around the marker, so that the two stay together on a screen.
  const from = column > 100 ? column - 60 : 1;
  const shown = text.slice(from - 1, from + 139);
  const before = escapeForTerminal(shown.slice(0, column - from)).replaceAll(/[^\t]/g, " ");
  const length = Math.max(1, Math.min(span.end - span.start, shown.length - (column - from)));
  const marked = escapeForTerminal(shown.slice(column - from, column - from + length)).length;
  const gutter = String(line);
  return [
    `  ${gutter} | ${escapeForTerminal(shown)}`,
    `  ${" ".repeat(gutter.length)} | ${before}^${"~".repeat(Math.max(0, marked - 1))}`,
  ];
};

/** Where to read more about findings: one line for all of them. */
export const renderExplainHint = (found: readonly Diagnostic[]): string => {
  const codes = [...new Set(found.map(({ code }) => code))].toSorted();
  return codes.length === 0 ? "" : `latchkey explain ${codes.join(" ")} says more\n`;
};
