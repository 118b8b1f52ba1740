import type { Span } from "../../source/source-file.ts";
import { locateInScalar } from "../../source/locate.ts";
import { mayChangeValues } from "../syntax/changes-values.ts";
import { parsedTemplate } from "../syntax/parsed.ts";
import type { ScanSyntax } from "../syntax/scan.ts";
import type { Statement } from "../syntax/statement.ts";
import type { TemplateContext } from "../template-context.ts";
import { openVault } from "../open-vault.ts";
import { LazyMap, type Expression, Template, type Value, Vaulted } from "../value.ts";
import { Arguments } from "./arguments.ts";
import { copyOf } from "./copy.ts";
import { Fault, UndefinedFault } from "./fault.ts";
import {
  type CallArguments,
  isList,
  isMap,
  LazyEntries,
  type Live,
  mapOf,
  Nothing,
  Tuple,
  typeName,
  Undefined,
} from "./live.ts";
import type { Locals } from "./locals.ts";

/** A filter: `accepts` says that it may be given an undefined value, or one whose templates are not rendered yet. */
export interface Filter {
  readonly parameters: readonly string[];
  readonly accepts?: "undefined";
  readonly run: (value: Live, args: Arguments, evaluation: Evaluation) => Live;
}

/** A test, such as `is defined`. */
export interface Test {
  readonly parameters: readonly string[];
  readonly accepts?: "undefined";
  readonly run: (value: Live, args: Arguments, evaluation: Evaluation) => boolean;
}

/** A lookup: always a list of results; `lookup()` joins them. */
export type Lookup = (terms: readonly Live[], options: ReadonlyMap<string, Live>, evaluation: Evaluation) => Live[];

/** What an evaluation calls by name; handed in, so that filters may call filters without a circle of imports. */
export interface Engine {
  readonly filter: (name: string) => Filter | undefined;
  readonly test: (name: string) => Test | undefined;
  readonly lookup: (name: string) => Lookup | undefined;
  /** What to say about a name that is not known. */
  readonly unknown: (kind: "filter" | "test" | "lookup", name: string) => string;
  readonly global: (name: string, evaluation: Evaluation) => Live | undefined;
  readonly member: (object: Live, name: string | number, evaluation: Evaluation) => Live;
  readonly item: (object: Live, index: Live, evaluation: Evaluation) => Live;
  readonly run: (statements: readonly Statement[], evaluation: Evaluation, locals?: Locals) => Live;
}

const maxDepth = 100;

/** The templates that are being rendered, outermost first: a template in it again is a loop. */
interface Chain {
  readonly links: { readonly template: Template; readonly context: TemplateContext; readonly label: string }[];
  depth: number;
  /** How much has been done. */
  steps: number;
}

/** Seconds of work: templates of templates, and loops within loops, can be written that would take years. */
const maxSteps = 1_000_000;
const maxItems = 1_000_000;

/** One evaluation: the variables, and the chain of templates that are being rendered just now. */
export class Evaluation {
  readonly context: TemplateContext;
  readonly engine: Engine;
  /** How files that a template includes are read. */
  readonly syntax: ScanSyntax | undefined;
  readonly #chain: Chain;
  /** Where a template may change values: its own copy of each variable, since those of a host are everybody's. */
  readonly #copies: Map<string, Live> | undefined;

  constructor(
    context: TemplateContext,
    engine: Engine,
    syntax?: ScanSyntax,
    chain: Chain = { links: [], depth: 0, steps: 0 },
    copies?: Map<string, Live>,
  ) {
    this.context = context;
    this.engine = engine;
    this.syntax = syntax;
    this.#chain = chain;
    this.#copies = copies;
  }

  /** The evaluation of one template or expression: with copies of its own if it may change what it takes. */
  forSource(source: string): Evaluation {
    const changes = mayChangeValues(source);
    if (!changes && this.#copies === undefined) return this;
    return new Evaluation(this.context, this.engine, this.syntax, this.#chain, changes ? new Map() : undefined);
  }

  /** A value that comes from outside of the template: its own copy, where the template may change it. */
  taken(value: Live): Live {
    return this.#copies === undefined ? value : copyOf(this.settle(value));
  }

  /** Whether lists and mappings may be changed. @throws Fault */
  requireCopies(what: string): void {
    if (this.#copies === undefined) throw new Fault(`${what} cannot be used here: it would change a variable`);
  }

  /** A variable's value, rendered if it is a template; Undefined where there is none. */
  variable(name: string, at?: number): Live {
    const value = this.context.variable(name);
    if (value !== undefined) return this.#copies === undefined ? this.force(value, name) : this.#copy(name, value);
    return this.engine.global(name, this) ?? new Undefined(`'${name}' is undefined`, name, at);
  }

  #copy(name: string, value: Value): Live {
    const copied = this.#copies?.get(name);
    if (copied !== undefined) return copied;
    const forced = this.force(value, name);
    if (forced instanceof Undefined) return forced;
    const copy = this.taken(forced);
    this.#copies?.set(name, copy);
    return copy;
  }

  /**
   * A value out of a container or variable: a template is rendered. What it uses may be undefined; then so is it.
   *
   * @throws Fault
   */
  force(value: Live | Value, label = ""): Live {
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof LazyMap) return this.#entries(value);
    if (!(value instanceof Template)) return value;
    if (value instanceof Vaulted) return this.#open(value, label);
    try {
      return this.render(value, label);
    } catch (error) {
      if (error instanceof UndefinedFault) return new ForcedUndefined(error);
      throw error;
    }
  }

  #open(value: Vaulted, label: string): string {
    const opened = openVault(value.envelope, this.context.lookups);
    if (opened.ok) return opened.value;
    throw placed(new Fault(label === "" ? opened.error : `${label}: ${opened.error}`), value);
  }

  /** A lazy mapping whose values are rendered in its own context: `hostvars[h]` sees the variables of `h`. */
  #entries(map: LazyMap): LazyEntries {
    const { context = this.context } = map;
    const owner = context === this.context ? this : new Evaluation(context, this.engine, this.syntax, this.#chain);
    return new LazyEntries(map.keys, (key) => {
      const value = map.get(key);
      return value === undefined ? undefined : this.taken(owner.settle(owner.force(value, key)));
    });
  }

  /** Renders a template to its native value. @throws Fault */
  render(template: Template, label: string): Live {
    const parsed = parsedTemplate(template);
    if (!parsed.ok) {
      const fault = new Fault(`template error: ${parsed.error.message}`, parsed.error.offset);
      throw placed(fault, template);
    }
    this.step();
    const { context } = this;
    const { links } = this.#chain;
    const first = links.findIndex((link) => link.template === template && link.context === context);
    if (first !== -1) throw placed(loopFault(links.slice(first), label || template.source), template);
    links.push({ template, context, label });
    try {
      return this.nested(() =>
        withTrailingNewlines(this.engine.run(parsed.value, this.forSource(template.source)), template.source),
      );
    } catch (error) {
      if (error instanceof Fault) throw placed(error, template);
      throw error;
    } finally {
      links.pop();
    }
  }

  /** Counts a statement or a variable. @throws Fault when there were more than anybody waits for */
  step(): void {
    this.#chain.steps += 1;
    if (this.#chain.steps > maxSteps) throw new Fault("the template takes too long: too many loops or variables");
  }

  /** Runs something that may call itself. @throws Fault when it does so without end */
  nested<T>(run: () => T): T {
    if (this.#chain.depth >= maxDepth) throw new Fault("the template calls itself without end");
    this.#chain.depth += 1;
    try {
      return run();
    } finally {
      this.#chain.depth -= 1;
    }
  }

  /** A value with every template in it rendered; the value itself where there is none. @throws Fault */
  settle(value: Live): Live {
    if (typeof value !== "object" || value === null || settled.has(value)) return value;
    if (value instanceof Template || value instanceof LazyMap) return this.settle(this.force(value));
    if (isList(value)) return this.#settleList(value);
    if (!isMap(value)) return value;
    let changed = false;
    const entries = Object.entries(value).map(([key, item]) => {
      const next = this.settle(item instanceof Template ? this.force(item, key) : item);
      if (next !== item) changed = true;
      return [key, next] as const;
    });
    const result = changed ? mapOf(entries) : value;
    settled.add(result);
    return result;
  }

  #settleList(value: readonly Live[]): readonly Live[] {
    let changed = false;
    const items = Array.from(value, (item) => {
      const next = this.settle(item);
      if (next !== item) changed = true;
      return next;
    });
    const result = !changed ? value : value instanceof Tuple ? Tuple.fromItems(items) : items;
    settled.add(result);
    return result;
  }

  /** Calls a filter by name. @throws Fault */
  callFilter(name: string, input: Live, call: CallArguments): Live {
    const filter = this.engine.filter(name);
    if (filter === undefined) throw new Fault(this.engine.unknown("filter", name));
    const value = filter.accepts === "undefined" ? input : this.#ready(input);
    return filter.run(value, this.#bind(`the filter '${name}'`, filter, call), this);
  }

  /** Calls a test by name. @throws Fault */
  callTest(name: string, input: Live, call: CallArguments): boolean {
    const test = this.engine.test(name);
    if (test === undefined) throw new Fault(this.engine.unknown("test", name));
    const value = test.accepts === "undefined" ? input : this.#ready(input);
    return test.run(value, this.#bind(`the test '${name}'`, test, call), this);
  }

  #bind(what: string, called: Filter | Test, call: CallArguments): Arguments {
    if (call.positional.length === 0 && call.named.size === 0) return new Arguments(what, called.parameters, call);
    const ready = (value: Live): Live => (called.accepts === "undefined" ? value : this.#ready(value));
    const named = new Map([...call.named].map(([key, value]) => [key, ready(value)]));
    return new Arguments(what, called.parameters, { positional: call.positional.map(ready), named });
  }

  #ready(value: Live): Live {
    if (value instanceof Undefined) throw value.fault();
    return this.settle(value);
  }

  /** The items of what can be looped over: a list, a mapping's keys, a text's characters. @throws Fault */
  items(value: Live): readonly Live[] {
    if ((typeof value === "string" || isList(value)) && value.length > maxItems) {
      throw new Fault(`more than ${maxItems} items`);
    }
    if (value instanceof Nothing) return [];
    if (value instanceof Undefined) throw value.fault();
    if (isList(value)) return value.some(isUnforced) ? value.map((item) => this.force(item)) : value;
    if (typeof value === "string") return [...value];
    if (value instanceof LazyEntries) return [...value.keys()];
    if (isMap(value)) return Object.keys(value);
    throw new Fault(`'${typeName(value)}' object is not iterable`);
  }
}

const isUnforced = (value: Live): boolean => value instanceof Template || value instanceof LazyMap;

const loopFault = (links: Chain["links"], label: string): Fault => {
  const names = [...links.map((link) => link.label || link.template.source), label];
  return new Fault(`a variable refers to itself: ${names.map((name) => `'${name}'`).join(" → ")}`);
};

/**
 * A template's text ends with as many newlines as the template, if not with more: Ansible counts them and adds what is
 * missing, since Jinja drops the last and a block takes the one behind it. Included templates are left as Jinja has them.
 */
export const withTrailingNewlines = (value: Live, source: string): Live => {
  if (typeof value !== "string" || !source.endsWith("\n")) return value;
  const missing = trailingNewlines(source) - trailingNewlines(value);
  return missing > 0 ? value + "\n".repeat(missing) : value;
};

const trailingNewlines = (text: string): number => text.length - text.replace(/\n+$/, "").length;

/** Containers without a template in them, however deep: checked once. */
const settled = new WeakSet<object>();

/** An undefined value that came out of another template keeps the first cause and its place. */
class ForcedUndefined extends Undefined {
  readonly #cause: UndefinedFault;

  constructor(cause: UndefinedFault) {
    super(cause.message, cause.undefinedName, undefined);
    this.#cause = cause;
  }

  override fault(): UndefinedFault {
    return this.#cause;
  }
}

/** The fault with its place in the user's file, unless an inner template already gave it one. */
export const placed = (fault: Fault, source: Template | Expression): Fault => {
  fault.span ??= spanIn(source, fault.at);
  return fault;
};

/** The place of an offset of a template's source; the whole template where it cannot be told. */
export const spanIn = (source: Template | Expression, offset: number | undefined, length = 1): Span | undefined => {
  if (source.span === undefined || offset === undefined) return source.span;
  return locateInScalar(source.span, source.source, offset, Math.min(offset + length, source.source.length));
};
