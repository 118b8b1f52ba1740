import { Fault } from "./fault.ts";
import { type CallArguments, defined, integer, type Live, truthy, typeName } from "./live.ts";
import { text } from "../python/text.ts";

/**
 * The arguments of a call bound to the parameters of what is called. A parameter `*name` takes all further positional
 * arguments; `**name` all further named ones.
 */
export class Arguments {
  readonly #what: string;
  readonly #values = new Map<string, Live>();
  readonly rest: readonly Live[];
  readonly others: ReadonlyMap<string, Live>;

  /** @throws Fault for an argument too many or of an unknown name */
  constructor(what: string, parameters: readonly string[], call: CallArguments) {
    this.#what = what;
    const names = parameters.filter((name) => !name.startsWith("*"));
    const takesRest = names.length < parameters.length && parameters.some((name) => /^\*[^*]/.test(name));
    const takesOthers = parameters.some((name) => name.startsWith("**"));
    const { positional, named } = call;
    for (const [index, name] of names.entries()) {
      const value = positional[index];
      if (value !== undefined) this.#values.set(name, value);
    }
    this.rest = positional.slice(names.length);
    if (this.rest.length > 0 && !takesRest) {
      throw new Fault(`${what} takes at most ${names.length} argument${names.length === 1 ? "" : "s"}`);
    }
    const others = new Map<string, Live>();
    for (const [name, value] of named) {
      if (names.includes(name)) {
        if (this.#values.has(name)) throw new Fault(`${what} got multiple values for argument '${name}'`);
        this.#values.set(name, value);
      } else if (takesOthers) others.set(name, value);
      else throw new Fault(`${what} got an unexpected keyword argument '${name}'`);
    }
    this.others = others;
  }

  /** The argument as it is, or undefined where it was not given. */
  get(name: string): Live | undefined {
    return this.#values.get(name);
  }

  /** An argument that must be there. @throws Fault */
  required(name: string): Live {
    const value = this.#values.get(name);
    if (value === undefined) throw new Fault(`${this.#what} needs the argument '${name}'`);
    return defined(value);
  }

  /** An argument as text; null counts as not given. @throws Fault */
  text(name: string, fallback: string): string {
    const value = this.#values.get(name);
    return value === undefined || value === null ? fallback : text(value);
  }

  /** An argument that must be a text. @throws Fault */
  requiredText(name: string): string {
    const value = this.required(name);
    if (typeof value === "string") return value;
    throw new Fault(`the argument '${name}' of ${this.#what} must be a string, not ${typeName(value)}`);
  }

  /** An argument that must be a whole number; null counts as not given. @throws Fault */
  integer(name: string, fallback: number): number {
    const value = this.#values.get(name);
    if (value === undefined || value === null) return fallback;
    return integer(value, `the argument '${name}' of ${this.#what}`);
  }

  /** An argument as Python's truth. @throws UndefinedFault */
  boolean(name: string, fallback: boolean): boolean {
    const value = this.#values.get(name);
    return value === undefined ? fallback : truthy(value);
  }
}
