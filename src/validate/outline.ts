import { parseYaml } from "../source/parse-yaml.ts";
import { SourceFile } from "../source/source-file.ts";

/** The outermost keys of a YAML file. */
export type Outline =
  | { readonly kind: "list"; readonly items: readonly (readonly string[])[] }
  | {
      readonly kind: "mapping";
      /** Each with the keys of its own mapping. */
      readonly keys: readonly { readonly name: string; readonly keys: readonly string[] }[];
    }
  | { readonly kind: "other" };

const keyLine =
  /^( *)((?:- +)*)(?:"([^"]*)"|'([^']*)'|([^\s"'#&*!|>%@`{[\]},:-][^\s:#]*(?: [^\s:#]+)*|-[^\s:]+))\s*:(?:\s|$)/;

/**
 * Reads no more than the lines with the outermost keys: a file has a kind even where it is no YAML, and one that is read
 * for real afterwards need not be parsed twice. What is written with braces is parsed.
 */
export const readOutline = (text: string): Outline => {
  const first = /^(?!---|%|\s*#)[ \t]*(\S).*$/m.exec(text);
  if (first === null) return { kind: "other" };
  if (first[1] === "{" || first[1] === "[") return parsedOutline(text);
  return /^ *-(?:\s|$)/.test(first[0]) ? listOutline(text) : mappingOutline(text);
};

const listOutline = (text: string): Outline => {
  const items: string[][] = [];
  let dash: number | undefined;
  let column: number | undefined;
  for (const line of text.split("\n")) {
    const item = /^( *)-( +|$)/.exec(line);
    if (item !== null && (dash === undefined || item[1]?.length === dash)) {
      dash = item[1]?.length ?? 0;
      column = item[2] === "" ? undefined : item[0].length;
      items.push([]);
    }
    const key = keyLine.exec(line);
    if (key === null || items.length === 0) continue;
    const at = (key[1] ?? "").length + (key[2] ?? "").length;
    if (at <= (dash ?? 0)) continue;
    column ??= at;
    if (at === column) items.at(-1)?.push(nameOf(key));
  }
  return { kind: "list", items };
};

const mappingOutline = (text: string): Outline => {
  const keys: { name: string; keys: string[] }[] = [];
  let outer: number | undefined;
  let inner: number | undefined;
  for (const line of text.split("\n")) {
    const key = keyLine.exec(line);
    if (key === null) continue;
    const at = (key[1] ?? "").length + (key[2] ?? "").length;
    outer ??= at;
    if (at === outer) {
      keys.push({ name: nameOf(key), keys: [] });
      inner = undefined;
    } else if (at > outer && key[2] === "") {
      inner ??= at;
      if (at === inner) keys.at(-1)?.keys.push(nameOf(key));
    }
  }
  return keys.length === 0 ? { kind: "other" } : { kind: "mapping", keys };
};

const nameOf = (key: RegExpExecArray): string => key[3] ?? key[4] ?? key[5] ?? "";

const parsedOutline = (text: string): Outline => {
  const { root } = parseYaml(new SourceFile("", text));
  if (root?.kind === "seq") {
    return {
      kind: "list",
      items: root.items.map((item) => (item.kind === "map" ? item.entries.map(({ key }) => String(key.value)) : [])),
    };
  }
  if (root?.kind !== "map") return { kind: "other" };
  return {
    kind: "mapping",
    keys: root.entries.map(({ key, value }) => ({
      name: String(key.value),
      keys: value.kind === "map" ? value.entries.map((entry) => String(entry.key.value)) : [],
    })),
  };
};
