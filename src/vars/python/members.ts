import type { Live } from "../evaluate/live.ts";
import { equal } from "./compare.ts";

/** Values that are compared as Python does: texts and numbers, most of what lists hold, answer at once. */
export class Members {
  readonly #texts = new Set<string>();
  readonly #numbers = new Set<number>();
  readonly #others: Live[] = [];

  constructor(values: readonly Live[] = []) {
    for (const value of values) this.add(value);
  }

  has(value: Live): boolean {
    if (typeof value === "string") return this.#texts.has(value);
    // To Python `True == 1`.
    if (typeof value === "number" || typeof value === "boolean") {
      return this.#numbers.has(Number(value)) || this.#others.some((other) => equal(other, value));
    }
    return this.#others.some((other) => equal(other, value)) || [...this.#numbers].some((one) => equal(one, value));
  }

  add(value: Live): void {
    if (typeof value === "string") this.#texts.add(value);
    else if (typeof value === "number" || typeof value === "boolean") this.#numbers.add(Number(value));
    else this.#others.push(value);
  }
}
