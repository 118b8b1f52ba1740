import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { machineDiagnostic, renderGithub, renderSarif } from "../../diagnostics/render-machine.ts";
import { renderDiagnostic, renderExplainHint } from "../../diagnostics/render-text.ts";
import { exitCodes } from "../../run/exit-code.ts";
import { validateFiles } from "../../validate/validate-files.ts";
import type { Io } from "../io.ts";
import { createLookups } from "../lookups.ts";
import type { GivenOptions } from "../options.ts";
import { shortenedFrom } from "../print-diagnostics.ts";
import { readRunOptions } from "../read-run-options.ts";
import { version } from "../version.ts";
import { textOf, textsOf } from "./grant.ts";
import { usage } from "./run.ts";

/** `latchkey validate`: what `run` checks before its first connection, for people, editors and CI. */
export const validateCommand = async (paths: readonly string[], given: GivenOptions, io: Io): Promise<number> => {
  const options = readRunOptions(given);
  if (!options.ok) return usage(io, options.error);
  const { files, diagnostics } = await validateFiles({
    paths,
    inventory: textsOf(given["inventory"]),
    extraVars: textsOf(given["extraVars"]),
    limit: textsOf(given["limit"]),
    options: options.value,
    cwd: io.cwd,
    lookups: createLookups(io)([io.cwd]),
  });
  if (files.length === 0) return usage(io, `there is nothing to validate in ${paths.join(", ")}`);
  io.stdout.write(rendered(diagnostics, files.length, textOf(given["format"]) ?? "text", io));
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

const summary = (found: readonly Diagnostic[], files: number): string => {
  const within = files === 1 ? "" : ` in ${files} files`;
  const count = (severity: Diagnostic["severity"]): string => {
    const number = found.filter((one) => one.severity === severity).length;
    return `${number} ${severity}${number === 1 ? "" : "s"}`;
  };
  return found.length === 0 ? `nothing wrong was found${within}` : `${count("error")}, ${count("warning")}${within}`;
};
