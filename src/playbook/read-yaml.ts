import { readFileSync } from "node:fs";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { openSource, secretContent } from "../diagnostics/open-source.ts";
import type { Node } from "../source/node.ts";
import { type ParsedYaml, parseYaml } from "../source/parse-yaml.ts";
import type { SourceFile, Span } from "../source/source-file.ts";
import type { Vault } from "../vault/vault.ts";

/** Reads a YAML file, opening it where it is vaulted; what is wrong with it becomes diagnostics. */
export const readYaml = (
  path: string,
  diagnostics: Diagnostic[],
  vault: Vault | undefined,
  from?: Span,
): Node | undefined => {
  let text: string;
  try {
    // A byte order mark is no part of the text.
    text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    diagnostics.push({
      code: "V32",
      severity: "error",
      message: `cannot read "${path.length > 300 ? `${path.slice(0, 300)}…` : path}": ${readErrorText(error)}`,
      ...(from === undefined ? {} : { span: from }),
    });
    return undefined;
  }
  const file = openSource(path, text, vault, diagnostics);
  if (file === undefined) return undefined;
  const { root, problems } = file.isSecret ? parseYaml(file) : parsedOnce(file);
  for (const problem of problems) diagnostics.push({ code: "V01", severity: "error", ...problem });
  // What a parser guesses after a syntax error would only make people chase mistakes that are none.
  return problems.some((problem) => problem.isSyntax) ? undefined : secretContent(file, root, vault, diagnostics);
};

/** Many playbooks have the same roles: while a file stays what it was, it is parsed once. */
const parsedOnce = (file: SourceFile): ParsedYaml => {
  const before = known.get(file.path);
  if (before?.text === file.text) return before.parsed;
  const parsed = parseYaml(file);
  known.set(file.path, { text: file.text, parsed });
  return parsed;
};

const known = new Map<string, { readonly text: string; readonly parsed: ParsedYaml }>();

const readErrorText = (error: unknown): string => {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a directory";
  if (code === "EACCES") return "permission denied";
  return error instanceof Error ? error.message : String(error);
};
