import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../src/diagnostics/render-text.ts";
import { diagnosticsOf } from "./diagnostics-of.ts";

/**
 * One mistake each: what is said of a playbook stands above it after `### `, as `LINE:COLUMN: MESSAGE [CODE]` and what to
 * do, and nothing else may be said. A line `==> PATH` begins another file beside the playbook; `inventory.ini` and
 * `inventory.yml` take the place of the usual inventory. UPDATE=1 writes these lines anew: read the difference.
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

/** Writes the files of a case, and gives their names. */
const writeFiles = (text: string): readonly string[] => {
  rmSync(scratch, { recursive: true });
  const parts = `==> playbook.yml\n${text}`.split(/^==> /m).slice(1);
  return parts.map((part) => {
    const [name = "", ...lines] = part.split("\n");
    const path = join(scratch, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, lines.join("\n").replace(/⏎\n*$/, "").replaceAll("→", "\t"));
    return name;
  });
};

const saidOf = async (text: string): Promise<string> => {
  const inventory = writeFiles(text).filter((name) => /^inventory\.(?:ini|yml)$/.test(name));
  const options = inventory.map((name) => ` -i '${join(scratch, name)}'`).join("");
  const [first = ""] = text.split("\n");
  const found = await diagnosticsOf(join(scratch, "playbook.yml"), `${first.startsWith("#") ? first : "#"}${options}`);
  const lines = found.map((one) => {
    const [first = ""] = renderDiagnostic({ ...one, related: [] }, (path) => path).split("\n");
    const related = (one.related ?? []).map(({ span, message }) => {
      const { line, column } = span.file.position(span.start);
      const where = span.file.path.endsWith("/playbook.yml") ? "" : `${span.file.path}:`;
      return ` (${where}${line}:${column}: ${message})`;
    });
    const hint = one.hint === undefined ? "" : ` = ${one.hint}`;
    return `${first}${related.join("")}${hint}`.replaceAll(`${scratch}/`, "").replace(/^playbook\.yml:/, "");
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
