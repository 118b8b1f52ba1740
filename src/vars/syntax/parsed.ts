import { err, ok, type Result } from "../../util/result.ts";
import { FileTemplate } from "../file-template.ts";
import type { Expression, Template } from "../value.ts";
import type { Expr } from "./expression.ts";
import { parseBareExpression } from "./parse-expression.ts";
import { parseTemplate } from "./parse-template.ts";
import { SyntaxProblem } from "./problem.ts";
import type { Statement } from "./statement.ts";

// Each text of a playbook is parsed once, however many hosts evaluate it.
const templates = new WeakMap<Template, Result<readonly Statement[], SyntaxProblem>>();
// A module may be given one as a text, anew for each host (assert).
const expressions = new Map<string, Result<Expr, SyntaxProblem>>();

/** The statements of a template, parsed on first use. */
export const parsedTemplate = (template: Template): Result<readonly Statement[], SyntaxProblem> => {
  let parsed = templates.get(template);
  if (parsed === undefined) {
    parsed = attempt(() =>
      parseTemplate(template.source, template instanceof FileTemplate ? template.syntax : undefined),
    );
    templates.set(template, parsed);
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
  if (!parsed.ok) return /^\s*(?:\{\{[^]*\}\}|\{%[^]*%\})\s*$/.test(expression.source);
  return parsed.value.kind === "embedded" && parsed.value.of === "braces";
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
