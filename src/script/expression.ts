import { quote } from "../shell/quote.ts";
import { freeVariables } from "../vars/check-template.ts";
import { engine } from "../vars/engine.ts";
import { Evaluation, placed } from "../vars/evaluate/evaluation.ts";
import { compare, evaluate as evaluateKnown } from "../vars/evaluate/expression.ts";
import { Fault } from "../vars/evaluate/fault.ts";
import { finalize } from "../vars/evaluate/finalize.ts";
import { type CallArguments, Nothing, truthy } from "../vars/evaluate/live.ts";
import { Omit } from "../vars/omit.ts";
import { text } from "../vars/python/text.ts";
import { childrenOf, type ComparisonOperator, type Expr } from "../vars/syntax/expression.ts";
import { parsedExpression, parsedTemplate } from "../vars/syntax/parsed.ts";
import type { Statement } from "../vars/syntax/statement.ts";
import { type Expression, LazyMap, type Plain, Template, type Value } from "../vars/value.ts";
import { type HostPart, HostValue, isPlain, type Symbolic, usualSample } from "./host-value.ts";
import { type Condition, type Decisions, type HostRoot, type ScriptScope, Undecided } from "./scope.ts";

/** A place in what the host told, before it is known what is wanted of it. */
interface HostNode {
  readonly root: HostRoot;
  readonly path: readonly (string | number)[];
}

/**
 * Evaluates what a script can: what is known now by the engine of templates itself, and around what only the host knows a
 * part of the language, as code for a shell. Whatever else is done with a value of the host is refused.
 *
 * Methods throw a Fault, with its place in the user's file where that is known, or Undecided.
 */
export class ScriptExpressions {
  readonly #scope: ScriptScope;
  readonly #decisions: Decisions;
  readonly #evaluation: Evaluation;
  readonly #open = new Set<string>();

  constructor(scope: ScriptScope, decisions: Decisions) {
    this.#scope = scope;
    this.#decisions = decisions;
    this.#evaluation = new Evaluation(scope.context, engine);
  }

  /** A value of a playbook with its templates evaluated, however deep. Entries and items that are `omit` are gone. */
  render(value: Value): Symbolic {
    if (value instanceof Template) return this.#template(value);
    if (value instanceof LazyMap || !this.#uses(value)) return this.#final(value);
    if (Array.isArray(value)) {
      return (value as readonly Value[]).map((item) => this.render(item)).filter((item) => !(item instanceof Omit));
    }
    return Object.fromEntries(
      Object.entries(value as Readonly<Record<string, Value>>)
        .map(([key, item]) => [key, this.render(item)] as const)
        .filter(([, item]) => !(item instanceof Omit)),
    );
  }

  /** A bare condition. */
  condition(expression: Expression): Condition {
    const parsed = parsedExpression(expression);
    if (!parsed.ok) throw placed(new Fault(parsed.error.message, parsed.error.offset), expression);
    return this.#within(expression, () => this.#condition(parsed.value, true));
  }

  /** Whether a value depends on what only the host knows. */
  uses(value: Value | Expression): boolean {
    return this.#uses(value);
  }

  #within<T>(source: Template | Expression, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (error instanceof Fault) throw placed(error, source);
      throw error;
    }
  }

  #final(value: Parameters<typeof finalize>[0]): Plain | Omit {
    return finalize(value, this.#evaluation);
  }

  // What depends on the host

  #uses(value: unknown): boolean {
    if (value instanceof HostValue) return true;
    if (value instanceof LazyMap || typeof value !== "object" || value === null) return false;
    if (Array.isArray(value)) return value.some((item) => this.#uses(item));
    if (isSource(value)) return saysNow(value.source) || [...freeVariables(value)].some((name) => this.#usesName(name));
    return Object.values(value).some((item) => this.#uses(item));
  }

  #usesName(name: string): boolean {
    if (this.#scope.roots.has(name)) return true;
    const bound = this.#scope.values.get(name);
    if (bound !== undefined) return !isPlain(bound);
    if (this.#open.has(name)) return false;
    this.#open.add(name);
    try {
      return this.#uses(this.#scope.context.variable(name));
    } finally {
      this.#open.delete(name);
    }
  }

  #usesIn(expr: Expr): boolean {
    if (expr.kind === "name") return expr.name === "now" || this.#usesName(expr.name);
    return childrenOf(expr).some((child) => this.#usesIn(child));
  }

  // Values

  #template(template: Template): Symbolic {
    const parsed = parsedTemplate(template);
    if (!parsed.ok) throw placed(new Fault(`template error: ${parsed.error.message}`, parsed.error.offset), template);
    return this.#within(template, () => {
      if (!this.#uses(template)) return this.#final(template);
      const [only] = parsed.value;
      if (parsed.value.length === 1 && only?.kind === "output") {
        const value = this.#value(only.value);
        const isText = typeof value === "string" || value instanceof HostValue;
        return isText ? withNewlines([value], template.source) : value;
      }
      const pieces = parsed.value.flatMap((statement) => this.#pieces(statement));
      return withNewlines(pieces, template.source);
    });
  }

  #pieces(statement: Statement): readonly Symbolic[] {
    switch (statement.kind) {
      case "text":
        return [statement.text];
      case "output": {
        const value = this.#value(statement.value);
        return [value === null ? "" : value];
      }
      case "if": {
        const branch = statement.branches.find(({ test }) => this.decide(this.#condition(test, false)));
        return (branch?.body ?? statement.otherwise).flatMap((inner) => this.#pieces(inner));
      }
      default:
        throw new Fault(`a script has no "${statement.kind}" around what only the host knows`);
    }
  }

  #value(expr: Expr): Symbolic {
    const node = this.#node(expr);
    if (node !== undefined) return this.#read(node, expr);
    if (!this.#usesIn(expr)) return this.#known(expr);
    switch (expr.kind) {
      case "name": {
        const bound = this.#scope.values.get(expr.name);
        return bound === undefined ? this.render(this.#scope.context.variable(expr.name) ?? null) : bound;
      }
      case "list":
      case "tuple":
        return expr.items.map((item) => this.#value(item));
      case "dict":
        return Object.fromEntries(expr.entries.map(([key, item]) => [text(this.#plain(key)), this.#value(item)]));
      case "member":
      case "item":
        return this.#inside(expr);
      case "embedded": {
        if (expr.of === "text") return this.#value(expr.value);
        const value = this.#value(expr.value);
        if (typeof value === "boolean" || typeof value === "number") return value;
        throw unsupported("a part in braces", expr);
      }
      case "concat":
        return joined(expr.parts.map((part) => this.#value(part)));
      case "conditional":
        if (this.decide(this.#condition(expr.test, false))) return this.#value(expr.then);
        return expr.otherwise === undefined ? "" : this.#value(expr.otherwise);
      case "arithmetic":
        return this.#arithmetic(expr);
      case "filter":
        return this.#filter(expr);
      case "logic": {
        const left = this.#value(expr.left);
        return this.decide(truth(left)) === (expr.operator === "or") ? left : this.#value(expr.right);
      }
      case "call":
        if (isClock(expr)) return numberOf("$(date +%s)", []);
        throw unsupported("a call", expr);
      case "test":
      case "compare":
      case "unary":
        return this.decide(this.#condition(expr, false));
      case "slice":
      case "literal":
        throw unsupported("a part of a list", expr);
    }
  }

  #known(expr: Expr): Plain | Omit {
    return this.#final(this.#live(expr));
  }

  #live(expr: Expr): ReturnType<typeof evaluateKnown> {
    const value = evaluateKnown(expr, this.#evaluation, undefined);
    return value instanceof Nothing ? "" : value;
  }

  #plain(expr: Expr): Plain {
    const value = this.#value(expr);
    if (isPlain(value) && !(value instanceof Omit)) return value;
    throw unsupported("this", expr);
  }

  /** A member of a value that holds parts of the host's somewhere. */
  #inside(expr: Expr & { readonly kind: "member" | "item" }): Symbolic {
    const object = this.#value(expr.object);
    const key = expr.kind === "member" ? expr.name : this.#plain(expr.index);
    if (Array.isArray(object) && typeof key === "number") {
      const item: Symbolic | undefined = (object as readonly Symbolic[]).at(key);
      if (item !== undefined) return item;
    }
    if (typeof object === "object" && object !== null && !(object instanceof HostValue) && !(object instanceof Omit)) {
      const map = object as Readonly<Record<string, Symbolic>>;
      if (typeof key === "string" && Object.hasOwn(map, key)) return map[key] ?? null;
    }
    throw unsupported("a part of this value", expr);
  }

  #arithmetic(expr: Expr & { readonly kind: "arithmetic" }): Symbolic {
    const [left, right] = [this.#value(expr.left), this.#value(expr.right)];
    if (expr.operator === "+" && Array.isArray(left) && Array.isArray(right)) {
      return [...(left as readonly Symbolic[]), ...(right as readonly Symbolic[])];
    }
    if (!["+", "-", "*"].includes(expr.operator)) throw unsupported(`"${expr.operator}"`, expr);
    const operands = [left, right].map((operand) => {
      if (typeof operand === "number" && Number.isInteger(operand)) return { code: String(operand), parts: [] };
      const part = operand instanceof HostValue ? operand.only : undefined;
      if (part === undefined || part.type === "text") throw unsupported(`"${expr.operator}"`, expr);
      return { code: integer(part), parts: [part] };
    });
    const [a, b] = operands;
    return numberOf(
      `$((${a?.code ?? ""} ${expr.operator} ${b?.code ?? ""}))`,
      operands.flatMap(({ parts }) => parts),
    );
  }

  #filter(expr: Expr & { readonly kind: "filter" }): Symbolic {
    const [first] = expr.args;
    const argument = (): Symbolic => (first === undefined ? "" : this.#value(first.value));
    if (expr.name === "default" || expr.name === "d") return this.#default(expr, argument);
    if (isClock(expr.input) && expr.name === "int") return numberOf("$(date +%s)", []);
    const input = this.#value(expr.input);
    if (isPlain(input)) return this.#final(this.#evaluation.callFilter(expr.name, input, this.#arguments(expr)));
    if (Array.isArray(input)) return this.#listFilter(expr, input as readonly Symbolic[], argument);
    if (input instanceof HostValue) {
      const made = textFilters[expr.name]?.(input);
      if (made !== undefined && expr.args.length === 0) return made;
      if (expr.name === "bool") return this.decide({ code: `cu_yes ${word(input)}` });
    }
    throw unsupported(`the filter "${expr.name}"`, expr);
  }

  #arguments(expr: Expr & { readonly kind: "filter" | "test" }): CallArguments {
    const positional: Plain[] = [];
    const named = new Map<string, Plain>();
    for (const argument of expr.args) {
      if (argument.kind === "named") named.set(argument.name, this.#plain(argument.value));
      else if (argument.kind === "positional") positional.push(this.#plain(argument.value));
      else throw unsupported("this call", expr);
    }
    return { positional, named };
  }

  #default(expr: Expr & { readonly kind: "filter" }, argument: () => Symbolic): Symbolic {
    const node = this.#node(expr.input);
    const [, second] = expr.args;
    const emptyToo = second !== undefined && this.#plain(second.value) === true;
    if (node !== undefined) {
      const value = this.#read(node, expr);
      const isThere = emptyToo ? truth(value) : isDefined(value);
      const undefinedIsFalse = emptyToo && typeof isThere === "object" ? both(isDefined(value), isThere) : isThere;
      return this.decide(undefinedIsFalse) ? value : argument();
    }
    const value = this.#value(expr.input);
    return emptyToo && !this.decide(truth(value)) ? argument() : value;
  }

  #listFilter(
    expr: Expr & { readonly kind: "filter" },
    items: readonly Symbolic[],
    argument: () => Symbolic,
  ): Symbolic {
    const plainCall = expr.args.length === 0;
    if (expr.name === "select" && plainCall) return items.filter((item) => this.decide(truth(item)));
    if (expr.name === "list" && plainCall) return items;
    if (expr.name === "first" && plainCall && items[0] !== undefined) return items[0];
    if (expr.name === "last" && plainCall) return items.at(-1) ?? "";
    if ((expr.name === "length" || expr.name === "count") && plainCall) return items.length;
    if (expr.name === "flatten" && plainCall) return (items as readonly never[]).flat(9) as readonly Symbolic[];
    if (expr.name === "join") {
      const between = argument();
      return joined(items.flatMap((item, index) => (index === 0 ? [item] : [between, item])));
    }
    throw unsupported(`the filter "${expr.name}"`, expr);
  }

  // What the host told

  #node(expr: Expr): HostNode | undefined {
    if (expr.kind === "name") {
      const root = this.#scope.roots.get(expr.name);
      if (root !== undefined) return { root, path: [] };
      const inner = this.#scope.values.has(expr.name) ? undefined : this.#aliased(expr.name);
      return inner === undefined ? undefined : this.#node(inner);
    }
    if (expr.kind !== "member" && expr.kind !== "item") return undefined;
    const object = this.#node(expr.object);
    if (object === undefined) return undefined;
    const key = expr.kind === "member" ? expr.name : this.#plain(expr.index);
    if (typeof key !== "string" && typeof key !== "number") throw unsupported("this key", expr);
    return { root: object.root, path: [...object.path, key] };
  }

  /** The expression that a variable stands for, where it is one and no more. */
  #aliased(name: string): Expr | undefined {
    const value = this.#scope.context.variable(name);
    if (!(value instanceof Template) || this.#open.has(name)) return undefined;
    const parsed = parsedTemplate(value);
    const [only] = parsed.ok ? parsed.value : [];
    return parsed.ok && parsed.value.length === 1 && only?.kind === "output" ? only.value : undefined;
  }

  #read({ root, path }: HostNode, expr: Expr): HostValue {
    const found = root.at(path);
    if (typeof found === "string") throw new Fault(found, offsetOf(expr));
    return found;
  }

  // Conditions

  /** Whether a condition holds; of the host's, what was decided for it. */
  decide(condition: Condition): boolean {
    if (typeof condition === "boolean") return condition;
    const decided = this.#decisions.get(condition.code);
    if (decided === undefined) throw new Undecided(condition.code);
    return decided;
  }

  /** `strict`: as a whole it must be a boolean, as the conditions of a task. */
  #condition(expr: Expr, strict: boolean): Condition {
    if (expr.kind === "test" && this.#node(expr.input) !== undefined) return this.#test(expr);
    if (!this.#usesIn(expr)) return this.#knownCondition(expr, strict);
    switch (expr.kind) {
      case "logic": {
        const left = this.#condition(expr.left, strict);
        const right = (): Condition => this.#condition(expr.right, strict);
        return expr.operator === "and" ? both(left, right) : either(left, right);
      }
      case "unary":
        return not(this.#condition(expr.operand, false));
      case "compare":
        return this.#compare(expr);
      case "test":
        return this.#test(expr);
      case "conditional": {
        const test = this.#condition(expr.test, false);
        const then = (): Condition => this.#condition(expr.then, strict);
        const otherwise = (): Condition =>
          expr.otherwise === undefined ? false : this.#condition(expr.otherwise, strict);
        return either(both(test, then), both(not(test), otherwise));
      }
      case "name": {
        const alias = this.#scope.values.has(expr.name) ? undefined : this.#aliased(expr.name);
        if (alias !== undefined && this.#node(expr) === undefined) return this.#condition(alias, strict);
        break;
      }
      case "filter":
        if (expr.name === "bool") {
          const value = this.#value(expr.input);
          if (value instanceof HostValue) return { code: `cu_yes ${word(value)}` };
        }
        break;
      default:
    }
    const value = this.#value(expr);
    const part = value instanceof HostValue ? value.only : undefined;
    if (strict && part?.type === "any") return { code: `cu_bool ${numbersOf(part)}` };
    return truth(value);
  }

  #knownCondition(expr: Expr, strict: boolean): boolean {
    const value = this.#live(expr);
    if (strict && typeof value !== "boolean") {
      throw new Fault("Conditionals must have a boolean result.", offsetOf(expr));
    }
    return truthy(value);
  }

  #compare(expr: Expr & { readonly kind: "compare" }): Condition {
    let left = this.#value(expr.first);
    let all: Condition = true;
    for (const { operator, operand } of expr.rest) {
      const right = this.#value(operand);
      const [one, other] = [left, right];
      all = both(all, () => compared(operator, one, other, expr));
      left = right;
    }
    return all;
  }

  #test(expr: Expr & { readonly kind: "test" }): Condition {
    const node = this.#node(expr.input);
    const holds = this.#plainTest(expr, node);
    return expr.negated ? not(holds) : holds;
  }

  #plainTest(expr: Expr & { readonly kind: "test" }, node: HostNode | undefined): Condition {
    const { name } = expr;
    if (node !== undefined && (name === "defined" || name === "undefined")) {
      const found = node.path.length === 0 || isDefined(this.#read(node, expr));
      return name === "defined" ? found : not(found);
    }
    const key = outcomeTests[name];
    if (node !== undefined && key !== undefined) {
      const value = this.#read({ ...node, path: [...node.path, key.key] }, expr);
      return key.negated ? not(truth(value)) : truth(value);
    }
    const value = node === undefined ? this.#value(expr.input) : this.#read(node, expr);
    if (isPlain(value)) return this.#evaluation.callTest(name, value, this.#arguments(expr));
    const part = value instanceof HostValue ? value.only : undefined;
    if (part?.type === "any" && name === "none") return { code: `cu_none ${numbersOf(part)}` };
    if (part?.type === "any" && (name === "true" || name === "false")) return equals(part, name === "true");
    const [first] = expr.args;
    if (["eq", "equalto", "==", "ne", "!=", "in"].includes(name) && first !== undefined) {
      const operator = name === "in" ? "in" : name === "ne" || name === "!=" ? "!=" : "==";
      return compared(operator, value, this.#value(first.value), expr);
    }
    if (name === "version" && value instanceof HostValue) return this.#version(expr, value);
    throw unsupported(`the test "${name}"`, expr);
  }

  #version(expr: Expr & { readonly kind: "test" }, value: HostValue): Condition {
    const [wanted, operator] = expr.args.map((argument) => text(this.#plain(argument.value)));
    const flag = versionOperators[operator ?? "=="];
    if (wanted === undefined || flag === undefined || !/^\d+(?:\.\d+)*$/.test(wanted)) {
      throw unsupported("a version that is not numbers and dots", expr);
    }
    return { code: `cu_version ${word(value)} ${flag} ${quote(wanted)}` };
  }
}

const isSource = (value: object): value is Template | Expression => "source" in value && "span" in value;

/** Jinja takes line breaks off a template's end, and Ansible puts them there again. */
const withNewlines = (pieces: readonly Symbolic[], source: string): Symbolic => {
  const last = pieces.at(-1);
  const written = newlinesBehind(source);
  const missing = written.slice(typeof last === "string" ? newlinesBehind(last).length : 0);
  return missing === "" && pieces.length === 1 && last !== undefined ? last : joined([...pieces, missing]);
};

const newlinesBehind = (value: string): string => /\n*$/.exec(value)?.[0] ?? "";

/** The host's own clock is asked, when the script runs. */
const saysNow = (source: string): boolean => /\bnow\s*\(/.test(source);

/** `now().timestamp()`. */
const isClock = (expr: Expr): boolean =>
  expr.kind === "call" &&
  expr.callee.kind === "member" &&
  expr.callee.name === "timestamp" &&
  expr.callee.object.kind === "call" &&
  expr.callee.object.callee.kind === "name" &&
  expr.callee.object.callee.name === "now";

const offsetOf = (expr: Expr): number | undefined => {
  if ("at" in expr) return expr.at;
  for (const child of childrenOf(expr)) {
    const at = offsetOf(child);
    if (at !== undefined) return at;
  }
  return undefined;
};

const unsupported = (what: string, expr: Expr): Fault =>
  new Fault(`${what} cannot be done in a script with what only the host knows`, offsetOf(expr));

const joined = (pieces: readonly Symbolic[]): Symbolic => {
  const parts: (string | HostPart)[] = [];
  for (const piece of pieces) {
    const next = piece instanceof HostValue ? piece.parts : [text(piece as Plain)];
    for (const part of next) {
      const last = parts.at(-1);
      if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
      else if (part !== "") parts.push(part);
    }
  }
  if (parts.every((part) => typeof part === "string")) return parts.join("");
  return new HostValue(parts);
};

const numberOf = (code: string, from: readonly HostPart[]): HostValue =>
  new HostValue([
    { code, slots: from.flatMap(({ slots }) => slots), type: "number", sample: (random) => String(random) },
  ]);

/** A part as an operand of a shell's arithmetic, which evaluates whatever stands there: only digits may. */
const integer = (part: HostPart): string => (part.type === "number" ? part.code : `$(cu_integer "${part.code}")`);

const madeText = (value: HostValue, command: string): HostValue => {
  const slots = value.parts.flatMap((part) => (typeof part === "string" ? [] : part.slots));
  return new HostValue([{ code: `$(${command} ${word(value)})`, slots, type: "text", sample: usualSample }]);
};

/** The filters that a script has for a text of the host. */
const textFilters: Readonly<Record<string, (value: HostValue) => HostValue | undefined>> = {
  string: (value) => value,
  int: (value) => {
    const part = value.only;
    if (part === undefined) return undefined;
    return part.type === "number" ? value : numberOf(`$(cu_integer "${part.code}")`, [part]);
  },
  trim: (value) => madeText(value, "cu_trim"),
  lower: (value) => madeText(value, "cu_lower"),
  quote: (value) => madeText(value, "cu_quote"),
};

const outcomeTests: Readonly<Record<string, { readonly key: string; readonly negated?: true }>> = {
  changed: { key: "changed" },
  change: { key: "changed" },
  failed: { key: "failed" },
  failure: { key: "failed" },
  succeeded: { key: "failed", negated: true },
  success: { key: "failed", negated: true },
  successful: { key: "failed", negated: true },
  skipped: { key: "skipped" },
  skip: { key: "skipped" },
};

const versionOperators: Readonly<Record<string, string>> = {
  "==": "-eq",
  "=": "-eq",
  eq: "-eq",
  "!=": "-ne",
  ne: "-ne",
  "<": "-lt",
  lt: "-lt",
  "<=": "-le",
  le: "-le",
  ">": "-gt",
  gt: "-gt",
  ">=": "-ge",
  ge: "-ge",
};

const numbersOf = (part: HostPart): string => part.slots.map(({ number }) => number).join(" ");

/** A value as one word of a shell. */
export const word = (value: HostValue): string =>
  value.parts.map((part) => (typeof part === "string" ? quote(part) : `"${part.code}"`)).join("");

const isDefined = (value: HostValue): Condition => {
  const numbers = value.parts
    .flatMap((part) => (typeof part === "string" ? [] : part.slots))
    .map(({ number }) => number);
  return numbers.length === 0 ? true : { code: `cu_defined ${[...new Set(numbers)].join(" ")}` };
};

const truth = (value: Symbolic): Condition => {
  if (!(value instanceof HostValue)) return isPlain(value) ? truthy(value as Plain) : true;
  const part = value.only;
  if (part === undefined) {
    // A text beside the host's is enough.
    return value.parts.some((piece) => typeof piece === "string" && piece !== "") || { code: `[ -n ${word(value)} ]` };
  }
  if (part.type === "any") return { code: `cu_true ${numbersOf(part)}` };
  return part.type === "number" ? { code: `[ "${part.code}" -ne 0 ]` } : { code: `[ -n "${part.code}" ]` };
};

const both = (left: Condition, right: Condition | (() => Condition)): Condition => {
  if (left === false) return false;
  const other = typeof right === "function" ? right() : right;
  if (left === true || other === false) return other;
  return other === true ? left : { code: `{ ${left.code} && ${other.code}; }` };
};

const either = (left: Condition, right: Condition | (() => Condition)): Condition => {
  if (left === true) return true;
  const other = typeof right === "function" ? right() : right;
  if (left === false || other === true) return other;
  return other === false ? left : { code: `{ ${left.code} || ${other.code}; }` };
};

const not = (condition: Condition): Condition => {
  if (typeof condition === "boolean") return !condition;
  // A shell takes one such mark before a command, not two.
  return { code: condition.code.startsWith("! ") ? condition.code.slice(2) : `! ${condition.code}` };
};

const ordering: Readonly<Partial<Record<ComparisonOperator, readonly [flag: string, turned: string]>>> = {
  "<": ["-lt", "-gt"],
  "<=": ["-le", "-ge"],
  ">": ["-gt", "-lt"],
  ">=": ["-ge", "-le"],
};

/** One comparison of which at least one side is the host's. */
const compared = (operator: ComparisonOperator, left: Symbolic, right: Symbolic, expr: Expr): Condition => {
  if (isPlain(left) && isPlain(right)) return compare(operator, left, right);
  if (operator === "!=") return not(compared("==", left, right, expr));
  if (operator === "not in") return not(compared("in", left, right, expr));
  if (operator === "==") {
    const same =
      right instanceof HostValue ? equal(right, left) : left instanceof HostValue ? equal(left, right) : undefined;
    if (same !== undefined) return same;
  } else if (operator === "in") {
    if (left instanceof HostValue && Array.isArray(right)) {
      return (right as readonly Symbolic[]).reduce<Condition>(
        (found, item) => either(found, () => compared("==", left, item, expr)),
        false,
      );
    }
    if (typeof left === "string" && right instanceof HostValue)
      return { code: `cu_holds ${word(right)} ${quote(left)}` };
  } else {
    const flags = ordering[operator];
    const [host, known, flag] =
      left instanceof HostValue ? [left.only, right, flags?.[0]] : [(right as HostValue).only, left, flags?.[1]];
    if (flag !== undefined && host !== undefined && typeof known === "number" && Number.isInteger(known)) {
      if (host.type === "number") return { code: `[ "${host.code}" ${flag} ${known} ]` };
      if (host.type === "any") return { code: `cu_order ${numbersOf(host)} ${flag} ${known}` };
    }
  }
  throw unsupported(`"${operator}"`, expr);
};

const equal = (host: HostValue, other: Symbolic): Condition | undefined => {
  const part = host.only;
  if (other instanceof HostValue) {
    const second = other.only;
    if (part?.type === "any" && second?.type === "any") {
      return { code: `cu_same ${numbersOf(part)} ${numbersOf(second)}` };
    }
    return { code: `[ ${word(host)} = ${word(other)} ]` };
  }
  if (part?.type === "any" && (typeof other !== "object" || other === null)) return equals(part, other);
  if (part?.type === "number" && typeof other === "number")
    return { code: `[ "${part.code}" = ${quote(String(other))} ]` };
  if (typeof other === "string" && part?.type !== "number") return { code: `[ ${word(host)} = ${quote(other)} ]` };
  return undefined;
};

/** A variable of the script is of one type; equal is what has the same. */
const equals = (part: HostPart, value: null | boolean | number | string): Condition => {
  const number = numbersOf(part);
  if (value === null) return { code: `cu_none ${number}` };
  const type = typeof value === "string" ? "s" : typeof value === "number" ? "i" : "b";
  return { code: `cu_equal ${number} ${type} ${quote(String(value))}` };
};
