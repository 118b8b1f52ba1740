import { globalNames, refusedGlobals } from "../evaluate/globals.ts";
import { mayChangeValues } from "../syntax/changes-values.ts";
import type { Expr } from "../syntax/expression.ts";
import type { Statement, Target } from "../syntax/statement.ts";
import { missingKey, typeOfKey } from "./access.ts";
import { comparisonHint, type TypedExpression } from "./comparison-hint.ts";
import { CallInference } from "./infer-calls.ts";
import { type ComparisonMistake, comparisonMistake, maySettleByText } from "./compare-types.ts";
import type { TypeProblem } from "./type-problem.ts";
import { type Guards, pathOf } from "./guards.ts";
import { arithmeticResult } from "./operators.ts";
import { type Place, placeOf } from "./place.ts";
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

/** One walk through an expression or template. */
export class Inference {
  readonly #scope: TypeScope;
  readonly #guards: Guards;
  readonly #problems: TypeProblem[] = [];
  readonly #uses: VariableUse[] = [];
  readonly #calls: CallInference;
  #locals: Map<string, Type> = new Map();
  /** Above zero where it depends on other values whether this is evaluated at all. */
  #conditional = 0;
  /** Above zero where what is missing has something to fall back on. */
  #tolerant = 0;

  /** Whether lists and mappings may become others on the way. */
  readonly #changes: boolean;

  constructor(scope: TypeScope, guards: Guards, source: string) {
    this.#scope = scope;
    this.#changes = mayChangeValues(source);
    this.#guards = guards;
    this.#conditional = scope.isConditional === true ? 1 : 0;
    this.#calls = new CallInference({
      infer: (expr) => this.infer(expr),
      tolerantly: (expr) => this.#tolerantly(expr),
      isTolerant: () => this.#tolerant > 0,
      report: (kind, place, message, more) => this.#report(kind, place, message, more),
      compare: (mistake, left, right) => this.#comparisonProblem(mistake, left, right),
    });
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
      case "extends":
        this.infer(statement.file);
        return;
      case "import":
        this.infer(statement.file);
        for (const { to } of statement.names) this.#locals.set(to, any);
        return;
      case "block":
        this.#ifReached(() => this.#within(new Map(this.#locals), () => this.statements(statement.body)));
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
    if (target.kind === "attribute") return;
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
    const isConditional = this.#conditional > 0;
    this.#problems.push({ kind, severity: "error", message, place, isConditional, ...more });
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
        return this.#calls.filter(expr);
      case "test":
        return this.#calls.test(expr);
      case "embedded":
        return this.infer(expr.value);
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
    if (local !== undefined) return this.#lasting(local);
    const place = { start: at, end: at + name.length };
    const isGuarded = this.#tolerant > 0 || this.#guards.has(name);
    if (!isGuarded && this.#conditional === 0) this.#uses.push({ name, place });
    const type = this.#scope.variable(name);
    if (type !== undefined) return this.#guards.hasType(name) ? any : this.#lasting(type);
    // What is refused by name is told as that.
    if (globalNames.includes(name) || Object.hasOwn(refusedGlobals, name) || isGuarded) return any;
    this.#report("variable", place, `"${name}" is not defined`, { name });
    return any;
  }

  /** What is sure of a variable wherever it is read: nothing of what may be changed before. */
  #lasting(type: Type): Type {
    const isFixed =
      !this.#changes || (alternatives(type)?.every(({ kind }) => kind !== "list" && kind !== "map") ?? true);
    return isFixed ? type : any;
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
    const { kind, message, hint } = missingKey(object, key, pathOf(expr.object));
    this.#report(kind, place, message, {
      isWeak: isWeak(object),
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
    this.#report("types", placeOf(operand), `"${operator}" takes a number, not ${describeType(type)}`, {
      isWeak: isWeak(type),
    });
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
      isWeak: isWeak(left, right),
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

  #comparisonProblem(
    mistake: ComparisonMistake,
    [left, leftType]: TypedExpression,
    [right, rightType]: TypedExpression,
  ): void {
    if (mistake.kind === "constant" && maySettleByText(leftType, rightType, textOf(left) ?? textOf(right))) return;
    const [from, to] = [placeOf(left), placeOf(right)];
    const place = from === undefined || to === undefined ? (from ?? to) : { start: from.start, end: to.end };
    const isSure = mistake.kind === "fails" || (!isWeak(leftType) && !isWeak(rightType));
    const hint = comparisonHint([left, leftType], [right, rightType]);
    this.#report("types", place, mistake.message, {
      severity: isSure ? "error" : "warning",
      isWeak: isWeak(leftType, rightType),
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

  #call(expr: Expr & { readonly kind: "call" }): Type {
    const { callee } = expr;
    if (callee.kind === "member" && typeof callee.name === "string")
      return this.#calls.method(expr, callee, callee.name);
    const args = this.#calls.arguments(expr.args);
    if (callee.kind !== "name" || this.#locals.has(callee.name)) {
      this.infer(callee);
      return any;
    }
    switch (callee.name) {
      case "lookup":
      case "query":
      case "q":
        return this.#calls.lookup(callee.name, expr.args);
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
}

const literalType = ({ value, float: isFloat }: Expr & { readonly kind: "literal" }): Type => {
  if (value === null) return nothing;
  if (typeof value === "boolean") return bool;
  if (typeof value === "string") return str;
  return isFloat === true || !Number.isInteger(value) ? float : int;
};

const textOf = (expr: Expr): string | undefined =>
  expr.kind === "literal" && typeof expr.value === "string" ? expr.value : undefined;
