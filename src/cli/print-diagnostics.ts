import { relative } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { renderDiagnostic, renderExplainHint, sortDiagnostics } from "../diagnostics/render-text.ts";
import { exitCodes } from "../run/exit-code.ts";
import type { Io } from "./io.ts";

/** Makes paths readable from a folder: relative where they lie in it. */
export const shortenedFrom =
  (cwd: string) =>
  (path: string): string => {
    const short = relative(cwd, path);
    return !path.startsWith("/") || short.startsWith("..") ? path : short;
  };

/** Prints all findings to standard error, in order; the exit code says whether one of them is an error. */
export const printDiagnostics = (diagnostics: readonly Diagnostic[], io: Io): number => {
  const sorted = sortDiagnostics(diagnostics);
  const errors = sorted.filter((diagnostic) => diagnostic.severity === "error").length;
  const shorten = shortenedFrom(io.cwd);
  for (const diagnostic of sorted) io.stderr.write(`${renderDiagnostic(diagnostic, shorten)}\n\n`);
  if (errors > 0) io.stderr.write(`${errors} ${errors === 1 ? "error" : "errors"}; no host was contacted\n`);
  io.stderr.write(renderExplainHint(sorted));
  return errors > 0 ? exitCodes.diagnostics : exitCodes.ok;
};
