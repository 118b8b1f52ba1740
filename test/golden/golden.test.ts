import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createLookups } from "../../src/cli/lookups.ts";
import { renderDiagnostic } from "../../src/diagnostics/render-text.ts";
import { loadPlan } from "../../src/plan/load.ts";
import { usualOptions } from "../../src/plan/plan.ts";

/**
 * The whole loader: `err/NAME.yml` with what is said about it in `err/NAME.out`, and `ok/NAME.yml`, about which nothing
 * may be said. A first line `# options: -e x=1` adds variables; it is noon on
 * 2026-11-23, UTC. UPDATE=1 writes the .out files anew: read the difference.
 */
const folder = import.meta.dirname;
const io = {
  ...process,
  env: { HOME: "/home/somebody" },
  cwd: folder,
  isAlive: () => true,
  interrupt: () => {},
  onInterrupt: () => () => {},
};

const diagnosticsOf = async (path: string): Promise<string> => {
  const [first = ""] = readFileSync(join(folder, path), "utf8").split("\n");
  const extraVars = [...first.matchAll(/ -e '([^']*)'/g)].map((match) => match[1] ?? "");
  const { diagnostics } = await loadPlan({
    playbooks: [path],
    inventory: ["inventory.ini"],
    extraVars,
    limit: [],
    cwd: folder,
    lookups: { ...createLookups(io)([folder]), now: () => new Date("2026-11-23T12:00:00Z") },
    options: usualOptions,
  });
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
    const said = await diagnosticsOf(path);
    if (process.env["UPDATE"] !== undefined) writeFileSync(out, said);
    expect(said).not.toBe("");
    expect(said).toBe(readFileSync(out, "utf8"));
  });
});

describe("right playbooks", () => {
  it.each(cases("ok"))("%s", async (path) => {
    expect(await diagnosticsOf(path)).toBe("");
  });
});
