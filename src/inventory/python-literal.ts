import type { Value, ValueMap } from "../vars/value.ts";

/**
 * What a text means as a Python literal. Ansible reads the values of INI inventories so: `5` is a number, `True` a
 * boolean, `[1, 2]` a list, and everything that is no literal stays the text it is (`yes`, `10.0.0.1`, `{{ x }}`).
 */
export type Literal =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "text" }
  /** A literal of Python that has no counterpart in our data. */
  | { readonly kind: "unsupported"; readonly what: string };

/**
 * Reads a text as a Python literal; each text inside it goes through `toText`.
 *
 * Source: "Literals" and "Displays" of the Python language reference. Tuples become lists.
 */
export const readPythonLiteral = (text: string, toText: (text: string) => Value): Literal => {
  // Most values are words or names: no literal begins like them.
  if (!mayBeLiteral.test(text)) return { kind: "text" };
  const reader = new LiteralReader(text, toText);
  const value = reader.readAll();
  if (value === undefined) return { kind: "text" };
  const { unsupported } = reader;
  return unsupported === undefined ? { kind: "value", value } : { kind: "unsupported", what: unsupported };
};

const mayBeLiteral = /^[ \t]*(?:[-+.0-9'"([{]|True|False|None|[bBuUrR]{1,2}['"])/;

const digits = String.raw`[0-9](?:_?[0-9])*`;
const exponent = String.raw`[eE][-+]?${digits}`;
const numberPattern = new RegExp(
  [
    String.raw`0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+`,
    String.raw`(?:${digits})?\.${digits}(?:${exponent})?|${digits}\.(?:${exponent})?|${digits}${exponent}`,
    // A leading zero makes no number: `0644` stays a text.
    String.raw`[1-9](?:_?[0-9])*|0(?:_?0)*`,
  ].join("|"),
  "y",
);
const stringStart = /([bBuU]?|[rR]|[bB][rR]|[rR][bB])('''|"""|'|")/y;
const word = /[A-Za-z_]\w*/y;

/** A recursive reader with a cursor; `undefined` from any of its methods means: this text is no literal. */
class LiteralReader {
  readonly #text: string;
  readonly #toText: (text: string) => Value;
  #at = 0;
  #depth = 0;
  unsupported: string | undefined;

  constructor(text: string, toText: (text: string) => Value) {
    this.#text = text;
    this.#toText = toText;
  }

  /** The whole text: one literal, or several with commas between them. */
  readAll(): Value | undefined {
    const value = this.#items("");
    return this.#peek("") ? value : undefined;
  }

  #read(): Value | undefined {
    this.#skipSpace();
    const char = this.#text[this.#at] ?? "";
    if (char === "[" || char === "(" || char === "{") return this.#bracketed(char);
    stringStart.lastIndex = this.#at;
    if (stringStart.test(this.#text)) return this.#strings();
    return /[-+.0-9]/.test(char) ? this.#number() : this.#name();
  }

  #bracketed(open: "[" | "(" | "{"): Value | undefined {
    // Python's parser gives up at about a hundred levels, too.
    if (++this.#depth > 90) return undefined;
    this.#at++;
    const value = open === "[" ? this.#list() : open === "(" ? this.#tuple() : this.#dict();
    this.#depth--;
    return value;
  }

  #list(): Value | undefined {
    const items: Value[] = [];
    while (!this.#take("]")) {
      const item = this.#read();
      if (item === undefined) return undefined;
      items.push(item);
      if (!this.#take(",") && !this.#peek("]")) return undefined;
    }
    return items;
  }

  #tuple(): Value | undefined {
    if (this.#take(")")) return [];
    const value = this.#items(")");
    return this.#take(")") ? value : undefined;
  }

  /** One item stands for itself; with a comma after it, it is the first of a tuple. */
  #items(end: string): Value | undefined {
    const first = this.#read();
    if (first === undefined || !this.#take(",")) return first;
    const items: Value[] = [first];
    while (!this.#peek(end)) {
      const item = this.#read();
      if (item === undefined) return undefined;
      items.push(item);
      if (!this.#take(",") && !this.#peek(end)) return undefined;
    }
    return items;
  }

  #dict(): Value | undefined {
    const entries: [string, Value][] = [];
    while (!this.#take("}")) {
      const key = this.#key();
      if (key === undefined) return undefined;
      if (!this.#take(":")) this.unsupported = "a set";
      const value = this.unsupported === undefined ? this.#read() : null;
      if (value === undefined) return undefined;
      entries.push([key, value]);
      if (!this.#take(",") && !this.#peek("}")) return undefined;
    }
    return Object.fromEntries(entries) as ValueMap;
  }

  /** A key is one of the scalars; in our data it is a text. */
  #key(): string | undefined {
    this.#skipSpace();
    stringStart.lastIndex = this.#at;
    if (stringStart.test(this.#text)) return this.#joinedStrings();
    const key = this.#read();
    return key === undefined || (key !== null && typeof key === "object") ? undefined : String(key);
  }

  #name(): Value | undefined {
    const name = this.#match(word);
    if (name === "None") return null;
    return name === "True" ? true : name === "False" ? false : undefined;
  }

  #number(): Value | undefined {
    const sign = this.#take("-") ? -1 : 1;
    if (sign === 1) this.#take("+");
    this.#skipSpace();
    const text = this.#match(numberPattern);
    if (text === undefined) return undefined;
    if (/[jJ]/.test(this.#text[this.#at] ?? "") && !/[xXoObB]/.test(text)) {
      this.#at++;
      this.unsupported = "a complex number";
    }
    if (/[\w.]/.test(this.#text[this.#at] ?? "")) return undefined;
    const number = Number(text.replaceAll("_", ""));
    return number === 0 ? 0 : sign * number;
  }

  #strings(): Value | undefined {
    const text = this.#joinedStrings();
    return text === undefined ? undefined : this.#toText(text);
  }

  /** Strings that follow each other are one. */
  #joinedStrings(): string | undefined {
    let joined = "";
    for (;;) {
      this.#skipSpace();
      stringStart.lastIndex = this.#at;
      const match = stringStart.exec(this.#text);
      if (match === null) return joined;
      this.#at = stringStart.lastIndex;
      if (/b/i.test(match[1] ?? "")) this.unsupported = "bytes";
      const part = this.#string(match[2] ?? "", /r/i.test(match[1] ?? ""));
      if (part === undefined) return undefined;
      joined += part;
    }
  }

  /** The rest of one string up to its closing quotes. */
  #string(quote: string, raw: boolean): string | undefined {
    let value = "";
    while (this.#at < this.#text.length) {
      if (this.#text.startsWith(quote, this.#at)) {
        this.#at += quote.length;
        return value;
      }
      const char = this.#text.charAt(this.#at++);
      if (char !== "\\") value += char;
      else {
        const escaped = raw ? `\\${this.#text.charAt(this.#at++)}` : this.#escape();
        if (escaped === undefined) return undefined;
        value += escaped;
      }
    }
    return undefined;
  }

  #escape(): string | undefined {
    const octal = this.#match(/[0-7]{1,3}/y);
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const char = this.#text.charAt(this.#at++);
    const simple = escapes.get(char);
    if (simple !== undefined) return simple;
    if (char === "N") this.unsupported = "a character by its name";
    const width = char === "x" ? 2 : char === "u" ? 4 : char === "U" ? 8 : 0;
    if (width === 0) return `\\${char}`;
    const hex = this.#text.slice(this.#at, this.#at + width);
    this.#at += width;
    const code = /^[0-9a-fA-F]+$/.test(hex) && hex.length === width ? Number.parseInt(hex, 16) : Number.NaN;
    return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text)?.[0];
    this.#at += match?.length ?? 0;
    return match;
  }

  /** Whether this character comes next (`""`: the end). */
  #peek(char: string): boolean {
    this.#skipSpace();
    return char === "" ? this.#at >= this.#text.length : this.#text[this.#at] === char;
  }

  #take(char: string): boolean {
    const found = this.#peek(char);
    if (found) this.#at++;
    return found;
  }

  /** Blanks, and a comment up to the end: Python has them between the parts of a literal. */
  #skipSpace(): void {
    while (this.#text[this.#at] === " " || this.#text[this.#at] === "\t") this.#at++;
    if (this.#text[this.#at] === "#") this.#at = this.#text.length;
  }
}

const escapes = new Map(
  Object.entries({ "\\": "\\", "'": "'", '"': '"', a: "\u0007", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" }),
);
