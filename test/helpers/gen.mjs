// Writes what comes from code: the schemas for editors, and the tables of options in the README.
//
//   node test/helpers/gen.mjs           writes them (of the built program)
//   node test/helpers/gen.mjs --check   fails where something is missing, stale or no longer wanted
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { runOptions } from "../../dist/cli/options.js";
import { inventorySchema } from "../../dist/inventory/inventory-schema.js";
import { moduleEntries, moduleNames } from "../../dist/modules/registry.js";
import { playbookSchema } from "../../dist/playbook/playbook-schema.js";
import { editorSchema } from "../../dist/schema/editor-schema.js";

const check = process.argv.includes("--check");
const root = new URL("../../", import.meta.url);
const json = (value) => `${JSON.stringify(value, undefined, 2)}\n`;

const wanted = new Map([
  ["schemas/playbook.schema.json", json(playbookSchema(moduleNames()))],
  ["schemas/inventory.schema.json", json(inventorySchema)],
]);
for (const entry of moduleEntries()) {
  wanted.set(`schemas/modules/${entry.shortName}.json`, json(editorSchema(await entry.load())));
}
wanted.set("README.md", withOptions(readFileSync(new URL("README.md", root), "utf8")));

/** The README with the table of options between its two marks. */
function withOptions(text) {
  const rows = Object.values(runOptions).map(
    ({ flags, description }) => `| \`${flags.replaceAll("|", "\\|")}\` | ${description.replaceAll("|", "\\|")} |`,
  );
  const table = ["| option | meaning |", "|---|---|", ...rows].join("\n");
  return text.replace(/(<!-- options -->\n)[\s\S]*?(<!-- end of options -->)/, `$1${table}\n$2`);
}

const read = (path) => (existsSync(new URL(path, root)) ? readFileSync(new URL(path, root), "utf8") : undefined);
const stale = [...wanted].filter(([path, text]) => read(path) !== text);
const unwanted = readdirSync(new URL("schemas/modules/", root))
  .map((name) => `schemas/modules/${name}`)
  .filter((path) => !wanted.has(path));

if (check) {
  for (const path of [...stale.map(([name]) => name), ...unwanted])
    process.stderr.write(`${path} is stale: npm run gen\n`);
  process.exitCode = stale.length + unwanted.length === 0 ? 0 : 1;
} else {
  mkdirSync(new URL("schemas/modules/", root), { recursive: true });
  for (const [path, text] of stale) writeFileSync(new URL(path, root), text);
  for (const path of unwanted) rmSync(new URL(path, root));
}
