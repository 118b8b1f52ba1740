import type { Span } from "../../source/source-file.ts";

/** An evaluation that cannot go on. Thrown only inside `vars/`; `template.ts` turns it into a value at the border. */
export class Fault extends Error {
  /** Offset into the source of the template that was being evaluated, where it is known. */
  at: number | undefined;
  /** The place in the user's file, set by the innermost template that the fault passes. */
  span: Span | undefined;

  constructor(message: string, at?: number) {
    super(message);
    this.at = at;
  }
}

/** A value was used that is not defined; `default()` and `is defined` are what may meet it. */
export class UndefinedFault extends Fault {
  /** The root name that is missing, where it is a variable and not a key. */
  readonly undefinedName: string | undefined;

  constructor(message: string, undefinedName: string | undefined, at?: number) {
    super(message, at);
    this.undefinedName = undefinedName;
  }
}
