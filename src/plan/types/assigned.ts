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
  /** Every type that a name was set to, in whatever branch. */
  readonly #ever: Map<string, Type[]>;

  constructor(variables: ReadonlyMap<string, Assigned> = new Map(), ever: Map<string, Type[]> = new Map()) {
    this.#variables = new Map(variables);
    this.#ever = ever;
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
    const ever = this.#ever.get(name);
    if (ever === undefined) this.#ever.set(name, [type]);
    else if (!ever.includes(type)) ever.push(type);
    if (isSure || before === undefined) this.#variables.set(name, { type, isSure });
    else this.#variables.set(name, { type: union([before.type, type]), isSure: before.isSure });
  }

  copy(): AssignedVariables {
    return new AssignedVariables(this.#variables, this.#ever);
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

  /** Other hosts come, or another time: what was set on them may be any of what was set anywhere. */
  weaken(): void {
    for (const [name, { type }] of this.#variables) {
      this.#variables.set(name, { type: union(this.#ever.get(name) ?? [type]), isSure: false });
    }
  }
}
