/** Shorter forms are not looked for inside of texts: `42` would mask half of every event. */
export const minFormLength = 4;

/** A part of a text. */
export type Match = readonly [start: number, end: number];

/** Up to this many forms, looking for one after the other is the faster way. */
const FEW = 100;

/** The forms of secrets, to be found in texts: with one password a host there are a hundred thousand of them. */
export class SecretForms {
  readonly #forms = new Set<string>();
  /** By their first characters; whatever is shorter stands in the other one. */
  readonly #byStart = new Map<string, string[]>();
  readonly #starts = new Set<string>();
  #longest = 0;

  /** Adds a form of at least `minFormLength` characters. */
  add(form: string): void {
    if (this.#forms.has(form)) return;
    this.#forms.add(form);
    const start = form.slice(0, minFormLength);
    const others = this.#byStart.get(start);
    if (others === undefined) this.#byStart.set(start, [form]);
    else others.push(form);
    for (let length = 1; length < minFormLength; length++) this.#starts.add(form.slice(0, length));
    this.#longest = Math.max(this.#longest, form.length);
  }

  /** Every occurrence of every form, those that overlap or touch joined into one, in order. */
  matchesIn(text: string): readonly Match[] {
    const found = this.#forms.size <= FEW ? this.#oneByOne(text) : this.#allAtOnce(text);
    if (found.length < 2) return found;
    const joined: [number, number][] = [];
    for (const [start, end] of found.toSorted((a, b) => a[0] - b[0])) {
      const last = joined.at(-1);
      if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
      else joined.push([start, end]);
    }
    return joined;
  }

  /** From where a text must wait for more: where its end could be the beginning of a form. */
  holdFrom(text: string, matches: readonly Match[]): number {
    let from = text.length;
    for (let at = Math.max(0, text.length - this.#longest + 1); at < from; at++) {
      if (this.#mayBegin(text.slice(at))) from = at;
    }
    // A secret that reaches into what waits goes with it, whole.
    const cut = matches.find(([start, end]) => start < from && from < end);
    return cut === undefined ? from : cut[0];
  }

  #mayBegin(tail: string): boolean {
    if (tail.length < minFormLength) return this.#starts.has(tail);
    const forms = this.#byStart.get(tail.slice(0, minFormLength));
    return forms !== undefined && forms.some((form) => form.length > tail.length && form.startsWith(tail));
  }

  #oneByOne(text: string): Match[] {
    const found: Match[] = [];
    for (const form of this.#forms) {
      for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) found.push([at, at + form.length]);
    }
    return found;
  }

  #allAtOnce(text: string): Match[] {
    const found: Match[] = [];
    for (let at = 0; at + minFormLength <= text.length; at++) {
      for (const form of this.#byStart.get(text.slice(at, at + minFormLength)) ?? []) {
        if (text.startsWith(form, at)) found.push([at, at + form.length]);
      }
    }
    return found;
  }
}
