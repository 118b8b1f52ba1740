import { BoundedRegExp } from "../../util/bounded-reg-exp.ts";
import { err, ok, type Result } from "../../util/result.ts";

/** What a pattern is compiled with; a pattern may add to it by `(?i)`, `(?m)`, `(?s)` at its start. */
export interface RegexFlags {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  readonly dotAll?: boolean;
}

const cache = new Map<string, Result<RegExp, string>>();
const cacheSize = 500;

/**
 * A regular expression in Python's syntax (`re` module) as one of JavaScript's, global, so that a search starts at
 * `lastIndex`. The error says which part has no counterpart.
 */
export const pythonRegex = (pattern: string, flags: RegexFlags = {}): Result<RegExp, string> => {
  const key = `${flags.ignoreCase === true ? "i" : ""}${flags.multiline === true ? "m" : ""}${flags.dotAll === true ? "s" : ""}/${pattern}`;
  const known = cache.get(key);
  if (known?.ok === true) known.value.lastIndex = 0;
  if (known !== undefined) return known;
  const compiled = compile(pattern, flags);
  if (cache.size >= cacheSize) cache.clear();
  cache.set(key, compiled);
  return compiled;
};

const compile = (pattern: string, flags: RegexFlags): Result<RegExp, string> => {
  try {
    const translated = new Translator(pattern, flags);
    return ok(new BoundedRegExp(translated.translate(), `gu${translated.ignoreCase ? "i" : ""}`));
  } catch (error) {
    if (error instanceof PatternProblem) return err(error.message);
    if (error instanceof SyntaxError) return err(error.message.replace(/^Invalid regular expression: .*: /s, ""));
    throw error;
  }
};

class PatternProblem extends Error {}

const anything = String.raw`[\s\S]`;
const word = String.raw`[\p{L}\p{N}_]`;
const classes: Readonly<Record<string, string>> = {
  d: String.raw`\p{Nd}`,
  D: String.raw`\P{Nd}`,
  w: String.raw`\p{L}\p{N}_`,
  s: String.raw`\s`,
  S: String.raw`\S`,
};
const control: Readonly<Record<string, string>> = {
  a: "\\x07",
  b: "\\x08",
  f: "\\f",
  n: "\\n",
  r: "\\r",
  t: "\\t",
  v: "\\v",
};

/** What stands for a place and not for characters, and so cannot be repeated. */
const assertions = /^(?:\^|\$|\\[AbBZ])$/;

class Translator {
  readonly #pattern: string;
  ignoreCase: boolean;
  #multiline: boolean;
  #dotAll: boolean;
  #verbose = false;
  #at = 0;
  #groups = 0;
  #afterAssertion = false;

  constructor(pattern: string, flags: RegexFlags) {
    this.#pattern = pattern;
    this.ignoreCase = flags.ignoreCase === true;
    this.#multiline = flags.multiline === true;
    this.#dotAll = flags.dotAll === true;
  }

  translate(): string {
    const inline = /^\(\?([aiLmsux]+)\)/.exec(this.#pattern);
    for (const flag of inline?.[1] ?? "") this.#addFlag(flag);
    this.#at = inline?.[0].length ?? 0;
    let result = "";
    while (this.#at < this.#pattern.length) {
      const start = this.#at;
      result += this.#next();
      this.#afterAssertion = assertions.test(this.#pattern.slice(start, this.#at));
    }
    return result;
  }

  #addFlag(flag: string): void {
    if (flag === "i") this.ignoreCase = true;
    else if (flag === "m") this.#multiline = true;
    else if (flag === "s") this.#dotAll = true;
    else if (flag === "x") this.#verbose = true;
    else if (flag !== "u") throw new PatternProblem(`the flag (?${flag}) is not supported`);
  }

  #next(): string {
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    switch (character) {
      case "\\":
        return this.#escape();
      case "[":
        return this.#class();
      case "(":
        return this.#group();
      case ".":
        return this.#dotAll ? anything : "[^\\n]";
      case "^":
        return this.#multiline ? "(?<![^\\n])" : `(?<!${anything})`;
      case "$":
        return this.#multiline ? "(?![^\\n])" : `(?=\\n?(?!${anything}))`;
      case "{":
        return this.#braces();
      case "}":
      case "]":
      case "/":
        return `\\${character}`;
      case "*":
      case "+":
      case "?":
        return this.#quantifier(character);
      default:
        return this.#verbose ? this.#verboseCharacter(character) : character;
    }
  }

  #quantifier(quantifier: string): string {
    if (this.#afterAssertion) throw new PatternProblem("nothing to repeat");
    const suffix = this.#pattern.charAt(this.#at);
    if (suffix === "+") throw new PatternProblem("possessive quantifiers are not supported");
    if (suffix !== "?") return quantifier;
    this.#at += 1;
    return `${quantifier}?`;
  }

  #verboseCharacter(character: string): string {
    if (character.trim() === "") return "";
    if (character !== "#") return character;
    const end = this.#pattern.indexOf("\n", this.#at);
    this.#at = end === -1 ? this.#pattern.length : end;
    return "";
  }

  /** `{2}`, `{2,}`, `{,3}`, `{2,3}` repeat; any other brace stands for itself. */
  #braces(): string {
    const match = /^(\d*)(,?)(\d*)\}/.exec(this.#pattern.slice(this.#at));
    if (match === null || match[0] === "}" || match[0] === ",}") return "\\{";
    this.#at += match[0].length;
    return this.#quantifier(`{${match[1] === "" ? "0" : (match[1] ?? "")}${match[2] ?? ""}${match[3] ?? ""}}`);
  }

  #group(): string {
    const rest = this.#pattern.slice(this.#at);
    const named = /^\?P<([^>]*)>/.exec(rest);
    if (named !== null) {
      this.#at += named[0].length;
      this.#groups += 1;
      return `(?<${named[1] ?? ""}>`;
    }
    const reference = /^\?P=([^)]*)\)/.exec(rest);
    if (reference !== null) {
      this.#at += reference[0].length;
      return `\\k<${reference[1] ?? ""}>`;
    }
    const comment = /^\?#[^)]*\)/.exec(rest);
    if (comment !== null) {
      this.#at += comment[0].length;
      return "";
    }
    const known = /^\?(?::|=|!|<=|<!)/.exec(rest);
    if (known !== null) {
      this.#at += known[0].length;
      return `(${known[0]}`;
    }
    if (rest.startsWith("?")) throw new PatternProblem(`the group "(${rest.slice(0, 3)}…" is not supported`);
    this.#groups += 1;
    return "(";
  }

  #escape(): string {
    const character = this.#pattern.charAt(this.#at);
    this.#at += 1;
    if (character === "A") return `(?<!${anything})`;
    if (character === "Z") return `(?!${anything})`;
    if (character === "b") return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
    if (character === "B") return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
    if (character === "W") return String.raw`[^\p{L}\p{N}_]`;
    if (character === "w") return word;
    const set = classes[character];
    if (set !== undefined) return set;
    if (/[1-9]/.test(character)) return this.#backReference(character);
    return this.#literalEscape(character);
  }

  #backReference(first: string): string {
    const second = /^\d/.exec(this.#pattern.slice(this.#at))?.[0] ?? "";
    if (/^[0-7]{2}$/.test(first + second) && /^[0-7]/.test(this.#pattern.slice(this.#at + 1))) {
      const digits = first + this.#pattern.slice(this.#at, this.#at + 2);
      this.#at += 2;
      return hex(Number.parseInt(digits, 8));
    }
    this.#at += second.length;
    const number = Number(first + second);
    if (number > this.#groups) throw new PatternProblem(`invalid group reference ${number}`);
    return `(?:\\${number})`;
  }

  #literalEscape(character: string): string {
    if (character === "") throw new PatternProblem("bad escape (end of pattern)");
    const code = /^(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8}))/i.exec(character + this.#pattern.slice(this.#at));
    if (code !== null && "xuU".includes(character)) {
      this.#at += code[0].length - 1;
      return hex(Number.parseInt(code[1] ?? code[2] ?? code[3] ?? "0", 16));
    }
    if (character === "0") {
      const octal = /^[0-7]{0,2}/.exec(this.#pattern.slice(this.#at))?.[0] ?? "";
      this.#at += octal.length;
      return hex(Number.parseInt(`0${octal}`, 8));
    }
    const controlled = control[character];
    if (controlled !== undefined) return controlled;
    if (/[a-zA-Z]/.test(character)) throw new PatternProblem(`bad escape \\${character}`);
    return /[\^$\\.*+?()[\]{}|/-]/.test(character) ? safe(character) : character;
  }

  #class(): string {
    let result = "[";
    if (this.#pattern.charAt(this.#at) === "^") {
      result += "^";
      this.#at += 1;
    }
    let first = true;
    for (;;) {
      if (this.#at >= this.#pattern.length) throw new PatternProblem("unterminated character set");
      const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
      this.#at += character.length;
      // A closing bracket in the first place stands for itself.
      if (character === "]" && !first) return `${result}]`;
      result += character === "\\" ? this.#classEscape() : /[\]\\^[]/.test(character) ? `\\${character}` : character;
      first = false;
    }
  }

  #classEscape(): string {
    const character = this.#pattern.charAt(this.#at);
    this.#at += 1;
    if (character === "W") return String.raw`\P{L}`;
    const set = classes[character];
    if (set !== undefined) return set;
    if (/[1-7]/.test(character)) {
      const octal = /^[0-7]{0,2}/.exec(this.#pattern.slice(this.#at))?.[0] ?? "";
      this.#at += octal.length;
      return hex(Number.parseInt(character + octal, 8));
    }
    const literal = this.#literalEscape(character);
    return literal === "-" ? "\\-" : literal;
  }
}

const hex = (code: number): string => `\\u{${code.toString(16)}}`;

/** A hyphen may only be escaped inside of brackets in JavaScript's unicode mode. */
const safe = (character: string): string => (character === "-" ? "-" : `\\${character}`);
