import type { Span } from "../source/source-file.ts";
import { SearchTooLong } from "../util/bounded-reg-exp.ts";
import { err, ok, type Result } from "../util/result.ts";
import { engine } from "./engine.ts";
import { Evaluation, placed, spanIn, withTrailingNewlines } from "./evaluate/evaluation.ts";
import { evaluate as evaluateExpression } from "./evaluate/expression.ts";
import { Fault, UndefinedFault } from "./evaluate/fault.ts";
import { finalize } from "./evaluate/finalize.ts";
import { typeName, truthy } from "./evaluate/live.ts";
import { run } from "./evaluate/statements.ts";
import { Omit } from "./omit.ts";
import { text } from "./python/text.ts";
import { parsedExpression, parsedFile } from "./syntax/parsed.ts";
import type { SyntaxProblem } from "./syntax/problem.ts";
import { fileSyntax, type TemplateSyntax } from "./syntax/scan.ts";
import type { TemplateContext } from "./template-context.ts";
import type { Expression, Plain, Value } from "./value.ts";

export type { LookupEnvironment, TemplateContext } from "./template-context.ts";

/** Why a template or expression has no value. */
export interface TemplateError {
  readonly message: string;
  /** The place in the user's file, as exact as it can be told. */
  readonly span?: Span;
  /** The variable that is missing, for a suggestion of one that is not. */
  readonly undefinedName?: string;
  /** Something is not defined: a variable, a key, an item. */
  readonly isUndefined?: true;
}

/**
 * Renders a value, however deep templates stand in it. A template that is one expression keeps its type; mixed with text
 * it is a text. Entries and items that come out as `omit` leave their container; alone `omit` is given back as `OMIT`.
 */
export const render = (value: Value, context: TemplateContext): Result<Plain | Omit, TemplateError> => {
  // Plain scalars are most of what is rendered.
  if (typeof value !== "object" || value === null) return ok(value);
  return guarded(() => finalize(value, new Evaluation(context, engine)));
};

/** Renders the text of a template file, the way the template module does. */
export const renderTemplateFile = (
  source: string,
  context: TemplateContext,
  options: Partial<TemplateSyntax> = {},
): Result<string, TemplateError> => {
  const syntax = { ...fileSyntax, ...options };
  const parsed = parsedFile(source, syntax);
  if (!parsed.ok) return err({ message: `line ${lineOf(source, parsed.error.offset)}: ${parsed.error.message}` });
  return guarded(
    () => {
      const evaluation = new Evaluation(context, engine, syntax).forSource(source);
      const value = evaluation.settle(run(parsed.value, evaluation));
      const result = value === null ? "" : text(value);
      return text(withTrailingNewlines(result, source));
    },
    (at) => `line ${lineOf(source, at)}: `,
  );
};

const lineOf = (source: string, offset: number): number => source.slice(0, offset).split("\n").length;

/** The value of a bare expression. */
export const evaluate = (expression: Expression, context: TemplateContext): Result<Plain, TemplateError> => {
  const parsed = parsedExpression(expression);
  if (!parsed.ok) return err(syntaxError(expression, parsed.error));
  return guarded(() => {
    const value = within(expression, context, (evaluation) =>
      finalize(evaluateExpression(parsed.value, evaluation, undefined), evaluation),
    );
    if (value instanceof Omit) throw placed(new Fault("the expression gives omit, which is no value"), expression);
    return value;
  });
};

/** The items that a lookup gives for its terms, as a loop goes through them (`with_dict`: dict). */
export const lookUp = (
  name: string,
  terms: readonly Plain[],
  context: TemplateContext,
): Result<readonly Plain[], TemplateError> =>
  guarded(() => {
    const lookup = engine.lookup(name);
    if (lookup === undefined) throw new Fault(engine.unknown("lookup", name));
    const evaluation = new Evaluation(context, engine);
    return lookup(terms, new Map(), evaluation).flatMap((item) => {
      const value = finalize(item, evaluation);
      return value instanceof Omit ? [] : [value];
    });
  });

/** The terms of a loop over a lookup: what is no list is the only one. */
export const loopTerms = (value: Plain): readonly Plain[] => (Array.isArray(value) ? value : [value as Plain]);

const within = <T>(expression: Expression, context: TemplateContext, use: (evaluation: Evaluation) => T): T => {
  try {
    return use(new Evaluation(context, engine).forSource(expression.source));
  } catch (error) {
    if (error instanceof Fault) throw placed(error, expression);
    throw error;
  }
};

const syntaxError = (source: Expression, problem: SyntaxProblem): TemplateError => {
  const span = spanIn(source, problem.offset, problem.length);
  return { message: problem.message, ...(span === undefined ? {} : { span }) };
};

/**
 * Whether a condition holds, by the rules of ansible-core 2.19: not empty, and its result must be a boolean. Braces around it are those of its operands.
 */
export const evaluateCondition = (
  condition: Expression | boolean,
  context: TemplateContext,
): Result<boolean, TemplateError> => {
  if (typeof condition === "boolean") return ok(condition);
  const place = condition.span === undefined ? {} : { span: condition.span };
  const source = condition.source.trim();
  if (source === "") return err({ message: "Empty conditional expressions are not allowed.", ...place });
  const parsed = parsedExpression(condition);
  if (!parsed.ok) return err(syntaxError(condition, parsed.error));
  const result = guarded(() =>
    within(condition, context, (evaluation) => {
      const value = evaluateExpression(parsed.value, evaluation, undefined);
      return typeof value === "boolean" ? value : { isTrue: truthy(value), type: typeName(value) };
    }),
  );
  if (!result.ok)
    return err({ ...result.error, message: `Error while evaluating conditional: ${result.error.message}` });
  if (typeof result.value === "boolean") return ok(result.value);
  const { isTrue, type } = result.value;
  const derived = `Conditional result (${isTrue ? "True" : "False"}) was derived from value of type '${type}'.`;
  return err({ message: `${derived} Conditionals must have a boolean result.`, ...place });
};

/** The border between faults inside and results outside. Anything but a Fault is a bug, save two limits of the engine. */
const guarded = <T>(use: () => T, prefix?: (at: number) => string): Result<T, TemplateError> => {
  try {
    return ok(use());
  } catch (error) {
    if (error instanceof Fault) return err(errorOf(error, prefix));
    if (error instanceof SearchTooLong) return err({ message: error.message });
    // "Maximum call stack size exceeded" and "Invalid string length": a template that is too deep or too large.
    if (error instanceof RangeError)
      return err({ message: "the template is nested too deeply or its result is too large" });
    throw error;
  }
};

const errorOf = (fault: Fault, prefix: ((at: number) => string) | undefined): TemplateError => {
  const name = fault instanceof UndefinedFault ? fault.undefinedName : undefined;
  const where = prefix !== undefined && fault.span === undefined && fault.at !== undefined ? prefix(fault.at) : "";
  return {
    message: where + fault.message,
    ...(fault.span === undefined ? {} : { span: fault.span }),
    ...(name === undefined ? {} : { undefinedName: name }),
    ...(fault instanceof UndefinedFault ? { isUndefined: true } : {}),
  };
};
