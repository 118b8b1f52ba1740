import { didYouMean } from "../../diagnostics/suggest.ts";
import { globalNames } from "../evaluate/globals.ts";
import { parsedExpression, parsedTemplate } from "../syntax/parsed.ts";
import { type Argument, childrenOf, type Expr } from "../syntax/expression.ts";
import type { Statement, Target } from "../syntax/statement.ts";
import type { Expression, Template } from "../value.ts";
import { missingKey, typeOfKey } from "./access.ts";
import { conditionProblem } from "./condition.ts";
import { type ComparisonMistake, comparisonMistake, maySettleByText } from "./compare-types.ts";
import type { TypeProblem } from "./type-problem.ts";
import { filterResult } from "./filter-results.ts";
import { filterSignature } from "./filter-signatures.ts";
import { Guards, pathOf } from "./guards.ts";
import { lookupSignature } from "./lookup-signatures.ts";
import { methodNamesOf, methodSignature } from "./method-signatures.ts";
import { arithmeticResult } from "./operators.ts";
import { type Place, placeOf } from "./place.ts";
import { fits, mistakeInCall, type Signature, type TypedArgument } from "./signature.ts";
import { testSignature } from "./test-signatures.ts";
import {
  alternatives,
  any,
  bool,
  describeType,
  float,
  int,
  isWeak,
  itemOfIterable,
  listOf,
  mapWith,
  nothing,
  openMap,
  str,
  tupleOf,
  type Type,
  union,
} from "./type.ts";

/** What a name stands for where a template stands. */
export interface TypeScope {
  /** undefined where there is no such variable. */
  readonly variable: (name: string) => Type | undefined;
  /** What the conditions around the template ask about. */
  readonly guards?: Guards;
  /** Whether it depends on other values if the expression is evaluated at all. */
  readonly isConditional?: boolean;
}

/** A variable that an expression reads. */
export interface VariableUse {
  readonly name: string;
  readonly place: Place;
}

/** What is known of an expression or template. */
export interface Inferred {
  readonly type: Type;
  readonly problems: readonly TypeProblem[];
  /** The variables that are read whatever other values are. */
  readonly uses: readonly VariableUse[];
  /** Where the expression stands; undefined for a template that is more than one. */
  readonly place: Place | undefined;
}

/** Of what does not parse nothing is known. */
export const nothingKnown: Inferred = { type: any, problems: [], uses: [], place: undefined };

/** The type of a bare expression, and what is wrong with it; nothing where it does not parse. */
export const inferExpression = (expression: Expression, scope: TypeScope): Inferred => {
  const parsed = parsedExpression(expression);
  if (!parsed.ok) return nothingKnown;
  const guards = new Guards(scope.guards);
  guards.add(parsed.value);
  const inference = new Inference(scope, guards);
  return inference.done(inference.infer(parsed.value), placeOf(parsed.value));
};

/** The same for a condition, which has to give true or false, and not always the same. */
export const inferCondition = (condition: Expression, scope: TypeScope): Inferred => {
  const parsed = parsedExpression(condition);
  if (!parsed.ok) return nothingKnown;
  const inferred = inferExpression(condition, scope);
  const guards = new Guards(scope.guards);
  guards.add(parsed.value);
  const typeOf = (expr: Expr): Type => new Inference(scope, guards).infer(expr);
  const problem = conditionProblem(parsed.value, typeOf);
  // What is wrong inside of it makes it constant, or no condition.
  if (problem === undefined || inferred.problems.length > 0) return inferred;
  return { ...inferred, problems: [problem] };
};

/** The type of a template's value, and what is wrong with it; nothing where it does not parse. */
export const inferTemplate = (template: Template, scope: TypeScope): Inferred => {
  const parsed = parsedTemplate(template);
  if (!parsed.ok) return nothingKnown;
  const guards = new Guards(scope.guards);
  addGuardsOf(parsed.value, guards);
  const inference = new Inference(scope, guards);
  const [only] = parsed.value;
  if (parsed.value.length === 1 && only?.kind === "output") {
    return inference.done(inference.infer(only.value), placeOf(only.value));
  }
  inference.statements(parsed.value);
  const isText = parsed.value.length > 1 || only?.kind === "text";
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
        addGuardsOf(statement.body, guards);
        break;
      case "text":
      case "include":
        break;
    }
  }
};

/** What `loop` holds inside of `{% for %}`. */
const loopType: Type = mapWith({
  index: int,
  index0: int,
  revindex: int,
  revindex0: int,
  first: bool,
  last: bool,
  length: int,
  depth: int,
  depth0: int,
  previtem: any,
  nextitem: any,
  cycle: any,
  changed: any,
});

/** The filters that name a filter or test in an argument, or an attribute of the items. */
const attributeFilters = new Set(["map", "sum", "sort", "join", "unique", "min", "max", "groupby"]);

const comparingTests: Readonly<Record<string, "==" | "!=" | "<" | "<=" | ">" | ">=">> = {
  eq: "==",
  equalto: "==",
  "==": "==",
  ne: "!=",
  "!=": "!=",
  lt: "<",
  lessthan: "<",
  "<": "<",
  le: "<=",
  "<=": "<=",
  gt: ">",
  greaterthan: ">",
  ">": ">",
  ge: ">=",
  ">=": ">=",
};

class Inference {
  readonly #scope: TypeScope;
  readonly #guards: Guards;
  readonly #problems: TypeProblem[] = [];
  readonly #uses: VariableUse[] = [];
  #locals: Map<string, Type> = new Map();
  /** Above zero where it depends on other values whether this is evaluated at all. */
  #conditional = 0;
  /** Above zero where what is missing has something to fall back on. */
  #tolerant = 0;

  constructor(scope: TypeScope, guards: Guards) {
    this.#scope = scope;
    this.#guards = guards;
    this.#conditional = scope.isConditional === true ? 1 : 0;
  }

  done(type: Type, place?: Place): Inferred {
    return { type, problems: this.#problems, uses: this.#uses, place };
  }

  statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case "text":
        return;
      case "output":
        this.#rendered(statement.value, this.infer(statement.value));
        return;
      case "include":
        this.infer(statement.file);
        return;
      case "if":
        for (const [index, { test, body }] of statement.branches.entries()) {
          if (index === 0) this.infer(test);
          else this.#ifReached(() => this.infer(test));
          this.#branch(body);
        }
        this.#branch(statement.otherwise);
        return;
      case "for":
        this.#for(statement);
        return;
      case "set":
        this.#bind(statement.target, this.infer(statement.value));
        return;
      case "capture":
        this.#within(new Map(this.#locals), () => this.statements(statement.body));
        this.#locals.set(statement.name, str);
        return;
      case "macro":
        this.#macro(statement);
        return;
    }
  }

  /** What a branch sets may be set after it, or not. */
  #branch(body: readonly Statement[]): void {
    const locals = new Map(this.#locals);
    this.#ifReached(() => this.#within(locals, () => this.statements(body)));
    for (const [name, type] of locals) if (this.#locals.get(name) !== type) this.#locals.set(name, any);
  }

  #for(statement: Statement & { readonly kind: "for" }): void {
    const items = itemOfIterable(this.infer(statement.items));
    this.#ifReached(() => {
      this.#within(new Map(this.#locals), () => {
        this.#bind(statement.target, items);
        this.#locals.set("loop", loopType);
        if (statement.filter !== undefined) this.infer(statement.filter);
        this.statements(statement.body);
      });
    });
    this.#branch(statement.otherwise);
  }

  #macro(statement: Statement & { readonly kind: "macro" }): void {
    this.#locals.set(statement.name, any);
    const locals = new Map(this.#locals);
    for (const name of ["varargs", "kwargs", "caller"]) locals.set(name, any);
    this.#ifReached(() => {
      this.#within(locals, () => {
        for (const { name, fallback } of statement.parameters) {
          if (fallback !== undefined) this.infer(fallback);
          locals.set(name, any);
        }
        this.statements(statement.body);
      });
    });
  }

  #bind(target: Target, type: Type): void {
    if (target.kind === "name") {
      this.#locals.set(target.name, type);
      return;
    }
    const found = alternatives(type);
    for (const [index, inner] of target.targets.entries()) {
      const parts = found?.map((one) => (one.kind === "list" ? (one.parts?.[index] ?? one.item) : any));
      this.#bind(inner, parts === undefined ? any : union(parts));
    }
  }

  #within(locals: Map<string, Type>, run: () => void): void {
    const outer = this.#locals;
    this.#locals = locals;
    run();
    this.#locals = outer;
  }

  #ifReached<T>(run: () => T): T {
    this.#conditional += 1;
    const result = run();
    this.#conditional -= 1;
    return result;
  }

  #tolerantly(expr: Expr): Type {
    this.#tolerant += 1;
    const type = this.infer(expr);
    this.#tolerant -= 1;
    return type;
  }

  #report(kind: TypeProblem["kind"], place: Place | undefined, message: string, more: Partial<TypeProblem> = {}): void {
    this.#problems.push({ kind, severity: "error", message, place, ...more });
  }

  /** A list or mapping in the middle of a text is written as Python would. */
  #rendered(expr: Expr, type: Type): void {
    const found = alternatives(type);
    if (found === undefined || !found.every(({ kind }) => kind === "list" || kind === "map")) return;
    const what = describeType(type);
    const hint = found.every(({ kind }) => kind === "list") ? "join its items: | join(' ')" : "write | to_json";
    this.#report("text", placeOf(expr), `${what} becomes part of a text, written as Python would`, {
      severity: "warning",
      hint,
    });
  }

  /** The type of an expression; what is wrong in it is kept. */
  infer(expr: Expr): Type {
    switch (expr.kind) {
      case "literal":
        return literalType(expr);
      case "name":
        return this.#name(expr);
      case "list":
        return listOf(expr.items.length === 0 ? any : union(expr.items.map((item) => this.infer(item))));
      case "tuple":
        return tupleOf(...expr.items.map((item) => this.infer(item)));
      case "dict":
        return this.#dict(expr);
      case "member":
        return this.#key(expr, expr.name, { start: expr.at, end: expr.at + String(expr.name).length });
      case "item":
        return this.#item(expr);
      case "slice":
        return this.#slice(expr);
      case "call":
        return this.#call(expr);
      case "filter":
        return this.#filter(expr);
      case "test":
        return this.#test(expr);
      case "unary":
        return this.#unary(expr);
      case "arithmetic":
        return this.#arithmetic(expr);
      case "concat":
        for (const part of expr.parts) this.#rendered(part, this.infer(part));
        return str;
      case "logic": {
        const left = this.infer(expr.left);
        return union([left, this.#ifReached(() => this.infer(expr.right))]);
      }
      case "compare":
        return this.#compare(expr);
      case "conditional":
        return this.#conditionalExpression(expr);
    }
  }

  #name({ name, at }: Expr & { readonly kind: "name" }): Type {
    const local = this.#locals.get(name);
    if (local !== undefined) return local;
    const place = { start: at, end: at + name.length };
    const isGuarded = this.#tolerant > 0 || this.#guards.has(name);
    if (!isGuarded && this.#conditional === 0) this.#uses.push({ name, place });
    const type = this.#scope.variable(name);
    if (type !== undefined) return this.#guards.hasType(name) ? any : type;
    if (globalNames.includes(name) || isGuarded) return any;
    this.#report("variable", place, `"${name}" is not defined`, { name });
    return any;
  }

  #dict(expr: Expr & { readonly kind: "dict" }): Type {
    const keys: Record<string, Type> = {};
    let isOpen = false;
    for (const [key, value] of expr.entries) {
      const keyType = this.infer(key);
      const type = this.infer(value);
      if (key.kind === "literal" && keyType.kind === "str") keys[String(key.value)] = type;
      else isOpen = true;
    }
    return isOpen ? openMap(keys) : mapWith(keys);
  }

  #item(expr: Expr & { readonly kind: "item" }): Type {
    const { index } = expr;
    if (index.kind === "literal" && (typeof index.value === "string" || typeof index.value === "number")) {
      return this.#key(expr, index.value, { start: index.at, end: index.end });
    }
    const object = this.infer(expr.object);
    const found = alternatives(object);
    const position = this.infer(index);
    if (found === undefined || this.#guards.hasType(pathOf(expr))) return any;
    const isIndex = alternatives(position)?.every(({ kind }) => kind === "int") ?? false;
    return isIndex && found.every(({ kind }) => kind === "list") ? itemOfIterable(object) : any;
  }

  #key(expr: Expr & { readonly object: Expr }, key: string | number, place: Place): Type {
    const object = this.infer(expr.object);
    const type = typeOfKey(object, key);
    const path = pathOf(expr);
    if (type !== undefined) return this.#guards.hasType(path) ? any : type;
    if (this.#tolerant > 0 || this.#guards.has(path)) return any;
    const { message, hint, isResult } = missingKey(object, key, pathOf(expr.object));
    // A variable that holds something else than a mapping just now may be of another kind where this is reached.
    const isOtherKind = isWeak(object) && alternatives(object)?.every(({ kind }) => kind !== "map") === true;
    this.#report("key", place, message, {
      severity: isOtherKind && this.#conditional > 0 ? "warning" : "error",
      isResult,
      ...(hint === undefined ? {} : { hint }),
    });
    return any;
  }

  #slice(expr: Expr & { readonly kind: "slice" }): Type {
    const object = this.infer(expr.object);
    for (const bound of [expr.start, expr.stop, expr.step]) if (bound !== undefined) this.infer(bound);
    const found = alternatives(object)?.filter(({ kind }) => kind === "list" || kind === "str");
    if (found === undefined) return any;
    if (found.length > 0) return union(found.map((one) => (one.kind === "list" ? listOf(one.item) : one)));
    this.#report(
      "types",
      placeOf(expr.object),
      `${describeType(object)} cannot be sliced: only a list or a string can`,
    );
    return any;
  }

  #unary({ operator, operand }: Expr & { readonly kind: "unary" }): Type {
    const type = this.infer(operand);
    if (operator === "not") return bool;
    const found = alternatives(type);
    if (found === undefined) return any;
    const numbers = found.filter(({ kind }) => kind === "int" || kind === "float" || kind === "bool");
    if (numbers.length > 0) return union(numbers.map(({ kind }) => (kind === "float" ? float : int)));
    this.#report("types", placeOf(operand), `"${operator}" takes a number, not ${describeType(type)}`);
    return any;
  }

  #arithmetic(expr: Expr & { readonly kind: "arithmetic" }): Type {
    const left = this.infer(expr.left);
    const right = this.infer(expr.right);
    const result = arithmeticResult(expr.operator, left, right);
    if (result !== undefined) return result;
    const kinds = `${describeType(left)} and ${describeType(right)}`;
    const isText = [left, right].some((type) => alternatives(type)?.every(({ kind }) => kind === "str"));
    this.#report("types", placeOf(expr), `"${expr.operator}" cannot combine ${kinds}`, {
      ...(isText && expr.operator === "+"
        ? { hint: "join texts with ~, or make a number of the text with | int" }
        : {}),
      ...(isText && expr.operator !== "+" ? { hint: "make a number of the text with | int" } : {}),
    });
    return any;
  }

  #compare({ first, rest }: Expr & { readonly kind: "compare" }): Type {
    let left = first;
    let leftType = this.infer(first);
    for (const { operator, operand } of rest) {
      const type = this.infer(operand);
      const mistake = comparisonMistake(operator, leftType, type);
      if (mistake !== undefined) this.#comparisonProblem(mistake, [left, leftType], [operand, type]);
      left = operand;
      leftType = type;
    }
    return bool;
  }

  #comparisonProblem(mistake: ComparisonMistake, [left, leftType]: Side, [right, rightType]: Side): void {
    if (mistake.kind === "constant" && maySettleByText(leftType, rightType, textOf(left) ?? textOf(right))) return;
    const [from, to] = [placeOf(left), placeOf(right)];
    const place = from === undefined || to === undefined ? (from ?? to) : { start: from.start, end: to.end };
    const isSure = mistake.kind === "fails" || (!isWeak(leftType) && !isWeak(rightType));
    const hint = comparisonHint([left, leftType], [right, rightType]);
    this.#report("types", place, mistake.message, {
      severity: isSure ? "error" : "warning",
      ...(hint === undefined ? {} : { hint }),
    });
  }

  #conditionalExpression(expr: Expr & { readonly kind: "conditional" }): Type {
    this.infer(expr.test);
    const { otherwise } = expr;
    const then = this.#ifReached(() => this.infer(expr.then));
    const other = otherwise === undefined ? any : this.#ifReached(() => this.infer(otherwise));
    return union([then, other]);
  }

  /** The arguments of a call; undefined where some are spread, and their number is not known. */
  #arguments(args: readonly Argument[]): readonly TypedArgument[] | undefined {
    const typed = args.map((argument): TypedArgument => ({
      name: argument.kind === "named" ? argument.name : undefined,
      type: this.infer(argument.value),
    }));
    return args.some(({ kind }) => kind === "spread" || kind === "spreadNames") ? undefined : typed;
  }

  #checkCall(
    what: string,
    called: Pick<Signature, "parameters">,
    args: readonly TypedArgument[] | undefined,
    { written, place }: { readonly written: readonly Argument[]; readonly place: Place | undefined },
  ): boolean {
    const mistake = args === undefined ? undefined : mistakeInCall(what, called, args);
    if (mistake === undefined) return true;
    const argument = mistake.argument === undefined ? undefined : written[mistake.argument];
    const hint =
      mistake.unknown === undefined
        ? undefined
        : didYouMean(
            mistake.unknown,
            called.parameters.map(({ name }) => name),
          );
    const named = argument?.kind === "named" ? argument : undefined;
    const nameOfIt = named && { start: named.at, end: named.at + named.name.length };
    const wrong = mistake.unknown === undefined ? argument && placeOf(argument.value) : nameOfIt;
    this.#report("call", wrong ?? place, mistake.message, hint === undefined ? {} : { hint });
    return false;
  }

  #filter(expr: Expr & { readonly kind: "filter" }): Type {
    const place = { start: expr.at, end: expr.at + expr.name.length };
    const signature = filterSignature(expr.name);
    const input = toleratesMissing.has(expr.name) ? this.#tolerantly(expr.input) : this.infer(expr.input);
    const args = this.#arguments(expr.args);
    if (signature === undefined) return any;
    const what = `filter "${expr.name}"`;
    if (!fits(input, signature.input)) {
      const words = signature.input?.words ?? "";
      this.#report("call", place, `${what} takes ${words}, not ${describeType(input)}`);
      return signature.result;
    }
    if (!this.#checkCall(what, signature, args, { written: expr.args, place })) return signature.result;
    if (args === undefined) return signature.result;
    const text = (which: number | string): string | undefined => {
      const argument =
        typeof which === "string"
          ? expr.args.find((one) => one.kind === "named" && one.name === which)
          : expr.args.filter(({ kind }) => kind === "positional")[which];
      return argument === undefined ? undefined : textOf(argument.value);
    };
    if (attributeFilters.has(expr.name)) {
      const attribute = this.#attribute(expr, input);
      if (expr.name === "map" && attribute !== undefined) return listOf(attribute);
    }
    if (expr.name === "map") return this.#map(expr, input, args.slice(1));
    return filterResult(expr.name, { input, args, text }, signature.result);
  }

  /** What `attribute=` picks from the items; undefined where none is given. */
  #attribute(expr: Expr & { readonly kind: "filter" }, input: Type): Type | undefined {
    const names = expr.args.flatMap((argument) => (argument.kind === "named" ? [argument.name] : []));
    const argument =
      expr.args.find((one) => one.kind === "named" && one.name === "attribute") ??
      (expr.name === "sum" || expr.name === "groupby"
        ? expr.args.find(({ kind }) => kind === "positional")
        : undefined);
    const attribute = argument === undefined ? undefined : textOf(argument.value);
    if (argument === undefined) return undefined;
    if (attribute === undefined || attribute.includes(",")) return any;
    const isOptional = names.includes("default") || this.#tolerant > 0 || asksForAttribute(expr.input);
    let type = itemOfIterable(input);
    for (const part of attribute.split(".")) {
      const key = /^\d+$/.test(part) ? Number(part) : part;
      const found = typeOfKey(type, key, "attribute");
      if (found === undefined) {
        if (!isOptional) {
          const { message, hint, isResult } = missingKey(type, key, undefined);
          this.#report("key", placeOf(argument.value), message, { isResult, ...(hint === undefined ? {} : { hint }) });
        }
        return any;
      }
      type = found;
    }
    return names.includes("default") ? any : type;
  }

  /** `map('filter', arguments…)`: the filter gets each item. */
  #map(expr: Expr & { readonly kind: "filter" }, input: Type, args: readonly TypedArgument[]): Type {
    const [first, ...written] = expr.args;
    const name = first?.kind === "positional" ? textOf(first.value) : undefined;
    const signature = name === undefined ? undefined : filterSignature(name);
    if (first === undefined || name === undefined || signature === undefined) return listOf(any);
    const item = itemOfIterable(input);
    const place = placeOf(first.value);
    const what = `filter "${name}"`;
    if (!fits(item, signature.input) && !toleratesMissing.has(name)) {
      this.#report("call", place, `${what} takes ${signature.input?.words ?? ""}, not ${describeType(item)}`);
      return listOf(signature.result);
    }
    if (!this.#checkCall(what, signature, args, { written, place })) return listOf(signature.result);
    return listOf(filterResult(name, { input: item, args, text: () => undefined }, signature.result));
  }

  #test(expr: Expr & { readonly kind: "test" }): Type {
    const place = { start: expr.at, end: expr.at + expr.name.length };
    if (expr.name === "defined" || expr.name === "undefined") {
      this.#tolerantly(expr.input);
      return bool;
    }
    const input = this.infer(expr.input);
    const args = this.#arguments(expr.args);
    const signature = testSignature(expr.name);
    if (signature === undefined) return bool;
    const what = `test "${expr.name}"`;
    if (!fits(input, signature.input)) {
      const hint = ofResult.has(expr.name) ? { hint: "it is for the result that a task registers" } : {};
      const words = `${what} takes ${signature.input?.words ?? ""}, not ${describeType(input)}`;
      this.#report("call", place, words, hint);
      return bool;
    }
    if (!this.#checkCall(what, signature, args, { written: expr.args, place })) return bool;
    const other = expr.args[0];
    const otherType = args?.[0]?.type;
    if (other === undefined || otherType === undefined) return bool;
    const operator = Object.hasOwn(comparingTests, expr.name) ? comparingTests[expr.name] : undefined;
    const asked = operator ?? (expr.name === "in" ? "in" : undefined);
    const mistake = asked === undefined ? undefined : comparisonMistake(asked, input, otherType);
    if (mistake !== undefined) this.#comparisonProblem(mistake, [expr.input, input], [other.value, otherType]);
    return bool;
  }

  #call(expr: Expr & { readonly kind: "call" }): Type {
    const { callee } = expr;
    if (callee.kind === "member" && typeof callee.name === "string") return this.#methodCall(expr, callee, callee.name);
    const args = this.#arguments(expr.args);
    if (callee.kind !== "name" || this.#locals.has(callee.name)) {
      this.infer(callee);
      return any;
    }
    switch (callee.name) {
      case "lookup":
      case "query":
      case "q":
        return this.#lookup(callee.name, expr.args);
      case "range":
        return listOf(int);
      case "dict":
        return openMap();
      case "now":
        return args?.some(({ name }) => name === "fmt") === true ? str : any;
      case "undef":
        return any;
      default:
        this.#name(callee);
        return any;
    }
  }

  #methodCall(expr: Expr & { readonly kind: "call" }, callee: Expr & { readonly kind: "member" }, name: string): Type {
    const object = this.infer(callee.object);
    const args = this.#arguments(expr.args);
    const found = alternatives(object);
    const [only] = found ?? [];
    if (found === undefined || only === undefined || found.length > 1) return any;
    const place = { start: callee.at, end: callee.at + name.length };
    if (only.kind !== "str" && only.kind !== "list" && only.kind !== "map") {
      this.#report("call", place, `${describeType(object)} has no method "${name}"`);
      return any;
    }
    if (only.kind === "map" && (only.isOpen || only.keys.has(name))) return methodSignature("map", name)?.result ?? any;
    const signature = methodSignature(only.kind, name);
    if (signature === undefined) {
      // A method that no value has here is told of by its name.
      const elsewhere = (["str", "list", "map"] as const).some((kind) => methodNamesOf(kind).includes(name));
      if (elsewhere) this.#report("call", place, `${describeType(object)} has no method "${name}"`);
      return any;
    }
    this.#checkCall(`method "${name}"`, signature, args, { written: expr.args, place });
    if (only.kind !== "map") return signature.result;
    const values = only.keys.size === 0 ? any : union([...only.keys.values()]);
    if (name === "items") return listOf(tupleOf(str, values));
    return name === "values" ? listOf(values) : signature.result;
  }

  #lookup(called: "lookup" | "query" | "q", written: readonly Argument[]): Type {
    const [first] = written;
    const name = first?.kind === "positional" ? textOf(first.value) : undefined;
    const signature = name === undefined ? undefined : lookupSignature(name);
    if (signature === undefined) return any;
    const { options, item } = signature;
    for (const argument of written) {
      if (argument.kind !== "named" || options === undefined) continue;
      const known = [...options, "wantlist", "errors"];
      if (known.includes(argument.name)) continue;
      const hint = didYouMean(argument.name, known);
      const takes = options.length === 0 ? "it takes none" : `it takes ${options.join(", ")}`;
      const place = { start: argument.at, end: argument.at + argument.name.length };
      const message = `lookup "${name}" has no option "${argument.name}": ${takes}`;
      this.#report("call", place, message, hint === undefined ? {} : { hint });
    }
    if (called !== "lookup") return listOf(item);
    return written.length === 2 && alternatives(item)?.every(({ kind }) => kind === "str") === true ? str : any;
  }
}

/** An expression with its type. */
type Side = readonly [Expr, Type];

/** Filters that may be given what is not there. */
const toleratesMissing = new Set(["default", "d", "mandatory", "type_debug", "ternary"]);

/** Tests of what a task registered. */
const ofResult = new Set(
  "change changed failed failure finished reachable skip skipped started succeeded success successful timedout unreachable".split(
    " ",
  ),
);

const literalType = ({ value, float: isFloat }: Expr & { readonly kind: "literal" }): Type => {
  if (value === null) return nothing;
  if (typeof value === "boolean") return bool;
  if (typeof value === "string") return str;
  return isFloat === true || !Number.isInteger(value) ? float : int;
};

const textOf = (expr: Expr): string | undefined =>
  expr.kind === "literal" && typeof expr.value === "string" ? expr.value : undefined;

/** Whether items without an attribute were left out before: `selectattr('x', 'defined')`. */
const asksForAttribute = (expr: Expr): boolean =>
  (expr.kind === "filter" && (expr.name === "selectattr" || expr.name === "rejectattr")) ||
  childrenOf(expr).some(asksForAttribute);

const comparisonHint = (left: Side, right: Side): string | undefined => {
  const [[literal], [other, otherType]] = left[0].kind === "literal" ? [left, right] : [right, left];
  if (literal.kind !== "literal") return undefined;
  const kinds = new Set(alternatives(otherType)?.map(({ kind }) => kind));
  const path = pathOf(other);
  const { value } = literal;
  if (typeof value === "string" && (kinds.has("int") || kinds.has("float")) && /^-?\d+(?:\.\d+)?$/.test(value)) {
    return `write ${value} without quotes`;
  }
  if (kinds.has("bool") && typeof value === "string" && path !== undefined)
    return `it is true or false: write ${path}, or not ${path}`;
  if (typeof value === "number" && kinds.has("str")) {
    return path === undefined ? "make a number of the text with | int" : `make a number of the text: ${path} | int`;
  }
  if (kinds.has("list") && typeof value === "string" && path !== undefined)
    return `to look for an item write '${value}' in ${path}`;
  return undefined;
};
