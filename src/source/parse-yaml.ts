import {
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
  type YAMLError,
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
import { bracesHint, describeYamlError, withoutEchoes, type YamlProblem } from "./yaml-problem.ts";

/** The tree of a YAML file (undefined when it is empty) together with everything wrong in it. */
export interface ParsedYaml {
  readonly root: Node | undefined;
  readonly problems: readonly YamlProblem[];
}

/** Parses YAML as Ansible's loader reads it: YAML 1.1 scalars as PyYAML resolves them, merge keys, one document. */
export const parseYaml = (file: SourceFile): ParsedYaml => {
  const documents = documentsOf(file.text);
  const [first, second] = documents;
  const reader = new Reader(file, first);
  const root = first?.contents ? reader.read(first.contents) : undefined;
  const errors = documents.flatMap((document) => document.errors);
  for (const error of withoutEchoes(errors)) reader.addError(error);
  for (const warning of documents.flatMap((document) => document.warnings)) reader.addUnknownTag(warning);
  if (second !== undefined) {
    const at = second.range[0];
    reader.problems.push({
      message: "a second document begins here; a file holds one",
      span: { file, start: at, end: Math.min(at + 3, file.text.length) },
    });
  }
  return { root, problems: reader.problems };
};

/**
 * What the specification takes for wrong, and PyYAML does not, is read PyYAML's way. Where that fails as well, the first
 * reading says more exactly what is wrong.
 */
const documentsOf = (text: string): readonly Document.Parsed[] => {
  const strict = compose(new Lexer().lex(text));
  if (strict.every(({ errors }) => errors.length === 0)) return strict;
  const loose = compose(lexLoosely(text));
  return loose.every(({ errors }) => errors.length === 0) ? loose : strict;
};

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
  /** Within a mapping or a list that is tagged `!unsafe`. */
  #unsafe = false;

  constructor(file: SourceFile, document: Document | undefined) {
    this.#file = file;
    this.#document = document;
  }

  addError(error: YAMLError): void {
    const problem = describeYamlError(this.#file, error, this.#seen.values());
    // One slip often makes the parser complain twice at one place: the first complaint is the one that helps.
    const known = this.problems.some((other) => other.isSyntax === true && other.span.start === problem.span.start);
    if (!known) this.problems.push(problem);
  }

  /** A tag that the parser does not know is a warning of it; most of those are ours. */
  addUnknownTag({ code, message, pos: [start, end] }: YAMLWarning): void {
    const tag = /^Unresolved tag: (.*)$/.exec(message)?.[1];
    if (code !== "TAG_RESOLVE_FAILED" || tag === undefined || ownTags.has(tag) || plainTags.has(tag)) return;
    this.problems.push({ ...unknownTag(tag), span: { file: this.#file, start, end } });
  }

  read(node: unknown): Node {
    const known = this.#seen.get(node);
    if (known === "reading") {
      const span = this.#span(node as YamlNode);
      this.problems.push({ message: "an alias that contains itself", span });
      return { kind: "scalar", value: null, text: "", style: "plain", span };
    }
    if (known !== undefined) return known;
    this.#seen.set(node, "reading");
    const result = this.#readNew(node as YamlNode);
    this.#seen.set(node, result);
    return result;
  }

  #readNew(node: YamlNode): Node {
    if (isAlias(node)) {
      const target = this.#document ? node.resolve(this.#document) : undefined;
      if (target !== undefined) return this.read(target);
      // The library reports an unknown anchor itself.
      return { kind: "scalar", value: null, text: "", style: "plain", span: this.#span(node) };
    }
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
    const own: MapEntry[] = [];
    const merged: MapEntry[] = [];
    for (const pair of node.items as Pair<unknown, unknown>[]) {
      const key = this.#readKey(pair.key);
      if (key === undefined) continue;
      const value = this.#readValue(pair, key);
      if (key.style === "plain" && key.text === "<<") this.#addMerged(merged, value);
      else this.#addOwn(own, { key, value });
    }
    const names = new Set(own.map((entry) => String(entry.key.value)));
    const inherited = merged.filter((entry) => !names.has(String(entry.key.value)));
    return { kind: "map", entries: [...inherited, ...own], span: this.#span(node) };
  }

  /** A pair without a value (`tasks:` at the end of a line) still has a place: right after its key. */
  #readValue(pair: Pair<unknown, unknown>, key: ScalarNode): Node {
    if (pair.value !== null && pair.value !== undefined) return this.read(pair.value);
    const at = key.span.end;
    return { kind: "scalar", value: null, text: "", style: "plain", span: { ...key.span, start: at, end: at } };
  }

  #readKey(node: unknown): ScalarNode | undefined {
    const key = isScalar(node) || isAlias(node) ? this.read(node) : undefined;
    if (key?.kind === "scalar") return key;
    const template = isMap(node) && this.#file.text.startsWith("{", this.#span(node).start);
    this.problems.push({
      message: "a key of a mapping must be a single value",
      span: this.#span(node as YamlNode),
      ...(template ? { hint: bracesHint } : {}),
    });
    return undefined;
  }

  #addOwn(entries: MapEntry[], entry: MapEntry): void {
    const name = String(entry.key.value);
    const earlier = entries.find((other) => String(other.key.value) === name);
    if (earlier !== undefined) {
      this.problems.push({
        message: `duplicate key "${name}"`,
        span: entry.key.span,
        hint: "keep one of the two: Ansible would take the last and drop the first",
        related: [{ message: "first defined here", span: earlier.key.span }],
      });
    }
    entries.push(entry);
  }

  #addMerged(merged: MapEntry[], value: Node): void {
    const sources = value.kind === "seq" ? value.items : [value];
    for (const source of sources) {
      if (source.kind !== "map") {
        this.problems.push({ message: "only mappings can be merged with `<<`", span: source.span });
        continue;
      }
      const names = new Set(merged.map((entry) => String(entry.key.value)));
      merged.push(...source.entries.filter((entry) => !names.has(String(entry.key.value))));
    }
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
