import type { Place } from "./place.ts";

/** Something that is wrong with an expression by the types in it. */
export interface TypeProblem {
  /**
   * `variable`: there is none; `key`: nothing has it; `result`: a task's result has no such key; `host`: the inventory has
   * no such host or group; `call`: wrong arguments or input; `types`: values that do not go
   * together; `text`: a list or mapping becomes part of a text; `condition`: no boolean, or always the same.
   */
  readonly kind: "variable" | "key" | "result" | "host" | "call" | "types" | "text" | "condition";
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint?: string;
  /** undefined where it cannot be told more closely than by the whole template. */
  readonly place: Place | undefined;
  /** The variable, for the kind `variable`. */
  readonly name?: string;
  /** It depends on other values if this is evaluated at all. */
  readonly isConditional?: boolean;
  /** It is wrong for what a variable holds just now. */
  readonly isWeak?: boolean;
}
