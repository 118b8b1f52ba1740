import type { Live } from "./live.ts";

/** Names bound inside a template (`set`, `for`, macro parameters); a child sees its parent's. */
export class Locals {
  readonly #parent: Locals | undefined;
  readonly #values = new Map<string, Live>();

  constructor(parent?: Locals) {
    this.#parent = parent;
  }

  /** The value bound to a name, null among them; undefined where no such name is bound. */
  get(name: string): Live | undefined {
    const value = this.#values.get(name);
    return value === undefined ? this.#parent?.get(name) : value;
  }

  /** What is bound here, and not by a parent. */
  own(): ReadonlyMap<string, Live> {
    return this.#values;
  }

  set(name: string, value: Live): void {
    this.#values.set(name, value);
  }
}
