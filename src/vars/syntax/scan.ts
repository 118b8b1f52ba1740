import { lexExpression, type LexToken } from "./lex.ts";
import { SyntaxProblem } from "./problem.ts";

/** How a template's text is read; the names are those of Ansible's template module. */
export interface TemplateSyntax {
  readonly trim_blocks: boolean;
  readonly lstrip_blocks: boolean;
  readonly variable_start_string: string;
  readonly variable_end_string: string;
  readonly block_start_string: string;
  readonly block_end_string: string;
  readonly comment_start_string: string;
  readonly comment_end_string: string;
}

/** The same, and what differs between a playbook's values and template files. */
export interface ScanSyntax extends TemplateSyntax {
  /** A backslash in a string between `{{` and `}}` stands for itself: true for values, false for files. */
  readonly literalBackslashes: boolean;
}

/** Ansible's defaults for a template file. */
export const fileSyntax: ScanSyntax = {
  trim_blocks: true,
  lstrip_blocks: false,
  variable_start_string: "{{",
  variable_end_string: "}}",
  block_start_string: "{%",
  block_end_string: "%}",
  comment_start_string: "{#",
  comment_end_string: "#}",
  literalBackslashes: false,
};

/** How a value of a playbook is read. */
export const valueSyntax: ScanSyntax = { ...fileSyntax, literalBackslashes: true };

/** A piece of a template: text, an expression to print, or the words of a statement. */
export type Segment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "output" | "block"; readonly tokens: readonly LexToken[]; readonly at: number };

/**
 * Cuts a template into segments; comments are gone, raw blocks are text, and whitespace control is done.
 *
 * @throws SyntaxProblem
 */
export const scan = (source: string, syntax: ScanSyntax): Segment[] => new Scanner(source, syntax).scan();

class Scanner {
  readonly #source: string;
  readonly #syntax: ScanSyntax;
  readonly #segments: Segment[] = [];
  readonly #openers: readonly { readonly text: string; readonly kind: "output" | "block" | "comment" }[];
  readonly #opener: RegExp;
  #at = 0;
  /** What the tag before the coming text asks of it. */
  #after: "keep" | "newline" | "all" = "keep";

  constructor(source: string, syntax: ScanSyntax) {
    // Jinja counts a line break as one character, whatever the file has.
    const text = source.includes("\r") ? source.replace(/\r\n?/g, "\n") : source;
    // Jinja drops the last newline; who wants those at the end counts them afterwards.
    this.#source = text.replace(/\n$/, "");
    this.#syntax = syntax;
    const openers = [
      { text: syntax.comment_start_string, kind: "comment" as const },
      { text: syntax.block_start_string, kind: "block" as const },
      { text: syntax.variable_start_string, kind: "output" as const },
    ];
    // The longest opener wins where one begins another.
    this.#openers = openers.toSorted((a, b) => b.text.length - a.text.length);
    this.#opener = new RegExp(this.#openers.map(({ text: opener }) => escapePattern(opener)).join("|"), "g");
  }

  scan(): Segment[] {
    while (this.#at < this.#source.length) this.#scanNext();
    return this.#segments;
  }

  #scanNext(): void {
    const start = this.#at;
    this.#opener.lastIndex = start;
    const match = this.#opener.exec(this.#source);
    const tagAt = match?.index ?? this.#source.length;
    const opener = this.#openers.find(({ text }) => text === match?.[0]);
    if (opener === undefined) {
      this.#addText(start, tagAt, "keep");
      this.#at = this.#source.length;
      return;
    }
    const afterOpener = tagAt + opener.text.length;
    const sign = this.#source.charAt(afterOpener);
    const signed = sign === "-" || (sign === "+" && opener.kind !== "output");
    this.#addText(start, tagAt, this.#before(opener.kind, signed ? sign : ""));
    this.#at = signed ? afterOpener + 1 : afterOpener;
    if (opener.kind === "comment") this.#skipComment(tagAt);
    else this.#scanTag(opener.kind, tagAt);
  }

  #before(kind: "output" | "block" | "comment", sign: string): "keep" | "all" | "indent" {
    if (sign === "-") return "all";
    return this.#syntax.lstrip_blocks && kind !== "output" && sign !== "+" ? "indent" : "keep";
  }

  #addText(start: number, end: number, strip: "keep" | "all" | "indent"): void {
    let text = this.#source.slice(start, end);
    if (this.#after === "all") text = text.trimStart();
    if (this.#after === "newline" && text.startsWith("\n")) text = text.slice(1);
    if (strip === "all") text = text.trimEnd();
    if (strip === "indent" && this.#startsLine(end)) text = text.replace(/[^\S\n]+$/, "");
    this.#after = "keep";
    if (text !== "") this.#segments.push({ kind: "text", text });
  }

  /** Whether only blanks stand between the beginning of the line and this offset. */
  #startsLine(offset: number): boolean {
    const line = this.#source.lastIndexOf("\n", offset - 1) + 1;
    return this.#source.slice(line, offset).trim() === "";
  }

  #skipComment(start: number): void {
    const close = this.#syntax.comment_end_string;
    const end = this.#source.indexOf(close, this.#at);
    if (end === -1) throw new SyntaxProblem("a comment is never closed", start, 2);
    this.#endTag("comment", this.#source.charAt(end - 1), end + close.length);
  }

  #scanTag(kind: "output" | "block", start: number): void {
    const close = kind === "output" ? this.#syntax.variable_end_string : this.#syntax.block_end_string;
    const signs = kind === "output" ? [`-${close}`, close] : [`-${close}`, `+${close}`, close];
    const { tokens, end } = lexExpression(this.#source, this.#at, {
      close: signs,
      literalBackslashes: kind === "output" && this.#syntax.literalBackslashes,
    });
    const sign = this.#source.startsWith(close, end) ? "" : this.#source.charAt(end);
    this.#endTag(kind, sign, end + sign.length + close.length);
    if (kind === "block" && tokens.length === 1 && tokens[0]?.text === "raw") this.#scanRaw(start);
    else this.#segments.push({ kind, tokens, at: start });
  }

  #endTag(kind: "output" | "block" | "comment", sign: string, end: number): void {
    this.#at = end;
    if (sign === "-") this.#after = "all";
    else if (kind !== "output" && sign !== "+" && this.#syntax.trim_blocks) this.#after = "newline";
  }

  #scanRaw(start: number): void {
    const { block_start_string: open, block_end_string: close } = this.#syntax;
    const pattern = new RegExp(`${escapePattern(open)}([-+]?)\\s*endraw\\s*([-+]?)${escapePattern(close)}`, "g");
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) throw new SyntaxProblem('"raw" is never closed: "endraw" is missing', start, 2);
    this.#addText(this.#at, match.index, this.#before("block", match[1] ?? ""));
    this.#endTag("block", match[2] ?? "", match.index + match[0].length);
  }
}

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
