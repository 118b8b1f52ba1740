import { learnValue } from "../diagnostics/open-source.ts";
import { didYouMean, suggest } from "../diagnostics/suggest.ts";
import type { SourceFile, Span } from "../source/source-file.ts";
import { isSecretName } from "../util/mask-secrets.ts";
import { hasMarkers } from "../vars/from-node.ts";
import { Template, type Value, Vaulted } from "../vars/value.ts";
import { numberLoss } from "./check-values.ts";
import { splitPort } from "./host-name.ts";
import { expandHostRange } from "./host-range.ts";
import type { InventoryBuilder } from "./inventory-builder.ts";
import { readPythonLiteral } from "./python-literal.ts";
import { splitShellWords } from "./shell-words.ts";

/** Reads an INI inventory: hosts, `[group]`, `[group:children]`, `[group:vars]`. */
export const readIni = (file: SourceFile, builder: InventoryBuilder): void => new IniReader(file, builder).read();

type SectionKind = "hosts" | "children" | "vars";

/** Where a value stands, and the assignment that begins with its name. */
interface Places {
  readonly span: Span;
  readonly keySpan: Span;
}

interface Section {
  readonly group: string;
  readonly kind: SectionKind;
}

class IniReader {
  readonly #file: SourceFile;
  readonly #builder: InventoryBuilder;
  #section: Section | undefined = { group: "ungrouped", kind: "hosts" };
  // Both are applied at the end: a section may stand above the one that declares its group.
  readonly #children: { readonly parent: string; readonly child: string; readonly span: Span }[] = [];
  readonly #variables: {
    readonly group: string;
    readonly key: string;
    readonly value: Value;
    readonly span: Span;
    readonly keySpan: Span;
  }[] = [];
  /** Groups that were named before a section declared them, with where and as what. */
  readonly #awaited = new Map<string, { readonly span: Span; readonly message: string }>();

  constructor(file: SourceFile, builder: InventoryBuilder) {
    this.#file = file;
    this.#builder = builder;
  }

  read(): void {
    const { text } = this.#file;
    for (let start = 0; start < text.length;) {
      const newline = text.indexOf("\n", start);
      const end = newline === -1 ? text.length : newline;
      this.#readLine(start, end);
      start = end + 1;
    }
    this.#checkAwaited();
    this.#applyRest();
  }

  #readLine(lineStart: number, lineEnd: number): void {
    const whole = this.#file.text.slice(lineStart, lineEnd);
    const line = whole.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) return;
    const start = lineStart + whole.indexOf(line);
    if (line.startsWith("[") && /^\[[^\]]*\]\s*(?:#.*)?$/.test(line)) return this.#readHeader(line, start);
    if (/^\[[^\]]*$/.test(line)) {
      this.#builder.error(`"]" is missing after "${line}"`, this.#span(start, start + line.length), `write "${line}]"`);
      return this.#readHeader(`${line}]`, start);
    }
    switch (this.#section?.kind) {
      case "hosts":
        return this.#readHost(line, start, this.#section.group);
      case "children":
        return this.#readChild(line, start, this.#section.group);
      case "vars":
        return this.#readVariable(line, start, this.#section.group);
      case undefined:
        // The header of this section was wrong; its lines would only give further errors.
        return undefined;
    }
  }

  #readHeader(line: string, start: number): void {
    const inner = line.slice(1, line.indexOf("]"));
    const span = this.#span(start, start + inner.length + 2);
    const [group = "", kind = "hosts", ...more] = inner.split(":");
    this.#section = undefined;
    if (more.length > 0 || group === "" || inner.endsWith(":") || /\s/.test(inner)) {
      return this.#builder.error(
        `"[${inner}]" is not a section`,
        span,
        "expected [GROUP], [GROUP:children], [GROUP:vars]",
      );
    }
    const kinds = ["hosts", "children", "vars"] as const;
    const known = kinds.find((one) => one === kind) ?? kinds.find((one) => one === suggest(kind, kinds));
    if (known !== kind) {
      const at = start + 1 + group.length + 1;
      const message = `the section "[${inner}]" has an unknown suffix "${kind}"`;
      const hint = didYouMean(kind, kinds) ?? "expected [GROUP], [GROUP:children], [GROUP:vars]";
      this.#builder.error(message, this.#span(at, at + kind.length), hint);
    }
    // One that is only misspelt is read as it was meant.
    if (known === undefined) return undefined;
    this.#section = { group, kind: known };
    if (known !== "vars") this.#builder.addGroup(group, this.#span(start + 1, start + 1 + group.length));
    else this.#await(group, span, `"[${inner}]" sets variables of the group "${group}", which does not exist`);
  }

  #readHost(line: string, start: number, group: string): void {
    const split = splitShellWords(line);
    if (!split.ok) {
      const at = start + split.error.at;
      return this.#builder.error(split.error.message, this.#span(at, start + line.length));
    }
    const [entry, ...assignments] = split.value.words;
    if (entry === undefined) return undefined;
    if (split.value.gluedComment !== undefined) {
      const at = start + split.value.gluedComment;
      this.#builder.warn('what follows "#" is a comment', this.#span(at, start + line.length), "quote a value with #");
    }
    const span = this.#span(start + entry.start, start + entry.end);
    const names = this.#hostNames(entry.text, span);
    for (const name of names.hosts) this.#builder.addHost(name, group, span);
    if (names.port !== undefined) this.#setOnAll(names.hosts, "ansible_port", names.port, { span, keySpan: span });
    for (const word of assignments) {
      // After one that is wrong, the next are mostly its pieces.
      if (!this.#readAssignment(names.hosts, word.text, this.#span(start + word.start, start + word.end))) break;
    }
  }

  #hostNames(entry: string, span: Span): { readonly hosts: readonly string[]; readonly port?: number } {
    const host = splitPort(entry);
    if (!host.ok) {
      this.#builder.report({ code: "V42", severity: "error", message: host.error, span });
      return { hosts: [] };
    }
    // An address such as [::1]:22 has lost its brackets here, so what is left in brackets is a range.
    const names = expandHostRange(host.value.name);
    if (names.ok) return { ...host.value, hosts: names.value };
    this.#builder.error(names.error, span);
    return { hosts: [] };
  }

  /** Whether it is one. */
  #readAssignment(hosts: readonly string[], text: string, span: Span): boolean {
    const equals = text.indexOf("=");
    if (equals <= 0) {
      const hint = "after the host come variables as NAME=VALUE; quote a value with spaces";
      this.#builder.error(`"${text}" is not an assignment`, span, hint);
      return false;
    }
    const key = text.slice(0, equals);
    // Quotes may stand around all of it.
    const at = span.start + (this.#file.text.startsWith(`${key}=`, span.start) ? equals + 1 : 0);
    const valueSpan = { ...span, start: Math.min(at, span.end) };
    const value = this.#value(key, text.slice(equals + 1), valueSpan);
    if (value !== undefined) this.#setOnAll(hosts, key, value, { span: valueSpan, keySpan: span });
    return true;
  }

  #setOnAll(hosts: readonly string[], key: string, value: Value, places: Places): void {
    for (const host of hosts) this.#builder.setHostVar(host, key, value, places.span, places.keySpan);
  }

  #readChild(line: string, start: number, group: string): void {
    const child = line.replace(/\s*#.*$/, "");
    const span = this.#span(start, start + child.length);
    if (/[\s=]/.test(child)) {
      return this.#builder.error(`"${child}" is not a group's name`, span, "a line of this section is one group");
    }
    if (!this.#builder.hasGroup(child)) {
      this.#await(child, span, `"[${group}:children]" names the group "${child}", which does not exist`);
    }
    this.#children.push({ parent: group, child, span });
  }

  #readVariable(line: string, start: number, group: string): void {
    const equals = line.indexOf("=");
    const key = line.slice(0, Math.max(0, equals)).trim();
    const span = this.#span(start, start + line.length);
    if (key === "") return this.#builder.error(`"${line}" is not an assignment`, span, "expected NAME=VALUE");
    const written = line.slice(equals + 1).trim();
    const valueSpan = this.#span(start + line.length - written.length, start + line.length);
    const value = this.#value(key, written, valueSpan);
    if (value !== undefined) this.#variables.push({ group, key, value, span: valueSpan, keySpan: span });
  }

  #value(key: string, text: string, span: Span): Value | undefined {
    const { vault } = this.#builder;
    if (this.#file.isSecret && vault !== undefined) {
      if (vault.keepsValuesClosed) return new Vaulted(text, span);
      learnValue(key, text, vault);
    }
    const toText = (part: string): Value => (hasMarkers(part) ? new Template(part, span) : part);
    const literal = readPythonLiteral(text, toText);
    switch (literal.kind) {
      case "text":
        return toText(text);
      case "unsupported":
        this.#builder.error(`${literal.what} cannot be a variable's value`, span, "quote it to make it a text");
        return undefined;
      case "value":
        if (!isSecretName(key)) this.#warnOfLoss(text, literal.value, span);
        return literal.value;
    }
  }

  #warnOfLoss(text: string, value: Value, span: Span): void {
    const loss = numberLoss(text, value);
    if (loss !== undefined) this.#builder.warn(loss, span, `write '"${text}"' to keep it as a text`);
  }

  #await(group: string, span: Span, message: string): void {
    if (!this.#awaited.has(group)) this.#awaited.set(group, { span, message });
  }

  #checkAwaited(): void {
    for (const [group, { span, message }] of this.#awaited) {
      if (this.#builder.hasGroup(group)) continue;
      this.#builder.unknownGroup(group, message, span);
    }
  }

  #applyRest(): void {
    for (const { parent, child, span } of this.#children) {
      if (this.#builder.hasGroup(child)) this.#builder.addChild(parent, child, span);
    }
    for (const { group, key, value, span, keySpan } of this.#variables) {
      if (this.#builder.hasGroup(group)) this.#builder.setGroupVar(group, key, value, span, keySpan);
    }
  }

  #span(start: number, end: number): Span {
    return { file: this.#file, start, end };
  }
}
