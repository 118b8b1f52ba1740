import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runOptions } from "../../src/cli/options.ts";
import { inventorySchema } from "../../src/inventory/inventory-schema.ts";
import { moduleEntries, moduleNames } from "../../src/modules/registry.ts";
import { playbookSchema } from "../../src/playbook/playbook-schema.ts";
import { editorSchema } from "../../src/schema/editor-schema.ts";

/** What is written from code: the schemas for editors, and the README's table of options. `npm run gen` writes it anew. */
const root = join(import.meta.dirname, "../..");
const modules = join(root, "schemas/modules");
const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const readme = (text: string): string => {
  const cell = (value: string): string => value.replaceAll("|", String.raw`\|`);
  const shown = Object.values(runOptions).filter(({ means, refused }) => means === undefined && refused === undefined);
  const rows = shown.map(({ flags, description }) => `| \`${cell(flags)}\` | ${cell(description)} |`);
  const table = ["| option | meaning |", "|---|---|", ...rows].join("\n");
  return text.replace(/(<!-- options -->\n)[\s\S]*?(<!-- end of options -->)/, `$1${table}\n$2`);
};

const generated = new Map([
  ["schemas/playbook.schema.json", json(playbookSchema(moduleNames()))],
  ["schemas/inventory.schema.json", json(inventorySchema)],
  ["README.md", readme(readFileSync(join(root, "README.md"), "utf8"))],
]);
for (const entry of moduleEntries()) {
  generated.set(`schemas/modules/${entry.shortName}.json`, json(editorSchema(await entry.load())));
}

if (process.env["UPDATE"] !== undefined) {
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(modules, { recursive: true });
  for (const [path, text] of generated) writeFileSync(join(root, path), text);
}

describe("generated files are as the code says", () => {
  it.each([...generated.keys()])("%s", (path) => {
    expect(readFileSync(join(root, path), "utf8")).toBe(generated.get(path));
  });

  it("and no schema is left of a module that is gone", () => {
    const there = readdirSync(modules).map((name) => `schemas/modules/${name}`);
    expect(there.filter((path) => !generated.has(path))).toEqual([]);
  });
});
