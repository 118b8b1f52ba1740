/**
 * The pages of `latchkey explain`, docs/codes/VNN.md: the wrong example has exactly the page's code, the right one has
 * nothing wrong, and the output that the page shows is what is said. UPDATE=1 (`npm run gen`) writes headings and outputs
 * anew: read the difference.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { diagnosticCodes, isDiagnosticCode, titleOfCode } from "../../src/diagnostics/codes.ts";
import { codesIn, exampleOf, outputOf, renewedPage } from "../helpers/code-page.ts";

const folder = join(import.meta.dirname, "../../docs/codes");
const pages = readdirSync(folder).toSorted();

describe("pages of codes", () => {
  it("there is one of each code, and none of another", () => {
    const codes = Object.keys(diagnosticCodes).map((code) => `${code}.md`);
    expect(pages.filter((page) => !codes.includes(page))).toEqual([]);
    expect(codes.filter((code) => !pages.includes(code))).toEqual([]);
  });

  it.each(pages)("%s", async (name) => {
    const path = join(folder, name);
    const code = basename(name, ".md");
    const page = readFileSync(path, "utf8");
    const { output } = await outputOf(exampleOf(page, "Wrong"));
    const heading = `${code}: ${isDiagnosticCode(code) ? titleOfCode(code) : ""}`;
    if (process.env["UPDATE"] !== undefined) writeFileSync(path, renewedPage(page, heading, output));
    expect([...codesIn(output)]).toEqual([code]);
    const right = exampleOf(page, "Right");
    const said = await outputOf(right);
    expect([said.exitCode, ...codesIn(said.output)], said.output).toEqual([0]);
    if (right.args[0] === "validate") expect(said.output).toBe("nothing wrong was found\n");
    expect(readFileSync(path, "utf8")).toBe(renewedPage(page, heading, output));
  });
});
