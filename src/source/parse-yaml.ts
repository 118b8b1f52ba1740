import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node as YamlNode,
  Lexer,
  type Pair,
  Parser,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
  type YAMLWarning,
} from "yaml";
import { lexLoosely } from "./lex-loosely.ts";
import type { MapEntry, MapNode, Node, ScalarNode } from "./node.ts";
import { isVaulted, parseEnvelope } from "../vault/envelope.ts";
import { locateInScalar } from "./locate.ts";
import { resolvePlainScalar } from "./resolve-scalar.ts";
import type { SourceFile, Span } from "./source-file.ts";
import { bracesProblem, describeSyntax, type YamlProblem } from "./yaml-problem.ts";

/** The tree of a YAML file (undefined when it is empty) together with everything wrong in it. */
export interface ParsedYaml {
  readonly root: Node | undefined;
  readonly problems: readonly YamlProblem[];
}

/** Parses YAML as Ansible's loader reads it: YAML 1.1 scalars as PyYAML resolves them, merge keys, one document. */
export const parseYaml = (file: SourceFile): ParsedYaml => {
  const documents = documentsOf(file);
  if ("message" in documents) return { root: undefined, problems: [documents] };
  const [first, second] = documents;
  const reader = new Reader(file, first);
  const root = first?.contents ? reader.read(first.contents) : undefined;
  const errors = documents.flatMap((document) => document.errors);
  const syntax = reader.isTooDeep() ? undefined : describeSyntax(file, errors, reader.nodes());
  if (syntax !== undefined) {
    // What the reader met behind the place where the parser lost its way is a guess.
    const before = reader.problems.filter((problem) => problem.span.start < syntax.span.start);
    return { root, problems: [...before, syntax] };
  }
  for (const warning of documents.flatMap((document) => document.warnings)) reader.addUnknownTag(warning);
  if (!reader.problems.some((problem) => problem.isSyntax)) reader.reportUnusedAnchors();
  if (second !== undefined) {
    const at = second.range[0];
    reader.problems.push({
      message: "a second document begins here; a file holds one",
      span: { file, start: at, end: Math.min(at + 3, file.text.length) },
    });
  }
  return { root, problems: reader.problems };
};

/** More levels, or more nodes when each alias is replaced by what it stands for, than anybody writes. */
const MAX_DEPTH = 200;
const MAX_SIZE = 1_000_000;

/**
 * What the specification takes for wrong, and PyYAML does not, is read PyYAML's way. Where that fails as well, the first
 * reading says more exactly what is wrong.
 */
const documentsOf = (file: SourceFile): readonly Document.Parsed[] | YamlProblem => {
  const control = CONTROL.exec(file.text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    const span = { file, start: control.index, end: control.index + 1 };
    return { message: `YAML does not allow the character U+${code}`, span, isSyntax: true };
  }
  try {
    const strict = compose(new Lexer().lex(file.text));
    if (strict.every(({ errors }) => errors.length === 0)) return strict;
    const loose = compose(lexLoosely(file.text));
    return loose.every(({ errors }) => errors.length === 0) ? loose : strict;
  } catch (error) {
    // The library goes into each level by a call of its own.
    if (error instanceof RangeError) return tooDeep({ file, start: 0, end: 1 });
    throw error;
  }
};

// oxlint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;

const tooDeep = (span: Span): YamlProblem => ({
  message: `more than ${MAX_DEPTH} levels within each other`,
  span,
  isSyntax: true,
});

const compose = (lexemes: Iterable<string>): readonly Document.Parsed[] => {
  const parser = new Parser();
  // The failsafe schema leaves every scalar a text: the resolution of plain scalars is PyYAML's, not the library's.
  const composer = new Composer({
    schema: "failsafe",
    version: "1.1",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  return [...composer.compose(tokensOf(parser, lexemes))];
};

function* tokensOf(parser: Parser, lexemes: Iterable<string>): Generator<CST.Token> {
  for (const lexeme of lexemes) yield* parser.next(lexeme);
  yield* parser.end();
}

class Reader {
  readonly problems: YamlProblem[] = [];
  readonly #file: SourceFile;
  readonly #document: Document | undefined;
  readonly #seen = new Map<unknown, Node | "reading">();
  readonly #sizes = new Map<Node, number>();
  readonly #anchors = new Map<string, Span>();
  readonly #used = new Set<string>();
  #depth = 0;
  #isTooDeep = false;
  #isTooLarge = false;
  /** Within a mapping or a list that is tagged `!unsafe`. */
  #unsafe = false;

  constructor(file: SourceFile, document: Document | undefined) {
    this.#file = file;
    this.#document = document;
  }

  /** What was read, in no order. */
  nodes(): Iterable<Node | "reading"> {
    return this.#seen.values();
  }

  isTooDeep(): boolean {
    return this.#isTooDeep;
  }

  reportUnusedAnchors(): void {
    for (const [name, span] of this.#anchors) {
      if (this.#used.has(name)) continue;
      this.problems.push({
        severity: "warning",
        message: `nothing refers to the anchor "${name}"`,
        span,
        hint: `remove &${name}, write *${name} where it is wanted, or quote the value if the & belongs to it`,
      });
    }
  }

  /** A tag that the parser does not know is a warning of it; most of those are ours. */
  addUnknownTag({ code, message, pos: [start, end] }: YAMLWarning): void {
    const tag = /^Unresolved tag: (.*)$/.exec(message)?.[1];
    if (code !== "TAG_RESOLVE_FAILED" || tag === undefined || ownTags.has(tag) || plainTags.has(tag)) return;
    this.problems.push({ ...unknownTag(tag), span: { file: this.#file, start, end }, isSyntax: true });
  }

  read(node: unknown): Node {
    const known = this.#seen.get(node);
    if (known !== undefined && known !== "reading") return known;
    if (this.#depth >= MAX_DEPTH) {
      const span = this.#span(node as YamlNode);
      if (!this.#isTooDeep) this.problems.push(tooDeep(span));
      this.#isTooDeep = true;
      return nothingAt(span);
    }
    this.#seen.set(node, "reading");
    this.#depth++;
    const result = this.#readNew(node as YamlNode);
    this.#depth--;
    this.#seen.set(node, result);
    this.#measure(node as YamlNode, result);
    return result;
  }

  /** A few aliases of aliases stand for billions of nodes: whoever walks through the tree would never come back. */
  #measure(node: YamlNode, result: Node): void {
    if (this.#sizes.has(result)) return;
    const parts = result.kind === "seq" ? result.items : result.kind === "map" ? valuesOf(result) : [];
    const size = parts.reduce((sum, part) => sum + (this.#sizes.get(part) ?? 1), 1);
    this.#sizes.set(result, size);
    if (size <= MAX_SIZE || this.#isTooLarge) return;
    this.#isTooLarge = true;
    const message = `its aliases make more than ${MAX_SIZE} values of this`;
    this.problems.push({ message, span: this.#span(node), isSyntax: true });
  }

  #readNew(node: YamlNode): Node {
    if (isAlias(node)) return this.#readAlias(node);
    this.#readAnchor(node);
    if (isMap(node) || isSeq(node)) {
      this.#checkCollectionTag(node);
      const around = this.#unsafe;
      this.#unsafe ||= node.tag === "!unsafe";
      const result: Node = isMap(node)
        ? this.#readMap(node)
        : { kind: "seq", items: node.items.map((item) => this.read(item)), span: this.#span(node) };
      this.#unsafe = around;
      return result;
    }
    return this.#readScalar(node as unknown as Scalar);
  }

  #readAlias(node: Alias): Node {
    const span = this.#span(node);
    this.#used.add(node.source);
    const target = this.#document ? node.resolve(this.#document) : undefined;
    if (this.#seen.get(target) === "reading") {
      this.problems.push({ message: `the alias "${node.source}" stands inside what it stands for`, span });
      return nothingAt(span);
    }
    if (target !== undefined) return this.read(target);
    const names = [...this.#anchors.keys()];
    this.problems.push({
      message: `there is no anchor "${node.source}" before this`,
      span,
      hint: names.length === 0 ? `quote the value if the * belongs to it` : `expected one of ${names.join(", ")}`,
    });
    return nothingAt(span);
  }

  #readAnchor(node: YamlNode | null): void {
    const anchor = node?.anchor;
    if (anchor === undefined) return;
    const at = Math.max(0, this.#file.text.lastIndexOf(`&${anchor}`, node?.range?.[0] ?? 0));
    const span = { file: this.#file, start: at, end: at + anchor.length + 1 };
    if (!isScalar(node) || node.source !== "") return void this.#anchors.set(anchor, span);
    const message = `"&${anchor}" is the name of a value for later, and there is no value`;
    const hint = `quote it if the & belongs to the text: "&${anchor}"`;
    this.problems.push({ message, span, hint, isSyntax: true });
  }

  #readScalar(node: Scalar | null): ScalarNode {
    const style = scalarStyle(node?.type);
    const value = typeof node?.value === "string" ? node.value : "";
    const text = node?.source ?? value;
    const span = this.#span(node);
    const yamlTag = node?.tag ?? "";
    const tag = ownTags.get(yamlTag) ?? (this.#unsafe ? "!unsafe" : undefined);
    if (tag === "!vault") this.#checkVault(value, span);
    const isText =
      !plainTags.has(yamlTag) && (style !== "plain" || yamlTag === "tag:yaml.org,2002:str" || ownTags.has(yamlTag));
    return {
      kind: "scalar",
      value: isText ? value : resolvePlainScalar(value),
      text: style === "plain" ? value : text,
      style,
      ...(tag === undefined ? {} : { tag }),
      span,
    };
  }

  #checkCollectionTag(node: YAMLMap | YAMLSeq): void {
    const { tag = "" } = node;
    if (ownTags.get(tag) !== "!vault") return;
    const hint = "vault each text in it, or the whole file";
    this.problems.push({ message: `"${tag}" marks a text, not a mapping or a list`, span: this.#span(node), hint });
  }

  #checkVault(value: string, span: Span): void {
    const parsed = isVaulted(value) ? parseEnvelope(value) : undefined;
    if (parsed?.ok === true) return;
    const hint = "write it anew with ansible-vault encrypt_string, or latchkey vault encrypt-string";
    if (parsed === undefined) {
      const message = 'a value of "!vault" begins with $ANSIBLE_VAULT;1.1;AES256';
      return void this.problems.push({ message, span, hint });
    }
    const { message, start, end } = parsed.error;
    this.problems.push({ message, span: locateInScalar(span, value, start, end), hint });
  }

  #readMap(node: YAMLMap): MapNode {
    const own = new Map<string, MapEntry>();
    const merged: MapEntry[] = [];
    for (const pair of node.items as Pair<unknown, unknown>[]) {
      const key = this.#readKey(pair.key);
      if (key === undefined) continue;
      const value = this.#readValue(pair, key);
      if (key.style === "plain" && key.text === "<<") this.#addMerged(merged, value);
      else this.#addOwn(own, { key, value });
    }
    // As PyYAML has it, what is merged comes first, and a key stays where it first stood.
    const entries = new Map([...merged.map((entry) => [String(entry.key.value), entry] as const), ...own]);
    return { kind: "map", entries: [...entries.values()], span: this.#span(node) };
  }

  /** A pair without a value (`tasks:` at the end of a line) still has a place: right after its key. */
  #readValue(pair: Pair<unknown, unknown>, key: ScalarNode): Node {
    if (pair.value !== null && pair.value !== undefined) return this.read(pair.value);
    const at = key.span.end;
    return nothingAt({ ...key.span, start: at, end: at });
  }

  #readKey(node: unknown): ScalarNode | undefined {
    const key = isScalar(node) || isAlias(node) ? this.read(node) : undefined;
    if (key?.kind === "scalar") return key;
    const span = this.#span(node as YamlNode);
    const template = isMap(node) && this.#file.text.startsWith("{{", span.start - 1);
    if (template) this.problems.push(bracesProblem(this.#file, span.start - 1));
    else this.problems.push({ message: "a key of a mapping must be a single value", span });
    return undefined;
  }

  #addOwn(entries: Map<string, MapEntry>, entry: MapEntry): void {
    const name = String(entry.key.value);
    const earlier = entries.get(name);
    if (earlier !== undefined) {
      this.problems.push({
        message: `duplicate key "${name}"`,
        span: entry.key.span,
        hint: "keep one of the two: Ansible would take the last and drop the first",
        related: [{ message: "first defined here", span: earlier.key.span }],
      });
    } else entries.set(name, entry);
  }

  #addMerged(merged: MapEntry[], value: Node): void {
    const sources = value.kind === "seq" ? value.items : [value];
    const other = sources.find((source) => source.kind !== "map");
    if (other !== undefined) this.problems.push({ message: "only mappings can be merged with `<<`", span: other.span });
    // Of several the first one wins; it comes last.
    for (const source of sources.toReversed()) if (source.kind === "map") merged.push(...source.entries);
  }

  #span(node: { range?: readonly [number, number, number] | null | undefined } | null | undefined): Span {
    const [start, end] = node?.range ?? [0, 0];
    return { file: this.#file, start, end };
  }
}

/** Ansible's own tags: `!vault-encrypted` is an old name. */
const ownTags: ReadonlyMap<string, "!unsafe" | "!vault"> = new Map([
  ["!unsafe", "!unsafe"],
  ["!vault", "!vault"],
  ["!vault-encrypted", "!vault"],
]);

/** With these even a quoted text is read as a plain one. */
const plainTags: ReadonlySet<string> = new Set(
  ["int", "float", "bool", "null"].map((name) => `tag:yaml.org,2002:${name}`),
);

const unknownTag = (tag: string): Pick<YamlProblem, "message" | "hint"> => ({
  message: `the tag "${tag.replace(/^tag:yaml\.org,2002:/, "!!")}" is not supported here`,
  hint: "expected !vault, !unsafe, !!str, !!int, !!float, !!bool, !!null, !!map or !!seq, or none",
});

const nothingAt = (span: Span): ScalarNode => ({ kind: "scalar", value: null, text: "", style: "plain", span });

const valuesOf = (map: MapNode): readonly Node[] => map.entries.map((entry) => entry.value);

const scalarStyle = (type: string | null | undefined): ScalarNode["style"] => {
  switch (type) {
    case "QUOTE_SINGLE":
      return "single";
    case "QUOTE_DOUBLE":
      return "double";
    case "BLOCK_LITERAL":
      return "literal";
    case "BLOCK_FOLDED":
      return "folded";
    default:
      return "plain";
  }
};
