import { createHash } from "node:crypto";

const size = 624;
const period = 397;

/** The Mersenne Twister MT19937, seeded by words, as its authors publish it. */
class Twister {
  readonly #state = new Uint32Array(size);
  #at = size;

  constructor(key: readonly number[]) {
    const state = this.#state;
    const word = (index: number): number => state[index] ?? 0;
    const mixed = (index: number): number => word(index - 1) ^ (word(index - 1) >>> 30);
    state[0] = 19_650_218;
    for (let index = 1; index < size; index += 1) state[index] = Math.imul(1_812_433_253, mixed(index)) + index;
    // The beginning is overwritten: this first filling has the constant 19650218 for a seed.
    let index = 1;
    let used = 0;
    const next = (): void => {
      index += 1;
      if (index < size) return;
      state[0] = word(size - 1);
      index = 1;
    };
    for (let round = Math.max(size, key.length); round > 0; round -= 1) {
      state[index] = (word(index) ^ Math.imul(mixed(index), 1_664_525)) + (key[used] ?? 0) + used;
      used = (used + 1) % key.length;
      next();
    }
    for (let round = size - 1; round > 0; round -= 1) {
      state[index] = (word(index) ^ Math.imul(mixed(index), 1_566_083_941)) - index;
      next();
    }
    state[0] = 0x80_00_00_00;
  }

  /** The next 32 bits. */
  word(): number {
    if (this.#at >= size) this.#refill();
    let word = this.#state[this.#at] ?? 0;
    this.#at += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d_2c_56_80;
    word ^= (word << 15) & 0xef_c6_00_00;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #refill(): void {
    const state = this.#state;
    for (let index = 0; index < size; index += 1) {
      const bits = ((state[index] ?? 0) & 0x80_00_00_00) | ((state[(index + 1) % size] ?? 0) & 0x7f_ff_ff_ff);
      const odd = (bits & 1) === 0 ? 0 : 0x99_08_b0_df;
      state[index] = (state[(index + period) % size] ?? 0) ^ (bits >>> 1) ^ odd;
    }
    this.#at = 0;
  }
}

/** A seed as Python's `random.seed` makes words of it: a text with its SHA-512 behind it, as one large number. */
const wordsOf = (seed: string | number): number[] => {
  const bytes = Buffer.from(typeof seed === "string" ? seed : "");
  const large =
    typeof seed === "number"
      ? BigInt(Math.abs(Math.trunc(seed)))
      : BigInt(`0x${Buffer.concat([bytes, createHash("sha512").update(bytes).digest()]).toString("hex")}`);
  const words: number[] = [];
  for (let rest = large; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xff_ff_ff_ffn));
  return words.length === 0 ? [0] : words;
};

/** What gives the same whole numbers below a limit as Python's `random.Random(seed)` does. */
export const createPythonRandom = (seed: string | number): ((limit: number) => number) => {
  const twister = new Twister(wordsOf(seed));
  const bits = (count: number): number => {
    if (count <= 32) return twister.word() >>> (32 - count);
    const low = twister.word();
    return (twister.word() >>> (64 - count)) * 2 ** 32 + low;
  };
  return (limit) => {
    const count = limit.toString(2).length;
    for (;;) {
      const picked = bits(count);
      if (picked < limit) return picked;
    }
  };
};
