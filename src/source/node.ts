import type { Span } from "./source-file.ts";

/** A scalar's value after YAML 1.1 resolution, as Ansible's loader reads it. */
export type Scalar = null | boolean | number | string;

/** A scalar of a YAML (or INI, or command-line) source, with its place. */
export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: Scalar;
  /** The characters as written, without quotes; `0644` keeps its zero here while `value` is 420. */
  readonly text: string;
  readonly style: "plain" | "single" | "double" | "literal" | "folded";
  /** `!unsafe` where it or something around it says so; `!vault` with the vaulted text as value. */
  readonly tag?: "!unsafe" | "!vault";
  readonly span: Span;
}

/** One `key: value` of a mapping. */
export interface MapEntry {
  readonly key: ScalarNode;
  readonly value: Node;
}

/** A mapping, in the order of the source; merge keys (`<<`) are already resolved and duplicates already reported. */
export interface MapNode {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
  readonly span: Span;
}

/** A sequence. */
export interface SeqNode {
  readonly kind: "seq";
  readonly items: readonly Node[];
  readonly span: Span;
}

/** A tree of a source file: plain data plus positions. No type of the YAML library leaves `source/`. */
export type Node = ScalarNode | MapNode | SeqNode;

/** The entry of a mapping with this key. */
export const entryOf = (map: MapNode, key: string): MapEntry | undefined =>
  map.entries.find((entry) => String(entry.key.value) === key);
