import type { LexToken } from "./lex.ts";
import { parseTokens } from "./parse-expression.ts";
import { SyntaxProblem } from "./problem.ts";
import { scan, type ScanSyntax, type Segment, valueSyntax } from "./scan.ts";
import type { Branch, Parameter, Statement, Target } from "./statement.ts";

/**
 * Parses a template into statements.
 *
 * @throws SyntaxProblem
 */
export const parseTemplate = (source: string, syntax: ScanSyntax = valueSyntax): readonly Statement[] => {
  const parser = new Parser(scan(source, syntax));
  try {
    return parser.parse();
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxProblem("the template is nested too deeply", 0);
    throw error;
  }
};

const looping = "choose the items before the loop: {% for x in list if … %}";

/** Statements of Jinja that are not part of the language here, by the word that begins them, with what to do instead. */
const refused: Readonly<Record<string, string>> = {
  do: "use set: {% set list = list + [item] %}",
  call: "hand the text to the macro as an argument",
  trans: "write the text",
  autoescape: "leave it out: nothing here is escaped for HTML",
  break: looping,
  continue: looping,
  debug: "use the module debug",
};

/** The name of what a statement keeps for itself. */
const unwritable = " ";

/** A `{% … %}` in hand: its first word and the tokens after it. */
interface Block {
  readonly word: string;
  readonly rest: readonly LexToken[];
  readonly at: number;
}

class Parser {
  readonly #segments: readonly Segment[];
  #index = 0;

  constructor(segments: readonly Segment[]) {
    this.#segments = segments;
  }

  parse(): readonly Statement[] {
    const { body, end } = this.#parseBody([]);
    if (end !== undefined) throw new SyntaxProblem(`unexpected "${end.word}"`, end.at, 2);
    return body;
  }

  /** Statements up to a block whose word is in `ends`, which is taken; `end` is undefined at the end of the text. */
  #parseBody(ends: readonly string[]): { body: Statement[]; end: Block | undefined } {
    const body: Statement[] = [];
    for (;;) {
      const segment = this.#segments[this.#index];
      if (segment === undefined) return { body, end: undefined };
      this.#index += 1;
      if (segment.kind === "text") body.push(segment);
      else if (segment.kind === "output") {
        body.push({ kind: "output", value: parseTokens(segment.tokens, segment.at), at: segment.at });
      } else {
        const block = readBlock(segment.tokens, segment.at);
        if (ends.includes(block.word)) return { body, end: block };
        body.push(...this.#parseBlock(block));
      }
    }
  }

  #parseBodyTo(opened: Block, ends: readonly string[]): { body: Statement[]; end: Block } {
    const { body, end } = this.#parseBody(ends);
    if (end === undefined) {
      throw new SyntaxProblem(`"${opened.word}" is never closed: "${ends.at(-1) ?? ""}" is missing`, opened.at, 2);
    }
    return { body, end };
  }

  #parseBlock(block: Block): readonly Statement[] {
    switch (block.word) {
      case "if":
        return [this.#parseIf(block)];
      case "for":
        return [this.#parseFor(block)];
      case "set":
        return [this.#parseSet(block)];
      case "macro":
        return [this.#parseMacro(block)];
      case "include":
        return [parseInclude(block)];
      case "block":
        return [this.#parseInheritedBlock(block)];
      case "extends":
        return [{ kind: "extends", file: parseTokens(block.rest, block.at) }];
      case "import":
      case "from":
        return [parseImport(block)];
      case "filter":
        return this.#parseFilter(block);
      case "with":
        return this.#parseWith(block);
      default:
        if (Object.hasOwn(refused, block.word)) {
          const message = `the statement "${block.word}" is not supported in Latchkey`;
          throw new SyntaxProblem(message, block.at, 2, refused[block.word]);
        }
        throw new SyntaxProblem(`unknown statement "${block.word}"`, block.at, 2);
    }
  }

  #parseIf(block: Block): Statement {
    const branches: Branch[] = [];
    let opened = block;
    for (;;) {
      const test = parseTokens(opened.rest, opened.at);
      const { body, end } = this.#parseBodyTo(block, ["elif", "else", "endif"]);
      branches.push({ test, body });
      if (end.word === "elif") {
        opened = end;
        continue;
      }
      requireNothing(end);
      if (end.word === "endif") return { kind: "if", branches, otherwise: [] };
      const otherwise = this.#parseBodyTo(block, ["endif"]);
      requireNothing(otherwise.end);
      return { kind: "if", branches, otherwise: otherwise.body };
    }
  }

  #parseFor(block: Block): Statement {
    const inAt = block.rest.findIndex((token) => isWord(token, "in"));
    if (inAt === -1) throw new SyntaxProblem('"in" is missing in a "for"', block.at, 2);
    const target = parseTarget(block.rest.slice(0, inAt), block.at);
    const clause = block.rest.slice(inAt + 1);
    const last = clause.at(-1);
    if (last !== undefined && isWord(last, "recursive")) {
      throw new SyntaxProblem("recursive loops are not supported in Latchkey", last.start, 9);
    }
    const ifAt = topLevelIndex(clause, "if");
    const items = parseTokens(ifAt === -1 ? clause : clause.slice(0, ifAt), block.at);
    const filter = ifAt === -1 ? undefined : parseTokens(clause.slice(ifAt + 1), block.at);
    const { body, end } = this.#parseBodyTo(block, ["else", "endfor"]);
    requireNothing(end);
    const otherwise = end.word === "else" ? this.#parseBodyTo(block, ["endfor"]) : undefined;
    if (otherwise !== undefined) requireNothing(otherwise.end);
    return {
      kind: "for",
      target,
      items,
      ...(filter === undefined ? {} : { filter }),
      body,
      otherwise: otherwise?.body ?? [],
    };
  }

  #parseSet(block: Block): Statement {
    const equals = topLevelIndex(block.rest, "=");
    if (equals !== -1) {
      const target = parseTarget(block.rest.slice(0, equals), block.at);
      return { kind: "set", target, value: parseTokens(block.rest.slice(equals + 1), block.at) };
    }
    const target = parseTarget(block.rest, block.at);
    if (target.kind !== "name") throw new SyntaxProblem('a "set" without "=" names one variable', block.at, 2);
    const { body, end } = this.#parseBodyTo(block, ["endset"]);
    requireNothing(end);
    return { kind: "capture", name: target.name, body };
  }

  #parseInheritedBlock(block: Block): Statement {
    const [name] = block.rest;
    if (name?.kind !== "name") throw new SyntaxProblem("a block is written: block name", block.at, 5);
    // `scoped` and `required` say what holds here in any case; its name may be said again at its end.
    const { body } = this.#parseBodyTo(block, ["endblock"]);
    return { kind: "block", name: name.text, body };
  }

  /** `{% filter upper %}…{% endfilter %}`: a text that is kept under a name nobody can write, and goes through the filters. */
  #parseFilter(block: Block): readonly Statement[] {
    const { body, end } = this.#parseBodyTo(block, ["endfilter"]);
    requireNothing(end);
    return [{ kind: "capture", name: unwritable, body }, this.#kept(block, block.rest)];
  }

  /** `{% with a=1 %}…{% endwith %}`: names that hold up to its end. */
  #parseWith(block: Block): readonly Statement[] {
    const names = splitTopLevel(block.rest).map((tokens): Statement => {
      const equals = topLevelIndex(tokens, "=");
      if (equals === -1) throw new SyntaxProblem("a with is written: with name=value, …", block.at, 4);
      const target = parseTarget(tokens.slice(0, equals), block.at);
      return { kind: "set", target, value: parseTokens(tokens.slice(equals + 1), block.at) };
    });
    const { body, end } = this.#parseBodyTo(block, ["endwith"]);
    requireNothing(end);
    return [{ kind: "capture", name: unwritable, body: [...names, ...body] }, this.#kept(block, [])];
  }

  /** Prints what was kept, by way of filters. */
  #kept({ at }: Block, filters: readonly LexToken[]): Statement {
    const token = (kind: LexToken["kind"], text: string): LexToken => ({ kind, text, start: at, end: at });
    const pipe = filters.length === 0 ? [] : [token("operator", "|")];
    return { kind: "output", value: parseTokens([token("name", unwritable), ...pipe, ...filters], at), at };
  }

  #parseMacro(block: Block): Statement {
    const [name, open] = block.rest;
    const close = block.rest.at(-1);
    if (name?.kind !== "name" || open?.text !== "(" || close?.text !== ")") {
      throw new SyntaxProblem("a macro is written: macro name(parameter, …)", block.at, 2);
    }
    const parameters = splitTopLevel(block.rest.slice(2, -1)).map((tokens) => parseParameter(tokens, block.at));
    const { body, end } = this.#parseBodyTo(block, ["endmacro"]);
    if (end.rest.length > 1) requireNothing(end);
    return { kind: "macro", name: name.text, parameters, body };
  }
}

const readBlock = (tokens: readonly LexToken[], at: number): Block => {
  const [word, ...rest] = tokens;
  if (word?.kind !== "name") throw new SyntaxProblem("a statement begins with a word, such as if or for", at, 2);
  return { word: word.text, rest, at: word.start };
};

const requireNothing = (block: Block): void => {
  const [extra] = block.rest;
  if (extra !== undefined) {
    throw new SyntaxProblem(`unexpected "${extra.text}" after "${block.word}"`, extra.start, extra.end - extra.start);
  }
};

const isWord = (token: LexToken, word: string): boolean => token.kind === "name" && token.text === word;

/** The index of a word or operator outside of brackets, or -1. */
const topLevelIndex = (tokens: readonly LexToken[], text: string): number => {
  let depth = 0;
  return tokens.findIndex((token) => {
    if (token.kind === "operator" && "([{".includes(token.text)) depth += 1;
    if (token.kind === "operator" && ")]}".includes(token.text)) depth -= 1;
    return depth === 0 && token.text === text && token.kind !== "string";
  });
};

/** The lists of tokens between top-level commas; a last comma adds nothing. */
const splitTopLevel = (tokens: readonly LexToken[]): (readonly LexToken[])[] => {
  const parts: (readonly LexToken[])[] = [];
  let rest = tokens;
  while (rest.length > 0) {
    const comma = topLevelIndex(rest, ",");
    parts.push(comma === -1 ? rest : rest.slice(0, comma));
    rest = comma === -1 ? [] : rest.slice(comma + 1);
  }
  return parts;
};

const parseTarget = (tokens: readonly LexToken[], at: number): Target => {
  const [first] = tokens;
  const last = tokens.at(-1);
  if (first?.text === "(" && last?.text === ")") return parseTarget(tokens.slice(1, -1), at);
  if (tokens.length === 1 && first?.kind === "name") return { kind: "name", name: first.text };
  const [, dot, attribute] = tokens;
  if (tokens.length === 3 && first?.kind === "name" && dot?.text === "." && attribute?.kind === "name") {
    return { kind: "attribute", name: first.text, attribute: attribute.text, at: first.start };
  }
  if (topLevelIndex(tokens, ",") !== -1) {
    return { kind: "tuple", targets: splitTopLevel(tokens).map((part) => parseTarget(part, at)) };
  }
  throw new SyntaxProblem("a variable's name is expected", first?.start ?? at, 2);
};

const parseParameter = (tokens: readonly LexToken[], at: number): Parameter => {
  const [name, equals, ...fallback] = tokens;
  if (name?.kind !== "name") throw new SyntaxProblem("a parameter's name is expected", at, 2);
  if (equals === undefined) return { name: name.text };
  if (equals.text !== "=") throw new SyntaxProblem(`unexpected "${equals.text}"`, equals.start);
  return { name: name.text, fallback: parseTokens(fallback, at) };
};

/** `{% import 'file' as name %}`, `{% from 'file' import name, other as more %}`. */
const parseImport = (block: Block): Statement => {
  const wrong = new SyntaxProblem("write import 'file' as name, or from 'file' import name, …", block.at, 4);
  const [context] = block.rest.slice(-2);
  const isPlain = block.rest.at(-1)?.text === "context" && ["with", "without"].includes(context?.text ?? "");
  const rest = isPlain ? block.rest.slice(0, -2) : block.rest;
  const wordAt = topLevelIndex(rest, block.word === "import" ? "as" : "import");
  if (wordAt === -1) throw wrong;
  const names = splitTopLevel(rest.slice(wordAt + 1)).map((tokens) => {
    const [from, as, to = from] = tokens;
    const isWritten = tokens.length === 1 || (tokens.length === 3 && as?.text === "as" && block.word === "from");
    if (!isWritten || from?.kind !== "name" || to?.kind !== "name") throw wrong;
    return block.word === "import" ? { to: to.text } : { from: from.text, to: to.text };
  });
  if (names.length === 0 || (block.word === "import" && names.length > 1)) throw wrong;
  return { kind: "import", file: parseTokens(rest.slice(0, wordAt), block.at), names };
};

const parseInclude = (block: Block): Statement => {
  let tokens = block.rest;
  const endsWith = (...words: readonly string[]): boolean =>
    words.every((word, index) => tokens[tokens.length - words.length + index]?.text === word);
  if (endsWith("with", "context")) tokens = tokens.slice(0, -2);
  if (endsWith("without", "context")) {
    throw new SyntaxProblem('"include … without context" is not supported in Latchkey', block.at, 2);
  }
  const ignoreMissing = endsWith("ignore", "missing");
  if (ignoreMissing) tokens = tokens.slice(0, -2);
  return { kind: "include", file: parseTokens(tokens, block.at), ignoreMissing, at: block.at };
};
