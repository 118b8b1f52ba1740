/** A constant as written. `float` tells `1.0` from `1`, which JavaScript's numbers cannot. */
export interface Literal {
  readonly kind: "literal";
  readonly value: null | boolean | number | string;
  readonly float?: true;
  /** The place in the template's source: the first offset and the one after the last. */
  readonly at: number;
  readonly end: number;
}

/** One argument of a call; `spread` is `*x`, `spreadNames` is `**x`. */
export type Argument =
  | { readonly kind: "positional" | "spread" | "spreadNames"; readonly value: Expr }
  | { readonly kind: "named"; readonly name: string; readonly value: Expr; readonly at: number };

/** The operators of arithmetic. */
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**";

/** The operators of comparison and membership. */
export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

/** An expression of a template. `at` is an offset into the template's source. */
export type Expr =
  | Literal
  | { readonly kind: "name"; readonly name: string; readonly at: number }
  | { readonly kind: "list" | "tuple"; readonly items: readonly Expr[] }
  | { readonly kind: "dict"; readonly entries: readonly (readonly [Expr, Expr])[] }
  | { readonly kind: "member"; readonly object: Expr; readonly name: string | number; readonly at: number }
  | { readonly kind: "item"; readonly object: Expr; readonly index: Expr }
  | {
      readonly kind: "slice";
      readonly object: Expr;
      readonly start?: Expr;
      readonly stop?: Expr;
      readonly step?: Expr;
    }
  | { readonly kind: "call"; readonly callee: Expr; readonly args: readonly Argument[] }
  | {
      readonly kind: "filter";
      readonly name: string;
      readonly input: Expr;
      readonly args: readonly Argument[];
      readonly at: number;
    }
  | {
      readonly kind: "test";
      readonly name: string;
      readonly negated: boolean;
      readonly input: Expr;
      readonly args: readonly Argument[];
      readonly at: number;
    }
  | { readonly kind: "unary"; readonly operator: "-" | "+" | "not"; readonly operand: Expr }
  | { readonly kind: "arithmetic"; readonly operator: ArithmeticOperator; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "concat"; readonly parts: readonly Expr[] }
  | { readonly kind: "logic"; readonly operator: "and" | "or"; readonly left: Expr; readonly right: Expr }
  | {
      readonly kind: "compare";
      readonly first: Expr;
      readonly rest: readonly { readonly operator: ComparisonOperator; readonly operand: Expr }[];
    }
  | {
      /** A template inside of an expression: a text that holds one, or braces around a part of it. */
      readonly kind: "embedded";
      readonly of: "text" | "braces";
      readonly value: Expr;
      readonly at: number;
      readonly end: number;
    }
  | { readonly kind: "conditional"; readonly test: Expr; readonly then: Expr; readonly otherwise?: Expr };

/** The expressions directly inside an expression, for walks that look for something. */
export const childrenOf = (expr: Expr): readonly Expr[] => {
  switch (expr.kind) {
    case "literal":
    case "name":
      return [];
    case "list":
    case "tuple":
      return expr.items;
    case "dict":
      return expr.entries.flat();
    case "member":
      return [expr.object];
    case "item":
      return [expr.object, expr.index];
    case "slice":
      return [expr.object, expr.start, expr.stop, expr.step].filter((part) => part !== undefined);
    case "call":
      return [expr.callee, ...expr.args.map((argument) => argument.value)];
    case "filter":
    case "test":
      return [expr.input, ...expr.args.map((argument) => argument.value)];
    case "embedded":
      return [expr.value];
    case "unary":
      return [expr.operand];
    case "arithmetic":
    case "logic":
      return [expr.left, expr.right];
    case "concat":
      return expr.parts;
    case "compare":
      return [expr.first, ...expr.rest.map((part) => part.operand)];
    case "conditional":
      return [expr.test, expr.then, ...(expr.otherwise === undefined ? [] : [expr.otherwise])];
  }
};
