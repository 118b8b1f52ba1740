import type { Span } from "../source/source-file.ts";
import type { DiagnosticCode } from "./codes.ts";

/** What is wrong with the user's files: one finding, with its place, in words that say what is allowed. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: "error" | "warning";
  /** Lower case first, the thing in quotes, ending with what is allowed. */
  readonly message: string;
  /** Absent only where there is no file at all (a flag's value, say). */
  readonly span?: Span;
  /** What to do, on a line of its own. */
  readonly hint?: string;
  /** What mends it, where only one thing can be meant: `validate --fix` writes it. */
  readonly edit?: Edit;
  /** Names of variables, hosts, groups or handlers that are not there: another mistake may be the reason. */
  readonly missing?: readonly string[];
  /** Other places that explain this one ("first defined here"). */
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
}

/** A text in place of another one. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}
