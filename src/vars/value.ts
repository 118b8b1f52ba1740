import type { Span } from "../source/source-file.ts";
import type { TemplateContext } from "./template-context.ts";

/**
 * A text from a trusted file that holds template markers. Only the loader makes these, so a text that came from a
 * host can never become one: what is not a `Template` is never rendered.
 */
export class Template {
  readonly source: string;
  readonly span: Span | undefined;

  constructor(source: string, span?: Span) {
    this.source = source;
    this.span = span;
  }
}

/**
 * A float that is written with nothing behind its point (`8.0`). JavaScript's numbers cannot tell it from 8, and a text
 * that it becomes part of has to say 8.0; as a template it keeps its kind until it is used.
 */
export class WholeFloat extends Template {
  readonly value: number;

  constructor(value: number, span?: Span) {
    super(`{{ ${Math.abs(value) < 1e16 ? value.toFixed(1) : value.toExponential()} }}`, span);
    this.value = value;
  }
}

/**
 * A text that is vaulted in a file (`!vault`). As a template it is opened only when it is used; its content is data, and
 * never a template itself.
 */
export class Vaulted extends Template {
  readonly envelope: string;

  constructor(envelope: string, span?: Span) {
    super("!vault", span);
    this.envelope = envelope;
  }
}

/** A bare expression (`when`, `until`, `assert.that` …) from a trusted file. */
export class Expression {
  readonly source: string;
  readonly span: Span | undefined;

  constructor(source: string, span?: Span) {
    this.source = source;
    this.span = span;
  }
}

/** Data as it stands in files and variables: plain, or still to be rendered. */
export type Value = null | boolean | number | string | Template | LazyMap | readonly Value[] | ValueMap;
/** A mapping of values. */
export interface ValueMap {
  readonly [key: string]: Value;
}

/** Data after rendering: what JSON has, and nothing to be rendered in it. */
export type Plain = null | boolean | number | string | readonly Plain[] | PlainMap;
/** A mapping of plain data. */
export interface PlainMap {
  readonly [key: string]: Plain;
}

/**
 * A mapping whose values are made when they are asked for (`hostvars`, `vars`); a missing key gives undefined. Where the
 * values may still have to be rendered, `context` says whose variables they see.
 */
export class LazyMap {
  readonly keys: () => Iterable<string>;
  readonly get: (key: string) => Value | undefined;
  readonly context: TemplateContext | undefined;

  constructor(keys: () => Iterable<string>, get: (key: string) => Value | undefined, context?: TemplateContext) {
    this.keys = keys;
    this.get = get;
    this.context = context;
  }
}
