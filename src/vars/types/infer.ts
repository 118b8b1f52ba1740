import { parsedExpression, parsedTemplate } from "../syntax/parsed.ts";
import type { Expr } from "../syntax/expression.ts";
import type { Statement } from "../syntax/statement.ts";
import type { Expression, Template } from "../value.ts";
import { conditionProblem } from "./condition.ts";
import { Guards } from "./guards.ts";
import { Inference, type Inferred, type TypeScope } from "./inference.ts";
import { placeOf } from "./place.ts";
import { any, str, type Type } from "./type.ts";

/** Of what does not parse nothing is known. */
export const nothingKnown: Inferred = { type: any, problems: [], uses: [], place: undefined };

/** The type of a bare expression, and what is wrong with it; nothing where it does not parse. */
export const inferExpression = (expression: Expression, scope: TypeScope): Inferred => {
  const parsed = parsedExpression(expression);
  if (!parsed.ok) return nothingKnown;
  const guards = new Guards(scope.guards);
  guards.add(parsed.value);
  const inference = new Inference(scope, guards, expression.source);
  return inference.done(inference.infer(parsed.value), placeOf(parsed.value));
};

/** The same for a condition, which has to give true or false, and not always the same. */
export const inferCondition = (condition: Expression, scope: TypeScope): Inferred => {
  const parsed = parsedExpression(condition);
  if (!parsed.ok) return nothingKnown;
  const inferred = inferExpression(condition, scope);
  const guards = new Guards(scope.guards);
  guards.add(parsed.value);
  const typeOf = (expr: Expr): Type => new Inference(scope, guards, condition.source).infer(expr);
  const problem = conditionProblem(parsed.value, typeOf);
  // What is wrong inside of it makes it constant, or no condition.
  if (problem === undefined || inferred.problems.length > 0) return inferred;
  return { ...inferred, problems: [{ ...problem, isConditional: scope.isConditional === true }] };
};

/** The type of a template's value, and what is wrong with it; nothing where it does not parse. */
export const inferTemplate = (template: Template, scope: TypeScope): Inferred => {
  const parsed = parsedTemplate(template);
  if (!parsed.ok) return nothingKnown;
  const guards = new Guards(scope.guards);
  addGuardsOf(parsed.value, guards);
  const inference = new Inference(scope, guards, template.source);
  const [only] = parsed.value;
  if (parsed.value.length === 1 && only?.kind === "output") {
    return inference.done(inference.infer(only.value), placeOf(only.value));
  }
  inference.statements(parsed.value);
  // A statement may print nothing, and what is left is the value itself where it is one.
  const isText = parsed.value.every(({ kind }) => kind === "text" || kind === "output");
  return inference.done(isText ? str : any);
};

const addGuardsOf = (statements: readonly Statement[], guards: Guards): void => {
  for (const statement of statements) {
    switch (statement.kind) {
      case "output":
      case "set":
        guards.add(statement.value);
        break;
      case "if":
        for (const { test, body } of statement.branches) {
          guards.add(test);
          addGuardsOf(body, guards);
        }
        addGuardsOf(statement.otherwise, guards);
        break;
      case "for":
        guards.add(statement.items);
        if (statement.filter !== undefined) guards.add(statement.filter);
        addGuardsOf([...statement.body, ...statement.otherwise], guards);
        break;
      case "capture":
      case "macro":
      case "block":
        addGuardsOf(statement.body, guards);
        break;
      case "text":
      case "include":
      case "extends":
      case "import":
        break;
    }
  }
};
