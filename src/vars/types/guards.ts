import { childrenOf, type Expr } from "../syntax/expression.ts";

/**
 * The path of a variable or of something in it (`a.b[c]` is `a.b.[c]`), so that two expressions which mean the same can
 * be compared; undefined where it is neither.
 */
export const pathOf = (expr: Expr): string | undefined => {
  if (expr.kind === "name") return expr.name;
  if (expr.kind === "member") return joined(pathOf(expr.object), String(expr.name));
  if (expr.kind !== "item") return undefined;
  const { index } = expr;
  if (index.kind === "literal") return joined(pathOf(expr.object), String(index.value));
  const inner = pathOf(index);
  return inner === undefined ? undefined : joined(pathOf(expr.object), `[${inner}]`);
};

/** A path as somebody would write it. */
export const shownPath = (path: string): string => path.replace(/\.(\d+)(?=\.|$)/g, "[$1]").replaceAll(".[", "[");

const joined = (object: string | undefined, name: string): string | undefined =>
  object === undefined ? undefined : `${object}.${name}`;

/** What an author asks about before using it, as paths. */
export class Guards {
  /** It and what it is a part of are there. */
  readonly #defined = new Set<string>();
  /** It is there; what it is a part of has to be there for that. */
  readonly #keys = new Set<string>();
  /** It may be of another type than it seems. */
  readonly #types = new Set<string>();
  /** What is asked about around it. */
  readonly #outer: Guards | undefined;

  constructor(outer?: Guards) {
    this.#outer = outer;
  }

  /** Adds what an expression asks about, whatever the answer: an author who asks knows what may be missing. */
  add(expr: Expr): void {
    if (expr.kind === "test" && asksIfDefined.has(expr.name)) this.#addDefined(expr.input);
    if (expr.kind === "filter" && falling.has(expr.name)) this.#addDefined(expr.input);
    if (expr.kind === "test" && asksForType.has(expr.name)) this.#addType(expr.input);
    if (expr.kind === "compare") this.#addComparison(expr);
    for (const child of childrenOf(expr)) this.add(child);
  }

  /** Whether it may be missing. */
  has(path: string | undefined): boolean {
    if (path === undefined) return false;
    if (this.#defined.has(path) || this.#keys.has(path)) return true;
    for (const guard of this.#defined) if (guard.startsWith(`${path}.`)) return true;
    for (const guard of this.#types) if (path.startsWith(`${guard}.`)) return true;
    return this.#outer?.has(path) === true;
  }

  /** Whether it, or what it is a part of, may be of another type than it seems. */
  hasType(path: string | undefined): boolean {
    if (path === undefined) return false;
    for (const guard of this.#types) if (guard === path || path.startsWith(`${guard}.`)) return true;
    return this.#outer?.hasType(path) === true;
  }

  #addDefined(expr: Expr): void {
    const path = pathOf(expr);
    if (path !== undefined) this.#defined.add(path);
    else this.#addType(expr);
  }

  /** Where its own path cannot be told, that of what it is a part of. */
  #addType(expr: Expr): void {
    const path = pathOf(expr);
    const [first] = childrenOf(expr);
    if (path !== undefined) this.#types.add(path);
    else if (first !== undefined) this.#addType(first);
  }

  #addComparison({ first, rest }: Expr & { readonly kind: "compare" }): void {
    let left = first;
    for (const { operator, operand } of rest) {
      const path = operator === "in" || operator === "not in" ? pathOf(operand) : undefined;
      // `'key' in mapping`
      if (path !== undefined && left.kind === "literal") this.#keys.add(`${path}.${String(left.value)}`);
      left = operand;
    }
  }
}

const asksIfDefined = new Set(["defined", "undefined"]);

const asksForType = new Set("boolean integer float number string mapping sequence iterable callable none".split(" "));

/** What has something to fall back on where its input is missing. */
const falling = new Set(["default", "d", "mandatory", "type_debug", "ternary"]);
