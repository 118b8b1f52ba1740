import type { TemplateContext } from "../vars/template.ts";
import type { Slots, Symbolic } from "./host-value.ts";
import type { HostValue } from "./host-value.ts";

/** A name whose value comes from the host: a registered result, a fact, the grant. */
export interface HostRoot {
  /** What a path below it is; a text says why a script does not know it. */
  readonly at: (path: readonly (string | number)[]) => HostValue | string;
}

/** What an expression of a script can see. */
export interface ScriptScope {
  /** The variables that are known when the script is compiled. */
  readonly context: TemplateContext;
  readonly roots: ReadonlyMap<string, HostRoot>;
  /** Variables that hold what only the host knows: a loop's item, what set_fact made. */
  readonly values: ReadonlyMap<string, Symbolic>;
  readonly slots: Slots;
}

/** A condition: known when the script is compiled, or code for a shell that tells it on the host. */
export type Condition = boolean | { readonly code: string };

/** A value depends on a condition that nothing was decided about yet. */
export class Undecided extends Error {
  readonly code: string;

  constructor(code: string) {
    super("Internal error: a condition that nobody decided on");
    this.code = code;
  }
}

/** Something that may be one of several things, depending on conditions of the host. */
export type Branches<T> =
  | { readonly leaf: T }
  | { readonly code: string; readonly yes: Branches<T>; readonly no: Branches<T> };

/** The conditions that were decided, by their code. */
export type Decisions = ReadonlyMap<string, boolean>;

/** More would be no program that anybody reads. */
const mostLeaves = 64;

/** Makes something for each way in which the conditions that it asks for can be decided. @throws RangeError for too many */
export const explore = <T>(make: (decisions: Decisions) => T): Branches<T> => {
  let leaves = 0;
  const under = (decisions: Decisions): Branches<T> => {
    try {
      const leaf = make(decisions);
      leaves += 1;
      if (leaves > mostLeaves) throw new RangeError("it depends on too many things that only the host knows");
      return { leaf };
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      const { code } = error;
      return {
        code,
        yes: under(new Map([...decisions, [code, true]])),
        no: under(new Map([...decisions, [code, false]])),
      };
    }
  };
  return under(new Map());
};
