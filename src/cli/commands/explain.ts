import { readFileSync } from "node:fs";
import { type DiagnosticCode, diagnosticCodes, isDiagnosticCode, titleOfCode } from "../../diagnostics/codes.ts";
import { didYouMean } from "../../diagnostics/suggest.ts";
import { createPalette, type Palette, showsColours } from "../../reporters/palette.ts";
import { exitCodes } from "../../run/exit-code.ts";
import type { Io } from "../io.ts";
import { usage } from "../usage.ts";

/** `latchkey explain`: the pages of codes, or a list of all codes. */
export const explainCommand = (wanted: readonly string[], io: Io): number => {
  const known = Object.keys(diagnosticCodes).filter(isDiagnosticCode);
  if (wanted.length === 0) {
    io.stdout.write(known.map((code) => `${code}  ${titleOfCode(code)}\n`).join(""));
    return exitCodes.ok;
  }
  const codes: DiagnosticCode[] = [];
  for (const text of wanted) {
    const code = text.toUpperCase();
    if (!isDiagnosticCode(code)) {
      const hint = didYouMean(code, known) ?? "latchkey explain lists all codes";
      return usage(io, `there is no code "${text}": ${hint}`);
    }
    codes.push(code);
  }
  const isTerminal = showsColours(io);
  const pages = codes.map((code) => readFileSync(pageOfCode(code), "utf8"));
  io.stdout.write(pages.map((page) => (isTerminal ? styledPage(page, createPalette(true)) : page)).join("\n"));
  return exitCodes.ok;
};

/** Where the page of a code lies in this package. */
const pageOfCode = (code: DiagnosticCode): URL => new URL(`../../../docs/codes/${code}.md`, import.meta.url);

/** A page for a terminal: headings in bold, and examples set off instead of fenced. */
const styledPage = (page: string, { bold, dim }: Palette): string => {
  let isExample = false;
  const lines = page.split("\n").flatMap((line) => {
    if (line.startsWith("```")) {
      isExample = !isExample;
      const [, file] = line.split(" ");
      return file === undefined ? [] : [`  ${dim(file)}`];
    }
    if (isExample) return [line === "" ? "" : `    ${line}`];
    return [
      line.startsWith("#")
        ? bold(line.replace(/^#+ /, ""))
        : line.replaceAll(/`([^`]+)`/g, (_, code) => bold(String(code))),
    ];
  });
  return lines.join("\n");
};
