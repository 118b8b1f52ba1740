import type { Omit } from "../vars/omit.ts";
import type { Plain } from "../vars/value.ts";

/** A variable of the script that holds a part of a result, of a fact or of the grant; its number is unique in a script. */
export interface Slot {
  readonly number: number;
  /** What it is for people and for whoever fills it, such as `support_home.stat.exists`. */
  readonly path: readonly (string | number)[];
}

/** A part of a text that only the host knows: shell code for the inside of double quotes, and the variables in it. */
export interface HostPart {
  readonly code: string;
  readonly slots: readonly Slot[];
  /** `any` is a variable as it is, whose type is the host's; arithmetic makes numbers. */
  readonly type: "any" | "number" | "text";
  /** A text of the form that the host's will have, which modules accept when a script is compiled. */
  readonly sample: (random: number) => string;
}

/** A value that holds what only the host knows: a text in parts. */
export class HostValue {
  readonly parts: readonly (string | HostPart)[];

  constructor(parts: readonly (string | HostPart)[]) {
    this.parts = parts;
  }

  /** The one part that it consists of, where it is one. */
  get only(): HostPart | undefined {
    const [part] = this.parts;
    return this.parts.length === 1 && typeof part === "object" ? part : undefined;
  }
}

/** A value that is known when a script is compiled, but for the parts that only the host knows. */
export type Symbolic = Plain | Omit | HostValue | readonly Symbolic[] | { readonly [key: string]: Symbolic };

/** The variables of a script, each made when something first asks for it. */
export class Slots {
  readonly #known = new Map<string, Slot>();

  of(path: Slot["path"]): Slot {
    const key = JSON.stringify(path);
    let slot = this.#known.get(key);
    if (slot === undefined) this.#known.set(key, (slot = { number: this.#known.size + 1, path }));
    return slot;
  }

  /** All of them. */
  all(): readonly Slot[] {
    return [...this.#known.values()];
  }

  /** Those below a name, such as all of a registered result. */
  below(root: string): readonly Slot[] {
    return [...this.#known.values()].filter(({ path }) => path[0] === root);
  }
}

/** A variable's value as a host value. */
export const hostValueOf = (slot: Slot, sample: HostPart["sample"] = usualSample): HostValue =>
  new HostValue([{ code: `$h_${slot.number}`, slots: [slot], type: "any", sample }]);

/** Found again in whatever a module makes of it: letters and digits, and no number. */
export const usualSample = (random: number): string => `lkh${random.toString(36)}`;

/** Whether a value holds nothing that only the host knows. */
export const isPlain = (value: Symbolic): value is Plain => {
  if (value instanceof HostValue) return false;
  if (Array.isArray(value)) return value.every(isPlain);
  return typeof value !== "object" || value === null || Object.values(value).every(isPlain);
};

/** Every part that only the host knows, in a value however deep. */
export const hostPartsIn = (value: Symbolic): readonly HostPart[] => {
  if (value instanceof HostValue) return value.parts.filter((part) => typeof part === "object");
  if (Array.isArray(value)) return value.flatMap(hostPartsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(hostPartsIn);
};
