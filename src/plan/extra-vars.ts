import { resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { parseFreeForm } from "../modules/free-form.ts";
import { varsOf } from "../playbook/vars-of.ts";
import { readYaml } from "../playbook/read-yaml.ts";
import { parseYaml } from "../source/parse-yaml.ts";
import type { MapEntry, Node, ScalarNode } from "../source/node.ts";
import { SourceFile, type Span } from "../source/source-file.ts";
import { toValue } from "../vars/from-node.ts";
import type { ValueMap } from "../vars/value.ts";
import type { Vault } from "../vault/vault.ts";

/** Variables of the command line: their values, and where each is written. */
export interface ExtraVars {
  readonly values: ValueMap;
  readonly entries: readonly MapEntry[];
}

/** Variables of the `-e` options, in order, later over earlier: `k=v` texts, JSON or YAML mappings, and `@file`. */
export const readExtraVars = (
  texts: readonly string[],
  cwd: string,
  diagnostics: Diagnostic[],
  vault: Vault | undefined,
): ExtraVars => {
  const entries = texts.flatMap((text) => readOne(text, cwd, diagnostics, vault));
  const values = entries.map((entry) => [String(entry.key.value), toValue(entry.value)] as const);
  return { entries, values: Object.fromEntries(values) };
};

const readOne = (
  text: string,
  cwd: string,
  diagnostics: Diagnostic[],
  vault: Vault | undefined,
): readonly MapEntry[] => {
  if (text.startsWith("@")) return entriesOf(readYaml(resolve(cwd, text.slice(1)), diagnostics, vault), diagnostics);
  const file = new SourceFile("--extra-vars", text);
  const span = { file, start: 0, end: text.length };
  if (/^[/.]/.test(text)) {
    const message = `"${text}" looks like the name of a file`;
    diagnostics.push({ code: "V32", severity: "error", message, span, hint: `write -e @${text} to read it` });
    return [];
  }
  if (/^\s*[{[]/.test(text)) {
    const { root, problems } = parseYaml(file);
    diagnostics.push(...problems.map((problem) => ({ code: "V01", severity: "error", ...problem }) as const));
    return entriesOf(root, diagnostics);
  }
  const parsed = parseFreeForm(text, () => true);
  if (!parsed.ok || parsed.value.rest !== "") {
    const message = parsed.ok ? `"${parsed.value.rest}" is not of the form name=value` : parsed.error;
    const hint = 'or write JSON: -e \'{"name": "value"}\'';
    diagnostics.push({ code: "V03", severity: "error", message, span, hint });
    return [];
  }
  return parsed.value.pairs.map(({ key, value, start, end }) => ({
    key: textNode(key, { file, start, end: start + key.length }),
    value: textNode(value, { file, start: start + key.length + 1, end }),
  }));
};

const entriesOf = (root: Node | undefined, diagnostics: Diagnostic[]): readonly MapEntry[] => {
  varsOf(root, diagnostics);
  return root?.kind === "map" ? root.entries : [];
};

const textNode = (text: string, span: Span): ScalarNode => ({
  kind: "scalar",
  value: text,
  text,
  style: "double",
  span,
});
