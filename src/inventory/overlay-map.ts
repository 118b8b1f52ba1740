/**
 * A map that shares almost everything with the one it was made from: one changed entry costs no copy of all the others.
 * Entries keep their order; new ones come last.
 */
export class OverlayMap<K, V> implements ReadonlyMap<K, V> {
  readonly #base: ReadonlyMap<K, V>;
  readonly #changes: ReadonlyMap<K, V>;
  readonly size: number;

  private constructor(base: ReadonlyMap<K, V>, changes: ReadonlyMap<K, V>) {
    this.#base = base;
    this.#changes = changes;
    let added = 0;
    for (const key of changes.keys()) if (!base.has(key)) added++;
    this.size = base.size + added;
  }

  /** The map with one more, or one other, entry. */
  static with<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
    const isOverlay = map instanceof OverlayMap;
    const changes = new Map<K, V>(isOverlay ? (map as OverlayMap<K, V>).#changes : []).set(key, value);
    // Many changes are merged now and then, so that neither the copies nor the look-ups grow.
    if (changes.size > mostChanges) return new Map([...map, ...changes]);
    return new OverlayMap(isOverlay ? (map as OverlayMap<K, V>).#base : map, changes);
  }

  get(key: K): V | undefined {
    return this.#changes.has(key) ? this.#changes.get(key) : this.#base.get(key);
  }

  has(key: K): boolean {
    return this.#changes.has(key) || this.#base.has(key);
  }

  *entries(): MapIterator<[K, V]> {
    for (const [key, value] of this.#base) yield [key, this.#changes.has(key) ? (this.#changes.get(key) as V) : value];
    for (const entry of this.#changes) if (!this.#base.has(entry[0])) yield entry;
  }

  *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  forEach(callback: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this);
  }
}

/** About the square root of a large fleet. */
const mostChanges = 64;
