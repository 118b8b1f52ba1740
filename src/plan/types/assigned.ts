import { type Type, union } from "../../vars/types/type.ts";

/** A variable that tasks before this one have set, or may have. */
export interface Assigned {
  readonly type: Type;
  /** Whether nothing weaker can be seen in its place. */
  readonly isSure: boolean;
}

/** The variables that tasks have set when a task begins; a branch (block, rescue) has a copy of its own. */
export class AssignedVariables {
  readonly #variables: Map<string, Assigned>;

  constructor(variables: ReadonlyMap<string, Assigned> = new Map()) {
    this.#variables = new Map(variables);
  }

  get(name: string): Assigned | undefined {
    return this.#variables.get(name);
  }

  names(): Iterable<string> {
    return this.#variables.keys();
  }

  /** What is set for sure replaces what was there. */
  set(name: string, type: Type, isSure: boolean): void {
    const before = this.#variables.get(name);
    if (isSure || before === undefined) this.#variables.set(name, { type, isSure });
    else this.#variables.set(name, { type: union([before.type, type]), isSure: before.isSure });
  }

  copy(): AssignedVariables {
    return new AssignedVariables(this.#variables);
  }

  /** Takes over what is set where another way was gone: it may be so, or as it is here. */
  merge(other: AssignedVariables): void {
    for (const name of new Set([...this.#variables.keys(), ...other.#variables.keys()])) {
      const a = this.#variables.get(name);
      const b = other.#variables.get(name);
      if (a !== undefined && b !== undefined && a.type === b.type && a.isSure === b.isSure) continue;
      const types = [a, b].flatMap((one) => (one === undefined ? [] : [one.type]));
      this.#variables.set(name, { type: union(types), isSure: a?.isSure === true && b?.isSure === true });
    }
  }

  /** Other hosts come, of which some may not have run the tasks. */
  weaken(): void {
    for (const [name, { type }] of this.#variables) this.#variables.set(name, { type, isSure: false });
  }
}
