import { mapView } from "../python/map-view.ts";
import { text } from "../python/text.ts";
import { equal } from "../python/compare.ts";
import type { Expr } from "../syntax/expression.ts";
import type { Parameter, Statement, Target } from "../syntax/statement.ts";
import { Arguments } from "./arguments.ts";
import type { Evaluation } from "./evaluation.ts";
import { evaluate } from "./expression.ts";
import { Fault } from "./fault.ts";
import { includedStatements } from "./include.ts";
import { Callable, isList, type Live, mapOf, Namespace, truthy, Undefined } from "./live.ts";
import { Locals } from "./locals.ts";

/**
 * The result of a template: the value itself where it consists of one expression, else the text of its parts. A part
 * that is null prints as nothing.
 *
 * @throws Fault
 */
export const run = (statements: readonly Statement[], evaluation: Evaluation, locals?: Locals): Live => {
  const [only] = statements;
  // The common case, `{{ x }}`, needs no list of parts and no scope.
  if (statements.length === 1 && only?.kind === "output") return evaluate(only.value, evaluation, locals);
  return joined(parts(statements, evaluation, locals ?? new Locals()), evaluation);
};

const joined = (pieces: readonly Live[], evaluation: Evaluation): Live => {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  return asText(pieces, evaluation);
};

const parts = (statements: readonly Statement[], evaluation: Evaluation, locals: Locals): Live[] => {
  const extended = statements.find((statement) => statement.kind === "extends");
  if (extended?.kind === "extends") return inherited(extended.file, statements, evaluation, locals);
  const pieces: Live[] = [];
  for (const statement of statements) execute(statement, evaluation, locals, pieces);
  return pieces;
};

const execute = (statement: Statement, evaluation: Evaluation, locals: Locals, out: Live[]): void => {
  evaluation.step();
  switch (statement.kind) {
    case "text":
      out.push(statement.text);
      return;
    case "output":
      // A later statement may change what is printed here.
      out.push(evaluation.taken(evaluate(statement.value, evaluation, locals)));
      return;
    case "if": {
      const branch = statement.branches.find(({ test }) => truthy(evaluate(test, evaluation, locals)));
      for (const inner of branch?.body ?? statement.otherwise) execute(inner, evaluation, locals, out);
      return;
    }
    case "for":
      executeFor(statement, evaluation, locals, out);
      return;
    case "set":
      bind(statement.target, evaluate(statement.value, evaluation, locals), evaluation, locals);
      return;
    case "capture":
      locals.set(statement.name, asText(parts(statement.body, evaluation, new Locals(locals)), evaluation));
      return;
    case "macro":
      locals.set(statement.name, macro(statement, evaluation, locals));
      return;
    case "include":
      out.push(...include(statement, evaluation, locals));
      return;
    case "block": {
      const replaced = locals.get(blockName(statement.name));
      if (replaced instanceof Callable) out.push(replaced.call({ positional: [], named: new Map() }));
      else out.push(asText(parts(statement.body, evaluation, new Locals(locals)), evaluation));
      return;
    }
    case "import":
      importNames(statement, evaluation, locals);
      return;
    case "extends":
      return;
  }
};

/** The name under which what replaces a block is kept; no template can write it. */
const blockName = (name: string): string => `block ${name}`;

/** The template that is extended, with the blocks of the one that extends it; of that, only what sets names is run. */
const inherited = (file: Expr, statements: readonly Statement[], evaluation: Evaluation, locals: Locals): Live[] => {
  for (const statement of statements) {
    if (["set", "capture", "macro", "import", "if"].includes(statement.kind))
      execute(statement, evaluation, locals, []);
  }
  for (const { name, body } of blocksIn(statements)) {
    // What extends this one has replaced it already.
    if (locals.get(blockName(name)) !== undefined) continue;
    const block = new Callable(name, () => asText(parts(body, evaluation, new Locals(locals)), evaluation));
    locals.set(blockName(name), block);
  }
  const outer = includedStatements(evaluate(file, evaluation, locals), false, evaluation);
  return evaluation.nested(() => parts(outer, evaluation, locals));
};

const blocksIn = (statements: readonly Statement[]): readonly (Statement & { readonly kind: "block" })[] =>
  statements.flatMap((statement) => (statement.kind === "block" ? [statement, ...blocksIn(statement.body)] : []));

const importNames = (
  { file, names }: Statement & { readonly kind: "import" },
  evaluation: Evaluation,
  locals: Locals,
): void => {
  const statements = includedStatements(evaluate(file, evaluation, locals), false, evaluation);
  const scope = new Locals();
  evaluation.nested(() => parts(statements, evaluation, scope));
  for (const { from, to } of names) {
    const found = from === undefined ? new Namespace(scope.own()) : scope.own().get(from);
    locals.set(to, found ?? new Undefined(`the template that is imported defines no '${from}'`));
  }
};

/** More than a template is good for, and less than memory. */
const maxText = 50_000_000;

const asText = (pieces: readonly Live[], evaluation: Evaluation): string => {
  let result = "";
  for (const piece of pieces) {
    if (piece !== null) result += text(evaluation.settle(piece));
    if (result.length > maxText) throw new Fault(`the text would be longer than ${maxText} characters`);
  }
  return result;
};

const executeFor = (
  statement: Statement & { readonly kind: "for" },
  evaluation: Evaluation,
  locals: Locals,
  out: Live[],
): void => {
  const { target, filter } = statement;
  let items = evaluation.items(evaluate(statement.items, evaluation, locals));
  if (filter !== undefined) {
    items = items.filter((item) => {
      evaluation.step();
      const scope = new Locals(locals);
      bind(target, item, evaluation, scope);
      return truthy(evaluate(filter, evaluation, scope));
    });
  }
  if (items.length === 0) {
    for (const inner of statement.otherwise) execute(inner, evaluation, locals, out);
    return;
  }
  const memory: LoopMemory = { changed: undefined };
  for (const [index, item] of items.entries()) {
    evaluation.step();
    const scope = new Locals(locals);
    scope.set("loop", loopState(items, index, memory));
    bind(target, item, evaluation, scope);
    for (const inner of statement.body) execute(inner, evaluation, scope, out);
  }
};

/** What `loop.changed()` saw last. */
interface LoopMemory {
  changed: readonly Live[] | undefined;
}

const loopState = (items: readonly Live[], index: number, memory: LoopMemory): Live =>
  mapOf([
    ["index", index + 1],
    ["index0", index],
    ["revindex", items.length - index],
    ["revindex0", items.length - index - 1],
    ["first", index === 0],
    ["last", index === items.length - 1],
    ["length", items.length],
    ["depth", 1],
    ["depth0", 0],
    ["previtem", items[index - 1] ?? new Undefined("there is no previous item")],
    ["nextitem", items[index + 1] ?? new Undefined("there is no next item")],
    ["cycle", new Callable("cycle", ({ positional }) => positional[index % positional.length] ?? null)],
    [
      "changed",
      new Callable("changed", ({ positional }) => {
        const same = memory.changed !== undefined && equal(memory.changed, positional);
        memory.changed = positional;
        return !same;
      }),
    ],
  ]);

/** Binds a value to a name, or the items of a value to the names of a tuple. @throws Fault when the counts differ */
const bind = (target: Target, value: Live, evaluation: Evaluation, locals: Locals): void => {
  if (target.kind === "name") {
    locals.set(target.name, value);
    return;
  }
  if (target.kind === "attribute") {
    const namespace = locals.get(target.name);
    if (!(namespace instanceof Namespace)) {
      throw new Fault(`only what namespace() gives has attributes that can be set: ${target.name} is none`);
    }
    namespace.attributes.set(target.attribute, value);
    return;
  }
  const items =
    isList(value) || typeof value === "string" || mapView(value) !== undefined ? evaluation.items(value) : [];
  const { targets } = target;
  if (items.length < targets.length) {
    throw new Fault(`not enough values to unpack (expected ${targets.length}, got ${items.length})`);
  }
  if (items.length > targets.length) throw new Fault(`too many values to unpack (expected ${targets.length})`);
  for (const [index, inner] of targets.entries()) bind(inner, items[index] ?? null, evaluation, locals);
};

const macro = (statement: Statement & { readonly kind: "macro" }, evaluation: Evaluation, outer: Locals): Callable => {
  const names = statement.parameters.map((parameter) => parameter.name);
  return new Callable(statement.name, (call) => {
    const args = new Arguments(`the macro '${statement.name}'`, [...names, "*varargs", "**kwargs"], call);
    const scope = new Locals(outer);
    for (const parameter of statement.parameters)
      scope.set(parameter.name, argument(parameter, args, evaluation, scope));
    scope.set("varargs", args.rest);
    scope.set("kwargs", mapOf(args.others));
    return evaluation.nested(() => asText(parts(statement.body, evaluation, scope), evaluation));
  });
};

const argument = (parameter: Parameter, args: Arguments, evaluation: Evaluation, scope: Locals): Live => {
  const given = args.get(parameter.name);
  if (given !== undefined) return given;
  if (parameter.fallback !== undefined) return evaluate(parameter.fallback, evaluation, scope);
  return new Undefined(`parameter '${parameter.name}' was not provided`);
};

const include = (
  statement: Statement & { readonly kind: "include" },
  evaluation: Evaluation,
  locals: Locals,
): Live[] => {
  const file = evaluate(statement.file, evaluation, locals);
  const statements = includedStatements(file, statement.ignoreMissing, evaluation);
  return evaluation.nested(() => parts(statements, evaluation, new Locals(locals)));
};
