import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../src/diagnostics/render-text.ts";
import { diagnosticsOf } from "./diagnostics-of.ts";

/**
 * The whole loader: `err/NAME.yml` with what is said about it in `err/NAME.out`, and `ok/NAME.yml`, about which nothing
 * may be said. A first line `# options:` is read by `diagnosticsOf`. UPDATE=1 writes the .out files anew: read the difference.
 */
const folder = import.meta.dirname;

const saidOf = async (path: string): Promise<string> => {
  const diagnostics = await diagnosticsOf(path, readFileSync(join(folder, path), "utf8"));
  const shorten = (name: string): string => name.replaceAll(`${folder}/`, "");
  return diagnostics.map((diagnostic) => `${shorten(renderDiagnostic(diagnostic, shorten))}\n`).join("\n");
};

const cases = (kind: string): string[] =>
  readdirSync(join(folder, kind))
    .filter((name) => name.endsWith(".yml"))
    .map((name) => `${kind}/${name}`);

describe("wrong playbooks", () => {
  it.each(cases("err"))("%s", async (path) => {
    const out = join(folder, path.replace(/\.yml$/, ".out"));
    const said = await saidOf(path);
    if (process.env["UPDATE"] !== undefined) writeFileSync(out, said);
    expect(said).not.toBe("");
    expect(said).toBe(readFileSync(out, "utf8"));
  });
});

describe("right playbooks", () => {
  it.each(cases("ok"))("%s", async (path) => {
    expect(await saidOf(path)).toBe("");
  });
});
