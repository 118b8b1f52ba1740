import type { Expr } from "./expression.ts";

/** What a loop or an assignment binds: a name, an attribute of a namespace, or those of a tuple's items. */
export type Target =
  | { readonly kind: "name"; readonly name: string }
  /** Of a namespace; it binds no name. */
  | { readonly kind: "attribute"; readonly name: string; readonly attribute: string; readonly at: number }
  | { readonly kind: "tuple"; readonly targets: readonly Target[] };

/** A parameter of a macro. */
export interface Parameter {
  readonly name: string;
  readonly fallback?: Expr;
}

/** A part of a template. `at` is the offset of the statement in the template's source. */
export type Statement =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "output"; readonly value: Expr; readonly at: number }
  | { readonly kind: "if"; readonly branches: readonly Branch[]; readonly otherwise: readonly Statement[] }
  | {
      readonly kind: "for";
      readonly target: Target;
      readonly items: Expr;
      readonly filter?: Expr;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: "set"; readonly target: Target; readonly value: Expr }
  | { readonly kind: "capture"; readonly name: string; readonly body: readonly Statement[] }
  | {
      readonly kind: "macro";
      readonly name: string;
      readonly parameters: readonly Parameter[];
      readonly body: readonly Statement[];
    }
  | { readonly kind: "include"; readonly file: Expr; readonly ignoreMissing: boolean; readonly at: number }
  /** A part that a template which extends this one may replace. */
  | { readonly kind: "block"; readonly name: string; readonly body: readonly Statement[] }
  | { readonly kind: "extends"; readonly file: Expr }
  | { readonly kind: "import"; readonly file: Expr; readonly names: readonly ImportedName[] };

/** What an import binds: what the file calls `from`, or, without that, all of it. */
export interface ImportedName {
  readonly from?: string;
  readonly to: string;
}

/** One `if` or `elif`. */
export interface Branch {
  readonly test: Expr;
  readonly body: readonly Statement[];
}

/** The names that a target binds. */
export const boundNames = (target: Target): readonly string[] => {
  if (target.kind === "attribute") return [];
  return target.kind === "name" ? [target.name] : target.targets.flatMap(boundNames);
};
