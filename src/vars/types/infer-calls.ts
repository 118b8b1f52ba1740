import { didYouMean } from "../../diagnostics/suggest.ts";
import { type Argument, childrenOf, type Expr } from "../syntax/expression.ts";
import { missingKey, typeOfKey } from "./access.ts";
import type { TypedExpression } from "./comparison-hint.ts";
import { type ComparisonMistake, comparisonMistake } from "./compare-types.ts";
import { filterResult } from "./filter-results.ts";
import { filterSignature } from "./filter-signatures.ts";
import { lookupSignature } from "./lookup-signatures.ts";
import { methodNamesOf, methodSignature } from "./method-signatures.ts";
import { type Place, placeOf } from "./place.ts";
import { fits, mistakeInCall, type Signature, type TypedArgument } from "./signature.ts";
import { testSignature } from "./test-signatures.ts";
import {
  alternatives,
  any,
  bool,
  describeType,
  isWeak,
  itemOfIterable,
  listOf,
  str,
  tupleOf,
  type Type,
  union,
} from "./type.ts";
import type { TypeProblem } from "./type-problem.ts";

/** What the types of calls need of the walk through the expression that they stand in. */
export interface Walk {
  readonly infer: (expr: Expr) => Type;
  /** The same where what is missing has something to fall back on. */
  readonly tolerantly: (expr: Expr) => Type;
  readonly isTolerant: () => boolean;
  readonly report: (
    kind: TypeProblem["kind"],
    place: Place | undefined,
    message: string,
    more?: Partial<TypeProblem>,
  ) => void;
  readonly compare: (mistake: ComparisonMistake, left: TypedExpression, right: TypedExpression) => void;
}

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

/** The types of what filters, tests, methods and lookups give, and what is wrong with how they are called. */
export class CallInference {
  readonly #walk: Walk;

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  /** The arguments of a call; undefined where some are spread, and their number is not known. */
  arguments(args: readonly Argument[]): readonly TypedArgument[] | undefined {
    const typed = args.map((argument): TypedArgument => ({
      name: argument.kind === "named" ? argument.name : undefined,
      type: this.#walk.infer(argument.value),
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
    this.#walk.report("call", wrong ?? place, mistake.message, {
      isWeak:
        argument !== undefined && mistake.unknown === undefined && isWeak(args?.[mistake.argument ?? 0]?.type ?? any),
      ...(hint === undefined ? {} : { hint }),
    });
    return false;
  }

  filter(expr: Expr & { readonly kind: "filter" }): Type {
    const place = { start: expr.at, end: expr.at + expr.name.length };
    const signature = filterSignature(expr.name);
    const input = toleratesMissing.has(expr.name) ? this.#walk.tolerantly(expr.input) : this.#walk.infer(expr.input);
    const args = this.arguments(expr.args);
    if (signature === undefined) return any;
    const what = `filter "${expr.name}"`;
    if (!fits(input, signature.input)) {
      const words = signature.input?.words ?? "";
      this.#walk.report("call", place, `${what} takes ${words}, not ${describeType(input)}`, {
        isWeak: isWeak(input),
      });
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
    const isOptional = names.includes("default") || this.#walk.isTolerant() || asksForAttribute(expr.input);
    let type = itemOfIterable(input);
    for (const part of attribute.split(".")) {
      const key = /^\d+$/.test(part) ? Number(part) : part;
      const found = typeOfKey(type, key, "attribute");
      if (found === undefined) {
        if (!isOptional) {
          const { kind, message, hint } = missingKey(type, key, undefined);
          const isOfVariable = isWeak(input);
          this.#walk.report(kind, placeOf(argument.value), message, {
            isWeak: isOfVariable,
            ...(hint === undefined ? {} : { hint }),
          });
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
      this.#walk.report("call", place, `${what} takes ${signature.input?.words ?? ""}, not ${describeType(item)}`);
      return listOf(signature.result);
    }
    if (!this.#checkCall(what, signature, args, { written, place })) return listOf(signature.result);
    return listOf(filterResult(name, { input: item, args, text: () => undefined }, signature.result));
  }

  test(expr: Expr & { readonly kind: "test" }): Type {
    const place = { start: expr.at, end: expr.at + expr.name.length };
    if (expr.name === "defined" || expr.name === "undefined") {
      this.#walk.tolerantly(expr.input);
      return bool;
    }
    const input = this.#walk.infer(expr.input);
    const args = this.arguments(expr.args);
    const signature = testSignature(expr.name);
    if (signature === undefined) return bool;
    const what = `test "${expr.name}"`;
    if (!fits(input, signature.input)) {
      const hint = ofResult.has(expr.name) ? { hint: "it is for the result that a task registers" } : {};
      const more = { isWeak: isWeak(input), ...hint };
      const words = `${what} takes ${signature.input?.words ?? ""}, not ${describeType(input)}`;
      this.#walk.report("call", place, words, more);
      return bool;
    }
    if (!this.#checkCall(what, signature, args, { written: expr.args, place })) return bool;
    const other = expr.args[0];
    const otherType = args?.[0]?.type;
    if (other === undefined || otherType === undefined) return bool;
    const operator = Object.hasOwn(comparingTests, expr.name) ? comparingTests[expr.name] : undefined;
    const asked = operator ?? (expr.name === "in" ? "in" : undefined);
    const mistake = asked === undefined ? undefined : comparisonMistake(asked, input, otherType);
    if (mistake !== undefined) this.#walk.compare(mistake, [expr.input, input], [other.value, otherType]);
    return bool;
  }

  method(expr: Expr & { readonly kind: "call" }, callee: Expr & { readonly kind: "member" }, name: string): Type {
    const object = this.#walk.infer(callee.object);
    const args = this.arguments(expr.args);
    const found = alternatives(object);
    const [only] = found ?? [];
    if (found === undefined || only === undefined || found.length > 1) return any;
    const place = { start: callee.at, end: callee.at + name.length };
    if (only.kind !== "str" && only.kind !== "list" && only.kind !== "map") {
      this.#walk.report("call", place, `${describeType(object)} has no method "${name}"`, { isWeak: isWeak(object) });
      return any;
    }
    if (only.kind === "map" && (only.isOpen || only.keys.has(name))) return methodSignature("map", name)?.result ?? any;
    const signature = methodSignature(only.kind, name);
    if (signature === undefined) {
      // A method that no value has here is told of by its name.
      const elsewhere = (["str", "list", "map"] as const).some((kind) => methodNamesOf(kind).includes(name));
      if (elsewhere)
        this.#walk.report("call", place, `${describeType(object)} has no method "${name}"`, { isWeak: isWeak(object) });
      return any;
    }
    this.#checkCall(`method "${name}"`, signature, args, { written: expr.args, place });
    if (only.kind !== "map") return signature.result;
    const values = only.keys.size === 0 ? any : union([...only.keys.values()]);
    if (name === "items") return listOf(tupleOf(str, values));
    return name === "values" ? listOf(values) : signature.result;
  }

  lookup(called: "lookup" | "query" | "q", written: readonly Argument[]): Type {
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
      this.#walk.report("call", place, message, hint === undefined ? {} : { hint });
    }
    if (called !== "lookup") return listOf(item);
    return written.length === 2 && alternatives(item)?.every(({ kind }) => kind === "str") === true ? str : any;
  }
}

/** Filters that may be given what is not there. */
const toleratesMissing = new Set(["default", "d", "mandatory", "type_debug", "ternary"]);

/** Tests of what a task registered. */
const ofResult = new Set(
  "change changed failed failure finished reachable skip skipped started succeeded success successful timedout unreachable".split(
    " ",
  ),
);

const textOf = (expr: Expr): string | undefined =>
  expr.kind === "literal" && typeof expr.value === "string" ? expr.value : undefined;

/** Whether items without an attribute were left out before: `selectattr('x', 'defined')`. */
const asksForAttribute = (expr: Expr): boolean =>
  (expr.kind === "filter" && (expr.name === "selectattr" || expr.name === "rejectattr")) ||
  childrenOf(expr).some(asksForAttribute);
