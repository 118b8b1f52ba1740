import { err, ok, type Result } from "../../util/result.ts";
import { FileTemplate } from "../file-template.ts";
import type { Expression, Template } from "../value.ts";
import type { Expr } from "./expression.ts";
import { parseBareExpression } from "./parse-expression.ts";
import { parseTemplate } from "./parse-template.ts";
import { SyntaxProblem } from "./problem.ts";
import { type ScanSyntax, valueSyntax } from "./scan.ts";
import type { Statement } from "./statement.ts";

type Parsed = Result<readonly Statement[], SyntaxProblem>;

// Each text of a playbook, and each file, is parsed once, however many tasks and hosts evaluate it.
const values = new Map<string, Parsed>();
const files = new Map<string, Map<string, Parsed>>();
const expressions = new Map<string, Result<Expr, SyntaxProblem>>();

/** The statements of a template, parsed on first use. */
export const parsedTemplate = (template: Template): Parsed =>
  template instanceof FileTemplate
    ? parsedFile(template.source, template.syntax)
    : parsedIn(values, template.source, valueSyntax);

/** The statements of a template file, parsed on first use. */
export const parsedFile = (source: string, syntax: ScanSyntax): Parsed => {
  const rules = JSON.stringify(syntax);
  let known = files.get(rules);
  if (known === undefined) files.set(rules, (known = new Map()));
  return parsedIn(known, source, syntax);
};

const parsedIn = (known: Map<string, Parsed>, source: string, syntax: ScanSyntax): Parsed => {
  let parsed = known.get(source);
  if (parsed === undefined) {
    parsed = attempt(() => parseTemplate(source, syntax));
    known.set(source, parsed);
  }
  return parsed;
};

/** The tree of a bare expression, parsed on first use. */
export const parsedExpression = ({ source }: Expression): Result<Expr, SyntaxProblem> => {
  let parsed = expressions.get(source);
  if (parsed === undefined) {
    parsed = attempt(() => parseBareExpression(source));
    expressions.set(source, parsed);
  }
  return parsed;
};

/** Whether there are braces around the whole of an expression. */
export const isInBraces = (expression: Expression): boolean => {
  const parsed = parsedExpression(expression);
  return parsed.ok && parsed.value.kind === "embedded" && parsed.value.of === "braces";
};

/** The value of a parse, or the syntax problem that it threw. */
export const attempt = <T>(parse: () => T): Result<T, SyntaxProblem> => {
  try {
    return ok(parse());
  } catch (error) {
    if (error instanceof SyntaxProblem) return err(error);
    throw error;
  }
};
