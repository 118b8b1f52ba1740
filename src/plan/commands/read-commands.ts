/** A word of a command as it is written, quotes included. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** One simple command of a shell's text: assignments before it, its words, and how it is tied to its neighbours. */
export interface SimpleCommand {
  readonly assignments: readonly Word[];
  readonly words: readonly Word[];
  /** The operator before it; empty at the beginning. */
  readonly before: string;
  /** The operator after it; empty at the end. */
  readonly after: string;
  /** Whether its standard input is redirected. */
  readonly hasInput: boolean;
}

/** A word or bracket that begins a compound command, and what ends that. */
export interface Opened {
  readonly word: string;
  readonly closer: string;
  readonly start: number;
}

/** The commands of a text, or the place of a quote or bracket that is never closed. */
export type ReadCommands =
  | {
      readonly ok: true;
      readonly commands: readonly SimpleCommand[];
      /** Whether nothing in it could be wrong: words, pipes and lists, and no more. */
      readonly isPlain: boolean;
      /** Whether a here-document goes to the end of the text, which a shell accepts. */
      readonly hasOpenDocument: boolean;
      /** The innermost compound command that is not ended. */
      readonly open: Opened | undefined;
    }
  | { readonly ok: false; readonly unclosedAt: number };

/** The simple commands of a text as a POSIX shell or bash reads it; those inside of `$( )` and backquotes are left out. */
export const readCommands = (text: string): ReadCommands => {
  const reader = new CommandReader(text);
  try {
    reader.read();
  } catch (error) {
    if (error instanceof Unclosed) return { ok: false, unclosedAt: error.at };
    throw error;
  }
  return {
    ok: true,
    commands: reader.commands,
    isPlain: reader.isPlain,
    hasOpenDocument: reader.hasOpenDocument,
    open: reader.open.at(-1),
  };
};

/** Thrown inside of the reader only. */
class Unclosed extends Error {
  readonly at: number;
  constructor(at: number) {
    super("unclosed");
    this.at = at;
  }
}

const operators = /\|\||&&|;;&?|;&|\|&|[;|&()\n]/y;
const redirection = /[0-9]*(?:<<<|<<-?|<>|<&|>>|>&|>\||<|>)|&>>?/y;
/** Words behind which another command begins. */
const openers = new Set(["if", "then", "elif", "else", "while", "until", "do", "!", "time", "{", "coproc"]);
const closers = new Map([
  ["if", "fi"],
  ["for", "done"],
  ["select", "done"],
  ["while", "done"],
  ["until", "done"],
  ["case", "esac"],
  ["{", "}"],
  ["(", ")"],
]);
const reserved = new Set([...openers, "fi", "done", "esac", "}", "for", "case", "select", "function", "in", "[["]);

class CommandReader {
  readonly commands: SimpleCommand[] = [];
  isPlain = true;
  hasOpenDocument = false;
  readonly open: Opened[] = [];
  readonly #text: string;
  #at = 0;
  #words: Word[] = [];
  #assignments: Word[] = [];
  #hasInput = false;
  #before = "";
  #openCases = 0;
  /** Delimiters of the here-documents that begin on the next line. */
  readonly #waiting: { readonly delimiter: string; readonly stripsTabs: boolean }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): void {
    while (this.#at < this.#text.length) this.#readNext();
    if (/^(?:\|\|?|&&|\|&)$/.test(this.#before) && this.#words.length === 0) this.isPlain = false;
    if (this.#waiting.length > 0) this.hasOpenDocument = true;
    this.#endCommand("");
  }

  #readNext(): void {
    const blank = this.#match(/(?:[ \t]|\\\n)+/y);
    if (blank !== "") return;
    if (this.#text.charAt(this.#at) === "#") return void this.#match(/[^\n]*/y);
    if (this.#words.length === 0 && this.#text.startsWith("((", this.#at)) {
      this.isPlain = false;
      return this.#skipParentheses();
    }
    const operator = this.#isProcessSubstitution() ? "" : this.#match(redirection) || this.#match(operators);
    if (operator === "") return this.#readWord();
    if (/[<>]/.test(operator)) return this.#readRedirection(operator);
    return this.#readOperator(operator);
  }

  #isProcessSubstitution(): boolean {
    return /^[<>]\($/.test(this.#text.slice(this.#at, this.#at + 2));
  }

  #readOperator(operator: string): void {
    const isEmpty = this.#words.length === 0 && this.#assignments.length === 0;
    if (/[()]|;;|;&|\|&/.test(operator) || (isEmpty && operator !== "\n")) this.isPlain = false;
    // `name()` begins a function.
    if (operator === "(" && !isEmpty) this.#forget();
    // A line break after `|` or `&&` is none.
    if (operator === "\n" && isEmpty && /^(?:\|\|?|&&|\|&)$/.test(this.#before)) return this.#skipHereDocuments();
    this.#track(operator, this.#at - operator.length);
    this.#endCommand(operator);
    if (operator === "\n") this.#skipHereDocuments();
    if (/^;[;&]/.test(operator) && this.#openCases > 0) this.#skipPattern();
  }

  /** The patterns of a branch of `case`, up to their bracket; none where it ends. */
  #skipPattern(): void {
    this.#match(/(?:\s|\\\n|#[^\n]*\n)*\(?/y);
    if (this.#peek(/esac(?=[\s;&|)]|$)/y) !== "") return;
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char === ")") return void this.#at++;
      this.#skipPart(char);
    }
  }

  #track(word: string, start: number): void {
    const closer = closers.get(word);
    if (closer !== undefined) this.open.push({ word, closer, start });
    else if (this.open.at(-1)?.closer === word) this.open.pop();
  }

  #readRedirection(operator: string): void {
    this.#match(/(?:[ \t]|\\\n)+/y);
    const start = this.#at;
    const target = this.#isProcessSubstitution() || this.#peek(operators) === "" ? this.#takeWord() : "";
    if (target === "") this.isPlain = false;
    if (/<<-?$/.test(operator)) {
      this.isPlain = false;
      if (this.#at > start) this.#waiting.push({ delimiter: unquoted(target), stripsTabs: operator.endsWith("-") });
    }
    if (/^0?<(?!&)/.test(operator)) this.#hasInput = true;
    if (!/^[0-9]*(?:>>?|<|>&)$/.test(operator)) this.isPlain = false;
  }

  #skipHereDocuments(): void {
    for (const { delimiter, stripsTabs } of this.#waiting.splice(0)) {
      for (;;) {
        if (this.#at >= this.#text.length) {
          this.hasOpenDocument = true;
          return;
        }
        const line = this.#match(/[^\n]*/y);
        this.#match(/\n/y);
        if ((stripsTabs ? line.replace(/^\t+/, "") : line) === delimiter) break;
      }
    }
  }

  #readWord(): void {
    const start = this.#at;
    const text = this.#takeWord();
    // What this reader does not know ends it, rather than to go round in a circle.
    if (this.#at === start) throw new Unclosed(start);
    const word = { text, start, end: this.#at };
    if (this.#words.length === 0 && reserved.has(text)) {
      this.isPlain = false;
      this.#track(text, start);
    }
    if (this.#words.length === 0 && openers.has(text)) return this.#endCommand(text);
    if (this.#words.length === 0 && text === "[[" && this.#match(/[^]*?\s\]\](?=[\s;&|)]|$)/y) === "")
      throw new Unclosed(start);
    if (this.#words.length === 0 && text === "case") this.#openCases++;
    if (text === "esac") this.#openCases = Math.max(0, this.#openCases - 1);
    // Behind `case x in` stand patterns, and no arguments.
    if (text === "in" && this.#words[0]?.text === "case") {
      this.#forget();
      this.#endCommand("in");
      return this.#skipPattern();
    }
    if (this.#words.length === 0 && /^[A-Za-z_]\w*\+?=/.test(text)) this.#assignments.push(word);
    else this.#words.push(word);
    return undefined;
  }

  /** One word from here on; empty where none begins. */
  #takeWord(): string {
    const start = this.#at;
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (this.#isProcessSubstitution()) {
        this.isPlain = false;
        this.#at++;
        this.#skipParentheses();
      } else if (/[\s;|&()<>]/.test(char)) {
        // An array's values: `name=(a b)`.
        if (char !== "(" || !/^[A-Za-z_]\w*\+?=$/.test(this.#text.slice(start, this.#at))) break;
        this.isPlain = false;
        this.#skipParentheses();
      } else this.#skipPart(char);
    }
    return this.#text.slice(start, this.#at);
  }

  /** A character of a word, or all that it begins: a quoted text, an expansion. */
  #skipPart(char: string): void {
    const start = this.#at;
    switch (char) {
      case "\\":
        this.#at += 2;
        return;
      case "'":
        this.#skipTo("'", start);
        return;
      case '"':
        this.#skipDoubleQuoted();
        return;
      case "`":
        this.isPlain = false;
        this.#skipTo("`", start, true);
        return;
      case "$":
        this.#skipExpansion();
        return;
      default:
        if (/[[\]{}!*?#]/.test(char)) this.isPlain = false;
        this.#at++;
    }
  }

  #skipDoubleQuoted(): void {
    const start = this.#at++;
    for (;;) {
      const char = this.#text.charAt(this.#at);
      if (char === "") throw new Unclosed(start);
      if (char === '"') break;
      if (char === "\\") this.#at += 2;
      else if (char === "`" || char === "$") this.#skipPart(char);
      else this.#at++;
    }
    this.#at++;
  }

  #skipExpansion(): void {
    const start = this.#at;
    const simple = this.#match(/\$(?:\w+|\{\w+\}|[@*#?$!-])/y);
    if (simple !== "") return;
    this.#at++;
    const next = this.#text.charAt(this.#at);
    if (next === "(" || next === "{" || next === "'") this.isPlain = false;
    if (next === "'") this.#skipTo("'", start, true);
    else if (next === "(") this.#skipParentheses(start);
    else if (next === "{") this.#skipBraces(start);
  }

  #skipBraces(start: number): void {
    this.#at++;
    for (;;) {
      const char = this.#text.charAt(this.#at);
      if (char === "") throw new Unclosed(start);
      if (char === "}") break;
      this.#skipPart(char);
    }
    this.#at++;
  }

  /** From an opening bracket to its closing one. A `case` inside may have more of the latter: then it ends too early. */
  #skipParentheses(start = this.#at): void {
    this.#at++;
    let depth = 1;
    while (depth > 0) {
      const char = this.#text.charAt(this.#at);
      if (char === "") throw new Unclosed(start);
      if (char === "(") depth++;
      if (char === ")") depth--;
      if (char === "(" || char === ")") this.#at++;
      else if (char === "#" && /\s/.test(this.#text.charAt(this.#at - 1))) this.#match(/[^\n]*/y);
      else this.#skipPart(char);
    }
  }

  #skipTo(close: string, start: number, escapes = false): void {
    this.#at++;
    for (;;) {
      const char = this.#text.charAt(this.#at);
      if (char === "") throw new Unclosed(start);
      if (char === close) break;
      this.#at += escapes && char === "\\" ? 2 : 1;
    }
    this.#at++;
  }

  #endCommand(after: string): void {
    if (this.#words.length > 0 || this.#assignments.length > 0) {
      this.commands.push({
        assignments: this.#assignments,
        words: this.#words,
        before: this.#before,
        after,
        hasInput: this.#hasInput,
      });
    }
    this.#forget();
    this.#before = after;
  }

  #forget(): void {
    this.#words = [];
    this.#assignments = [];
    this.#hasInput = false;
  }

  #peek(pattern: RegExp): string {
    const at = this.#at;
    const found = this.#match(pattern);
    this.#at = at;
    return found;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }
}

/** A word without its quotes and backslashes; expansions stay as they are. */
export const unquoted = (word: string): string =>
  word.replaceAll(
    /\\([^])|'([^']*)'|"((?:[^"\\]|\\[^])*)"/g,
    (_, char?: string, single?: string, double?: string) =>
      char ?? single ?? (double ?? "").replaceAll(/\\([$`"\\])/g, "$1"),
  );
