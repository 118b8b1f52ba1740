import { err, ok, type Result } from "../../util/result.ts";
import { FileTemplate } from "../file-template.ts";
import type { Expression, Template } from "../value.ts";
import type { Expr } from "./expression.ts";
import { parseBareExpression } from "./parse-expression.ts";
import { parseTemplate } from "./parse-template.ts";
import { SyntaxProblem } from "./problem.ts";
import type { Statement } from "./statement.ts";

// Each text of a playbook is parsed once, however many tasks and hosts evaluate it.
const files = new WeakMap<FileTemplate, Result<readonly Statement[], SyntaxProblem>>();
const templates = new Map<string, Result<readonly Statement[], SyntaxProblem>>();
const expressions = new Map<string, Result<Expr, SyntaxProblem>>();

/** The statements of a template, parsed on first use. */
export const parsedTemplate = (template: Template): Result<readonly Statement[], SyntaxProblem> => {
  const { source } = template;
  const isFile = template instanceof FileTemplate;
  let parsed = isFile ? files.get(template) : templates.get(source);
  if (parsed === undefined) {
    parsed = attempt(() => parseTemplate(source, isFile ? template.syntax : undefined));
    if (isFile) files.set(template, parsed);
    else templates.set(source, parsed);
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

/** The value of a parse, or the syntax problem that it threw. */
export const attempt = <T>(parse: () => T): Result<T, SyntaxProblem> => {
  try {
    return ok(parse());
  } catch (error) {
    if (error instanceof SyntaxProblem) return err(error);
    throw error;
  }
};
