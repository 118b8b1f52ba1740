import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { machineDiagnostic, renderGithub, renderSarif } from "../../diagnostics/render-machine.ts";
import { renderDiagnostic, renderExplainHint } from "../../diagnostics/render-text.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { escapeForTerminal } from "../../util/escape.ts";
import { type Mended, writeEdits } from "../../validate/fix.ts";
import { validateFiles } from "../../validate/validate-files.ts";
import type { Io } from "../io.ts";
import { createLookups } from "../lookups.ts";
import type { GivenOptions } from "../options.ts";
import { shortenedFrom } from "../print-diagnostics.ts";
import { readRunOptions } from "../read-run-options.ts";
import { readVault, throughVault } from "../vault.ts";
import { version } from "../version.ts";
import { textOf, textsOf } from "../given-texts.ts";
import { usage } from "../usage.ts";

const maximalRounds = 50;

/** `latchkey validate`: what `run` checks before its first connection, for people, editors and CI. */
export const validateCommand = async (paths: readonly string[], given: GivenOptions, io: Io): Promise<number> => {
  const options = readRunOptions(given);
  if (!options.ok) return usage(io, options.error);
  const vault = await readVault(given, io, { withoutPassword: "pass-over" });
  if (!vault.ok) return usage(io, vault.error);
  const validate = async () => {
    const validated = await validateFiles({
      paths,
      inventory: textsOf(given["inventory"]),
      extraVars: textsOf(given["extraVars"]),
      limit: textsOf(given["limit"]),
      options: options.value,
      cwd: io.cwd,
      lookups: createLookups(io, vault.value)([io.cwd]),
      vault: vault.value,
    });
    return { ...validated, diagnostics: throughVault(validated.diagnostics, vault.value) };
  };
  let { files, diagnostics } = await validate();
  if (files.length === 0) return usage(io, `there is nothing to validate in ${paths.join(", ")}`);
  const format = textOf(given["format"]) ?? "text";
  if (given["fix"] === true) {
    const named = new Set(files.map(({ path }) => path));
    // What was mended may show what stood behind it, but not for ever.
    for (let round = 0; round < maximalRounds; round++) {
      const mended = writeEdits(diagnostics, named);
      if (mended.length === 0) break;
      // What other programs read is about what is left.
      const target = format === "text" ? io.stdout : io.stderr;
      target.write(mended.map((one) => `${renderMended(one, shortenedFrom(io.cwd))}\n`).join(""));
      ({ files, diagnostics } = await validate());
    }
  }
  io.stdout.write(rendered(diagnostics, files.length, format, io));
  return diagnostics.some(({ severity }) => severity === "error") ? exitCodes.diagnostics : exitCodes.ok;
};

const rendered = (found: readonly Diagnostic[], files: number, format: string, io: Io): string => {
  const shorten = shortenedFrom(io.cwd);
  const machine = found.map((one) => machineDiagnostic(one, shorten));
  switch (format) {
    case "json":
      return `${JSON.stringify(machine, null, 2)}\n`;
    case "jsonl":
      return machine.map((one) => `${JSON.stringify(one)}\n`).join("");
    case "sarif":
      return renderSarif(machine, version());
    case "github":
      return machine.map(renderGithub).join("");
    default:
      return `${found.map((one) => `${renderDiagnostic(one, shorten)}\n\n`).join("")}${summary(found, files)}\n${renderExplainHint(found)}`;
  }
};

/** What became of a finding, on one line. */
const renderMended = ({ code, edit: { span, text } }: Mended, shorten: (path: string) => string): string => {
  const { line, column } = span.file.position(span.start);
  const [was, is] = [span.file.text.slice(span.start, span.end), text].map(escapeForTerminal);
  return `${escapeForTerminal(shorten(span.file.path))}:${line}:${column}: mended: ${was} is ${is} now [${code}]`;
};

const summary = (found: readonly Diagnostic[], files: number): string => {
  const within = files === 1 ? "" : ` in ${files} files`;
  const count = (severity: Diagnostic["severity"]): string => {
    const number = found.filter((one) => one.severity === severity).length;
    return `${number} ${severity}${number === 1 ? "" : "s"}`;
  };
  if (found.length === 0) return `nothing wrong was found${within}`;
  const fixable = found.filter(({ edit }) => edit !== undefined).length;
  const hint = fixable === 0 ? "" : `; --fix mends ${fixable}`;
  return `${count("error")}, ${count("warning")}${within}${hint}`;
};
