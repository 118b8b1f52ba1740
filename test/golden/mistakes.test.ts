import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../src/diagnostics/render-text.ts";
import { diagnosticsOf } from "./diagnostics-of.ts";

/**
 * One mistake each: what is said of a playbook stands above it after `### `, as `LINE:COLUMN: MESSAGE [CODE]` and what to
 * do, and nothing else may be said. UPDATE=1 writes these lines anew: read the difference.
 */
const folder = join(import.meta.dirname, "mistakes");
let scratch = "";
beforeAll(() => void (scratch = mkdtempSync(join(tmpdir(), "latchkey-golden-"))));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Mistake {
  readonly said: string;
  readonly text: string;
}

/** A tab and a line without its end do not survive editors: `→` and `⏎` at the end stand for them. */
const mistakesIn = (content: string): Mistake[] =>
  content.split(/^(?=### )/m).map((part) => {
    const [said = "", ...lines] = part.split("\n");
    return { said: said.slice(4), text: lines.join("\n") };
  });

const saidOf = async (text: string): Promise<string> => {
  const path = join(scratch, "playbook.yml");
  writeFileSync(path, text.replace(/⏎\n*$/, "").replaceAll("→", "\t"));
  const found = await diagnosticsOf(path, text);
  const lines = found.map((one) => {
    const [first = ""] = renderDiagnostic({ ...one, related: [] }, () => "").split("\n");
    const related = (one.related ?? []).map(({ span, message }) => {
      const { line, column } = span.file.position(span.start);
      return ` (${line}:${column}: ${message})`;
    });
    const hint = one.hint === undefined ? "" : ` = ${one.hint}`;
    return `${first.replace(/^:/, "")}${related.join("")}${hint}`.replaceAll(`${scratch}/`, "");
  });
  return lines.join(" ### ");
};

for (const name of readdirSync(folder)) {
  const mistakes = mistakesIn(readFileSync(join(folder, name), "utf8"));
  describe(name, () => {
    const anew: string[] = [];
    it.each(mistakes)("$said", async ({ said, text }) => {
      const found = await saidOf(text);
      anew.push(`### ${found}\n${text}`);
      if (process.env["UPDATE"] !== undefined) writeFileSync(join(folder, name), anew.join(""));
      else expect(found).toBe(said);
      expect(found, "one mistake, one finding").not.toContain(" ### ");
      expect(found, "a mistake is found").not.toBe("");
    });
  });
}
