import { Fault } from "../evaluate/fault.ts";
import { Float, isList, type Live, numberOf, typeName } from "../evaluate/live.ts";
import { PythonDate } from "./datetime.ts";
import { mapView } from "./map-view.ts";
import { floatText, text } from "./text.ts";
import { escapedCharacter, scalarStyles } from "./yaml-scalar.ts";

/** The options of PyYAML's `dump`: `leaves` puts collections of scalars into brackets, as `default_flow_style=None` does. */
export interface YamlFormat {
  readonly indent: number;
  readonly flow: "never" | "leaves" | "always";
  readonly width: number;
  readonly sortKeys: boolean;
  /** The marks of a document's beginning and end. */
  readonly start?: boolean;
  readonly end?: boolean;
}

/** A value as PyYAML's `dump` with libyaml's emitter writes it, with its line breaks and quotes. @throws Fault for what YAML cannot hold */
export const toYaml = (value: Live, format: YamlFormat): string => new Emitter(format).emit(value);

/** Where a node stands: its indentation (undefined at the root), and what it is part of. */
interface Place {
  readonly indent: number | undefined;
  readonly flow: boolean;
  readonly within: "root" | "sequence" | "mapping";
}

class Emitter {
  readonly #format: YamlFormat;
  #out = "";
  #column = 0;
  /** Only indentation and dashes stand on the current line so far. */
  #atIndent = true;

  constructor(format: YamlFormat) {
    this.#format = format;
  }

  emit(value: Live): string {
    this.#node(value, { indent: undefined, flow: false, within: "root" });
    // A mapping or sequence in blocks begins on a line of its own, all else behind the mark.
    const isBlock = isCollection(value) && !/^[[{]/.test(this.#out);
    const { start = false, end = false } = this.#format;
    return `${start ? `---${isBlock ? "\n" : " "}` : ""}${this.#out}\n${end ? "...\n" : ""}`;
  }

  #node(value: Live, place: Place): void {
    if (isList(value)) {
      if (place.flow || value.length === 0 || this.#inFlow(value)) this.#flowSequence(value, place);
      else this.#blockSequence(value, place);
      return;
    }
    const map = mapView(value);
    if (map === undefined) {
      this.#scalar(value, place, false);
      return;
    }
    const keys = this.#format.sortKeys ? Object.keys(map).toSorted() : Object.keys(map);
    const entries = keys.map((key) => [key, map[key] ?? null] as const);
    if (place.flow || keys.length === 0 || this.#inFlow(Object.values(map))) this.#flowMapping(entries, place);
    else this.#blockMapping(entries, place);
  }

  #inFlow(items: readonly Live[]): boolean {
    if (this.#format.flow === "always") return true;
    return this.#format.flow === "leaves" && !items.some(isCollection);
  }

  #blockSequence(items: readonly Live[], place: Place): void {
    // A sequence directly under a key needs no indentation of its own.
    const indentless = place.within === "mapping" && !this.#atIndent;
    const indent = indentless ? (place.indent ?? 0) : this.#deeper(place);
    for (const item of items) {
      this.#newLine(indent);
      this.#write("-");
      this.#atIndent = true;
      this.#node(item, { indent, flow: false, within: "sequence" });
    }
  }

  #blockMapping(entries: readonly (readonly [string, Live])[], place: Place): void {
    const indent = this.#deeper(place);
    for (const [key, value] of entries) {
      this.#newLine(indent);
      this.#scalar(key, { indent, flow: false, within: "mapping" }, true);
      this.#write(":");
      this.#atIndent = false;
      this.#node(value, { indent, flow: false, within: "mapping" });
    }
  }

  #flowSequence(items: readonly Live[], place: Place): void {
    const indent = this.#flowIndent(place);
    this.#separate();
    this.#write("[");
    for (const [index, item] of items.entries()) {
      if (index > 0) this.#write(",");
      if (this.#column > this.#format.width) this.#breakLine(indent);
      else if (index > 0) this.#write(" ");
      this.#node(item, { indent, flow: true, within: "sequence" });
    }
    this.#write("]");
  }

  #flowMapping(entries: readonly (readonly [string, Live])[], place: Place): void {
    const indent = this.#flowIndent(place);
    this.#separate();
    this.#write("{");
    for (const [index, [key, value]] of entries.entries()) {
      if (index > 0) this.#write(",");
      if (this.#column > this.#format.width) this.#breakLine(indent);
      else if (index > 0) this.#write(" ");
      this.#scalar(key, { indent, flow: true, within: "mapping" }, true);
      this.#write(":");
      this.#node(value, { indent, flow: true, within: "mapping" });
    }
    this.#write("}");
  }

  #deeper(place: Place): number {
    return place.indent === undefined ? 0 : place.indent + this.#format.indent;
  }

  #flowIndent(place: Place): number {
    return (place.indent ?? 0) + this.#format.indent;
  }

  #scalar(value: Live, place: Place, isKey: boolean): void {
    const shown = plainScalar(value);
    this.#separate();
    if (shown !== undefined) {
      this.#write(shown);
      return;
    }
    const content = text(value);
    const styles = scalarStyles(content);
    const plain = (place.flow ? styles.flowPlain : styles.blockPlain) && !(isKey && styles.multiline);
    const indent = this.#flowIndent(place);
    if (plain) this.#writeWords(content, indent, !isKey);
    else if (styles.singleQuoted && !(isKey && styles.multiline)) this.#singleQuoted(content, indent, !isKey);
    else this.#doubleQuoted(content, indent, !isKey);
  }

  /** Words; a single blank beyond the width becomes a line break. */
  #writeWords(content: string, indent: number, split: boolean): void {
    for (const chunk of content.match(/ +|[^ ]+/g) ?? []) {
      if (chunk === " " && split && this.#column > this.#format.width) this.#breakLine(indent);
      else this.#write(chunk);
    }
  }

  #singleQuoted(content: string, indent: number, split: boolean): void {
    this.#write("'");
    let at = 0;
    for (const chunk of content.match(/ +|\n+|[^ \n]+/g) ?? []) {
      const inner = at > 0 && at + chunk.length < content.length;
      at += chunk.length;
      if (chunk === " " && split && inner && this.#column > this.#format.width) this.#breakLine(indent);
      else if (chunk.startsWith("\n")) {
        // One break would be read as a blank, so it is doubled.
        this.#out += "\n".repeat(chunk.length);
        this.#breakLine(indent);
      } else this.#write(chunk.replaceAll("'", "''"));
    }
    this.#write("'");
  }

  #doubleQuoted(content: string, indent: number, split: boolean): void {
    const units = [...content];
    let afterBlank = false;
    this.#write('"');
    for (const [index, unit] of units.entries()) {
      const inner = index > 0 && index < units.length - 1;
      if (unit === " " && split && !afterBlank && inner && this.#column > this.#format.width) {
        this.#breakLine(indent);
        // The break stands for this blank; one more must be kept from being read as indentation.
        if (units[index + 1] === " ") this.#write("\\");
      } else this.#write(escapedCharacter(unit));
      afterBlank = unit === " ";
    }
    this.#write('"');
  }

  #write(value: string): void {
    this.#out += value;
    this.#column += value.length;
  }

  /** The blank after `-`, `:` and nothing else. */
  #separate(): void {
    if (this.#out.endsWith("-") || this.#out.endsWith(":")) this.#write(" ");
    this.#atIndent = false;
  }

  /** Goes to a column: on this line while it holds nothing but dashes, else on the next. */
  #newLine(indent: number): void {
    if (!this.#atIndent || this.#column > indent) this.#breakLine(indent);
    else this.#write(" ".repeat(indent - this.#column));
    this.#atIndent = true;
  }

  #breakLine(indent: number): void {
    this.#out += `\n${" ".repeat(indent)}`;
    this.#column = indent;
  }
}

const isCollection = (value: Live): boolean => isList(value) || mapView(value) !== undefined;

/** What is no text: written as YAML's constants. */
const plainScalar = (value: Live): string | undefined => {
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "string") return undefined;
  const number = numberOf(value);
  if (number === undefined) {
    if (value instanceof PythonDate) return value.toString();
    throw new Fault(`cannot represent an object of type '${typeName(value)}' in YAML`);
  }
  if (!number.float && !(value instanceof Float)) return text(value);
  if (!Number.isFinite(number.n)) return Number.isNaN(number.n) ? ".nan" : number.n > 0 ? ".inf" : "-.inf";
  const shown = floatText(number.n);
  return shown.includes(".") || !shown.includes("e") ? shown : shown.replace("e", ".0e");
};
