import type { Place } from "./place.ts";

/** Something that is wrong with an expression by the types in it. */
export interface TypeProblem {
  /**
   * `variable`: there is none; `key`: nothing has it; `call`: wrong arguments or input; `types`: values that do not go
   * together; `text`: a list or mapping becomes part of a text; `condition`: no boolean, or always the same.
   */
  readonly kind: "variable" | "key" | "call" | "types" | "text" | "condition";
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint?: string;
  /** undefined where it cannot be told more closely than by the whole template. */
  readonly place: Place | undefined;
  /** The variable, for the kind `variable`. */
  readonly name?: string;
  /** Whether a task's result lacks the key, for the kind `key`. */
  readonly isResult?: boolean;
}
