import type { ArithmeticOperator, Argument, ComparisonOperator, Expr, Literal } from "./expression.ts";
import type { LexToken } from "./lex.ts";
import { marks } from "./library-tokens.ts";
import { SyntaxProblem } from "./problem.ts";

/** The nodes of the library's tree that an expression can hold. */
type LibraryNode =
  | { type: "Identifier"; value: string }
  | { type: "StringLiteral"; value: string }
  | { type: "IntegerLiteral" | "FloatLiteral"; value: number }
  | { type: "ArrayLiteral"; value: LibraryNode[] }
  | { type: "ObjectLiteral"; value: Map<LibraryNode, LibraryNode> }
  | { type: "MemberExpression"; object: LibraryNode; property: LibraryNode; computed: boolean }
  | { type: "SliceExpression"; start?: LibraryNode; stop?: LibraryNode; step?: LibraryNode }
  | { type: "CallExpression"; callee: LibraryNode; args: LibraryNode[] }
  | { type: "FilterExpression"; operand: LibraryNode; filter: LibraryNode }
  | { type: "BinaryExpression"; operator: { value: string }; left: LibraryNode; right: LibraryNode }
  | { type: "UnaryExpression"; operator: { value: string }; argument: LibraryNode }
  | { type: "Ternary"; condition: LibraryNode; trueExpr: LibraryNode; falseExpr: LibraryNode }
  | { type: "SelectExpression"; lhs: LibraryNode; test: LibraryNode }
  | { type: "KeywordArgumentExpression"; key: LibraryNode; value: LibraryNode }
  | { type: "SpreadExpression" | "KeywordSpreadExpression"; argument: LibraryNode };

/**
 * Our tree from the library's: marks are read back, chains of comparisons and of `+ - ~` get Jinja's shape, and what
 * only the library would accept is refused.
 *
 * @throws SyntaxProblem
 */
export const fromLibrary = (node: unknown, literals: readonly LexToken[], options: ConvertOptions): Expr =>
  // The library types every node as a mere Statement; the shape is that of its ast.ts.
  new Converter(literals, options).expression(node as LibraryNode | undefined);

/** How a tree is read. */
export interface ConvertOptions {
  /** Where the expression begins. */
  readonly at: number;
  /** What a text stands for, which may hold a template. */
  readonly embed: (text: Literal) => Expr;
  /** Whether the expression is a condition, in which every text may hold one; else only a lookup's own may. */
  readonly isBare: boolean;
}

const lookups = new Set(["lookup", "query", "q"]);

class Converter {
  /** The strings and numbers of the expression; the library has their indexes. */
  readonly #literals: readonly LexToken[];
  /** The last place seen, for errors about nodes that carry none. */
  #at: number;

  readonly #options: ConvertOptions;

  constructor(literals: readonly LexToken[], options: ConvertOptions) {
    this.#literals = literals;
    this.#at = options.at;
    this.#options = options;
  }

  expression(node: LibraryNode | undefined): Expr {
    switch (node?.type) {
      case "Identifier":
        return this.#name(node.value);
      case "StringLiteral":
        return this.#string(node.value);
      case "IntegerLiteral":
      case "FloatLiteral":
        return this.#number(node.value);
      case "ArrayLiteral":
        return { kind: "list", items: node.value.map((item) => this.expression(item)) };
      case "ObjectLiteral":
        return {
          kind: "dict",
          entries: [...node.value].map(([key, value]) => [this.expression(key), this.expression(value)] as const),
        };
      case "MemberExpression":
        return this.#member(node);
      case "CallExpression":
        return this.#call(node);
      case "FilterExpression":
        return this.#filter(node);
      case "BinaryExpression":
        return this.#binary(node);
      case "UnaryExpression":
        return { kind: "unary", operator: unaryOperator(node.operator.value), operand: this.expression(node.argument) };
      case "Ternary":
        return {
          kind: "conditional",
          test: this.expression(node.condition),
          then: this.expression(node.trueExpr),
          otherwise: this.expression(node.falseExpr),
        };
      case "SelectExpression":
        return { kind: "conditional", test: this.expression(node.test), then: this.expression(node.lhs) };
      case "KeywordArgumentExpression":
      case "SpreadExpression":
      case "KeywordSpreadExpression":
        throw new SyntaxProblem("arguments of a call stand where a value should", this.#at);
      case "SliceExpression":
      case undefined:
        throw new SyntaxProblem("the expression is not complete", this.#at);
    }
  }

  /** The name and place that `markName` joined. */
  #unmark(value: string): { name: string; at: number } {
    const split = value.lastIndexOf("@");
    if (split === -1) throw new SyntaxProblem(`unexpected "${value}"`, this.#at);
    this.#at = Number(value.slice(split + 1));
    return { name: value.slice(0, split), at: this.#at };
  }

  #name(value: string): Expr {
    const { name, at } = this.#unmark(value);
    const constant = constants.get(name);
    return constant === undefined
      ? { kind: "name", name, at }
      : { kind: "literal", value: constant, at, end: at + name.length };
  }

  #string(indexes: string): Expr {
    const tokens = indexes
      .split(marks.endOfString)
      .slice(0, -1)
      .flatMap((index) => this.#literals[Number(index)] ?? []);
    const value = tokens.map((token) => token.text).join("");
    const text: Literal = {
      kind: "literal",
      value,
      at: tokens[0]?.start ?? this.#at,
      end: tokens.at(-1)?.end ?? this.#at,
    };
    return this.#options.isBare ? this.#options.embed(text) : text;
  }

  #number(index: number): Expr {
    const token = this.#literals[index];
    if (token === undefined) throw new SyntaxProblem("a number is missing", this.#at);
    const place = { at: token.start, end: token.end };
    const value = Number(token.text);
    return token.kind === "float"
      ? { kind: "literal", value, float: true, ...place }
      : { kind: "literal", value, ...place };
  }

  #member(node: LibraryNode & { type: "MemberExpression" }): Expr {
    const object = this.expression(node.object);
    const { property } = node;
    if (property.type === "SliceExpression") return this.#slice(object, property);
    if (node.computed) return { kind: "item", object, index: this.expression(property) };
    if (property.type === "Identifier") return { kind: "member", object, ...this.#unmark(property.value) };
    const index = this.expression(property);
    if (index.kind !== "literal" || typeof index.value !== "number") {
      throw new SyntaxProblem('a name must follow "."', this.#at);
    }
    return { kind: "member", object, name: index.value, at: this.#at };
  }

  #slice(object: Expr, node: LibraryNode & { type: "SliceExpression" }): Expr {
    return {
      kind: "slice",
      object,
      ...(node.start === undefined ? {} : { start: this.expression(node.start) }),
      ...(node.stop === undefined ? {} : { stop: this.expression(node.stop) }),
      ...(node.step === undefined ? {} : { step: this.expression(node.step) }),
    };
  }

  #call(node: LibraryNode & { type: "CallExpression" }): Expr {
    const { callee, args } = node;
    const mark = callee.type === "Identifier" ? callee.value.charAt(0) : "";
    if (mark !== marks.group && mark !== marks.tuple && mark !== marks.braces) {
      const called = this.expression(callee);
      const given = this.#arguments(args);
      const isLookup = called.kind === "name" && lookups.has(called.name);
      return { kind: "call", callee: called, args: isLookup ? given.map((one) => this.#ofLookup(one)) : given };
    }
    const items = args.map((item) => this.expression(item));
    const [only] = items;
    if (mark === marks.braces && callee.type === "Identifier") {
      const { name, at } = this.#unmark(callee.value);
      if (only === undefined || items.length > 1)
        throw new SyntaxProblem("one expression is expected in braces", at, 2);
      return { kind: "embedded", of: "braces", value: only, at, end: Number(name.slice(1)) };
    }
    if (mark === marks.tuple || only === undefined) return { kind: "tuple", items };
    return only;
  }

  /** Ansible renders the texts that it looks up once more; what a lookup is told by name stays as it is. */
  #ofLookup(argument: Argument): Argument {
    const rendered = (expr: Expr): Expr => {
      if (expr.kind === "literal") return this.#options.embed(expr);
      return expr.kind === "list" ? { ...expr, items: expr.items.map(rendered) } : expr;
    };
    return argument.kind === "positional" ? { ...argument, value: rendered(argument.value) } : argument;
  }

  #arguments(nodes: readonly LibraryNode[]): Argument[] {
    return nodes.map((node): Argument => {
      switch (node.type) {
        case "KeywordArgumentExpression": {
          const key = this.#unmark(node.key.type === "Identifier" ? node.key.value : "");
          return { kind: "named", ...key, value: this.expression(node.value) };
        }
        case "SpreadExpression":
          return { kind: "spread", value: this.expression(node.argument) };
        case "KeywordSpreadExpression":
          return { kind: "spreadNames", value: this.expression(node.argument) };
        default:
          return { kind: "positional", value: this.expression(node) };
      }
    });
  }

  #filter(node: LibraryNode & { type: "FilterExpression" }): Expr {
    const input = this.expression(node.operand);
    const called = node.filter.type === "CallExpression" ? node.filter : undefined;
    const callee = called?.callee ?? node.filter;
    if (callee.type !== "Identifier") throw new SyntaxProblem("unexpected text after a filter", this.#at);
    const { name, at } = this.#unmark(callee.value);
    const args = this.#arguments(called?.args ?? []);
    if (name.startsWith(marks.negatedTest)) {
      return { kind: "test", name: name.slice(marks.negatedTest.length), negated: true, input, args, at };
    }
    if (name.startsWith(marks.test)) {
      return { kind: "test", name: name.slice(marks.test.length), negated: false, input, args, at };
    }
    return { kind: "filter", name, input, args, at };
  }

  #binary(node: LibraryNode & { type: "BinaryExpression" }): Expr {
    const { value: operator } = node.operator;
    if (operator === "and" || operator === "or") {
      return { kind: "logic", operator, left: this.expression(node.left), right: this.expression(node.right) };
    }
    if (isComparison(operator)) return this.#comparison(node);
    if (isAdditive(operator)) return this.#additive(node);
    return {
      kind: "arithmetic",
      operator: operator as ArithmeticOperator,
      left: this.expression(node.left),
      right: this.expression(node.right),
    };
  }

  /** `a < b < c` is a chain in Jinja. The library nests it to the left; brackets would have left a mark. */
  #comparison(node: LibraryNode & { type: "BinaryExpression" }): Expr {
    const { first, rest } = this.#chain(node, isComparison);
    return {
      kind: "compare",
      first,
      rest: rest.map(([operator, operand]) => ({ operator: operator as ComparisonOperator, operand })),
    };
  }

  /** `~` binds tighter than `+` and `-` in Jinja; the library gives all three one rank. */
  #additive(node: LibraryNode & { type: "BinaryExpression" }): Expr {
    const { first, rest } = this.#chain(node, isAdditive);
    let sum: Expr | undefined;
    let operator = "+";
    let parts: Expr[] = [first];
    const fold = (): void => {
      const [only] = parts;
      const term: Expr = parts.length === 1 && only !== undefined ? only : { kind: "concat", parts };
      sum =
        sum === undefined
          ? term
          : { kind: "arithmetic", operator: operator as ArithmeticOperator, left: sum, right: term };
    };
    for (const [next, operand] of rest) {
      if (next === "~") {
        parts.push(operand);
        continue;
      }
      fold();
      operator = next;
      parts = [operand];
    }
    fold();
    return sum ?? first;
  }

  #chain(
    node: LibraryNode & { type: "BinaryExpression" },
    belongs: (operator: string) => boolean,
  ): { first: Expr; rest: (readonly [string, Expr])[] } {
    const links: (LibraryNode & { type: "BinaryExpression" })[] = [];
    let current: LibraryNode = node;
    while (current.type === "BinaryExpression" && belongs(current.operator.value)) {
      links.unshift(current);
      current = current.left;
    }
    const first = this.expression(current);
    return { first, rest: links.map((link) => [link.operator.value, this.expression(link.right)] as const) };
  }
}

const constants = new Map<string, null | boolean>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["none", null],
  ["None", null],
]);

const comparisons = new Set(["==", "!=", "<", "<=", ">", ">=", "in", "not in"]);
const isComparison = (operator: string): boolean => comparisons.has(operator);
const isAdditive = (operator: string): boolean => operator === "+" || operator === "-" || operator === "~";
const unaryOperator = (operator: string): "-" | "+" | "not" =>
  operator === "-" ? "-" : operator === "+" ? "+" : "not";
