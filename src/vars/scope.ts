import type { Value, ValueMap } from "./value.ts";

/**
 * The levels at which a variable can be set, weakest first; a later one wins.
 * Source: Ansible's documentation, "Understanding variable precedence".
 */
export const levels = [
  "command line values",
  "role defaults",
  "inventory group vars",
  "inventory group_vars/all",
  "playbook group_vars/all",
  "inventory group_vars/*",
  "playbook group_vars/*",
  "inventory host vars",
  "inventory host_vars/*",
  "playbook host_vars/*",
  "host facts",
  "play vars",
  "play vars_prompt",
  "play vars_files",
  "role vars",
  "block vars",
  "task vars",
  "include_vars",
  "set_facts and registered vars",
  "role params",
  "include params",
  "extra vars",
  "magic variables",
] as const;

/** One of the levels of variable precedence. */
export type Level = (typeof levels)[number];

/** Variables of one level from one place. */
export interface Layer {
  readonly level: Level;
  /** Where they were written, for people: a file's path, "extra vars", a task. */
  readonly origin: string;
  readonly values: ValueMap;
}

/** A variable and where it comes from. */
export interface FoundVariable {
  readonly value: Value;
  readonly level: Level;
  readonly origin: string;
}

/**
 * Layers of variables in order of precedence. A scope never changes: `with` gives a child that shares its parent's
 * layers, so that a task costs as many steps as it adds layers, whatever the number of variables.
 */
export class Scope {
  /** Strongest first; among layers of one level the one that was added last. */
  readonly #layers: readonly Layer[];

  private constructor(layers: readonly Layer[]) {
    this.#layers = layers;
  }

  /** A scope of these layers, in any order of levels; within a level a later layer wins. */
  static of(layers: readonly Layer[]): Scope {
    return new Scope(layers.toReversed().toSorted((a, b) => rank(b) - rank(a)));
  }

  /** This scope and one layer more. */
  with(layer: Layer): Scope {
    const at = this.#layers.findIndex((other) => rank(other) <= rank(layer));
    return new Scope(this.#layers.toSpliced(at === -1 ? this.#layers.length : at, 0, layer));
  }

  /** The strongest variable of a name with its origin, or undefined. */
  lookup(name: string): FoundVariable | undefined {
    return this.#find(name, 0)?.found;
  }

  /** Every variable of a name, the one that counts first: what an explanation shows. */
  explain(name: string): readonly FoundVariable[] {
    const all: FoundVariable[] = [];
    for (let at = 0; ;) {
      const next = this.#find(name, at);
      if (next === undefined) return all;
      all.push(next.found);
      at = next.at + 1;
    }
  }

  /** The names of all variables. */
  names(): ReadonlySet<string> {
    return new Set(this.#layers.flatMap((layer) => Object.keys(layer.values)));
  }

  #find(name: string, from: number): { readonly found: FoundVariable; readonly at: number } | undefined {
    for (let at = from; at < this.#layers.length; at += 1) {
      const layer = this.#layers[at];
      const value = layer !== undefined && Object.hasOwn(layer.values, name) ? layer.values[name] : undefined;
      if (layer !== undefined && value !== undefined) {
        return { found: { value, level: layer.level, origin: layer.origin }, at };
      }
    }
    return undefined;
  }
}

const ranks = new Map<Level, number>(levels.map((level, index) => [level, index]));
const rank = (layer: Layer): number => ranks.get(layer.level) ?? 0;
