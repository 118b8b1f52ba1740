import { readTextFile } from "../open-vault.ts";
import { findFile } from "../find-file.ts";
import { text } from "../python/text.ts";
import { parsedFile } from "../syntax/parsed.ts";
import { fileSyntax } from "../syntax/scan.ts";
import type { Statement } from "../syntax/statement.ts";
import type { Evaluation } from "./evaluation.ts";
import { Fault } from "./fault.ts";
import { isList, type Live } from "./live.ts";

/** The statements of an included template; the first of a list that exists. @throws Fault */
export const includedStatements = (
  file: Live,
  ignoreMissing: boolean,
  evaluation: Evaluation,
): readonly Statement[] => {
  const { lookups } = evaluation.context;
  const syntax = evaluation.syntax ?? fileSyntax;
  const names = (isList(file) ? file : [file]).map(text);
  for (const name of names) {
    const path = findFile(name, "templates", lookups);
    if (path === undefined) continue;
    const read = readTextFile(path, lookups);
    if (!read.ok) throw new Fault(`cannot include ${name}: ${read.error}`);
    const parsed = parsedFile(read.value, syntax);
    if (!parsed.ok) throw new Fault(`template error in ${path}: ${parsed.error.message}`);
    return parsed.value;
  }
  if (ignoreMissing) return [];
  throw new Fault(`the template to include was not found: ${names.join(", ")}`);
};
