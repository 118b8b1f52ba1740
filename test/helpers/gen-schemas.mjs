// Writes schemas/modules/<name>.json from the schemas in code (of the built program).
//
//   node test/helpers/gen-schemas.mjs           writes them
//   node test/helpers/gen-schemas.mjs --check   fails where one is missing, stale or no longer wanted
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { moduleEntries } from "../../dist/modules/registry.js";
import { editorSchema } from "../../dist/schema/editor-schema.js";

const folder = new URL("../../schemas/modules/", import.meta.url);
const check = process.argv.includes("--check");
mkdirSync(folder, { recursive: true });

const wanted = new Map();
for (const entry of moduleEntries()) {
  const schema = editorSchema(await entry.load());
  wanted.set(`${entry.shortName}.json`, `${JSON.stringify(schema, undefined, 2)}\n`);
}

const present = new Map(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), "utf8")]));
const stale = [...wanted].filter(([name, text]) => present.get(name) !== text).map(([name]) => name);
const unwanted = [...present.keys()].filter((name) => !wanted.has(name));

if (check) {
  for (const name of [...stale, ...unwanted]) process.stderr.write(`schemas/modules/${name} is stale: npm run gen\n`);
  process.exitCode = stale.length + unwanted.length === 0 ? 0 : 1;
} else {
  for (const name of stale) writeFileSync(new URL(name, folder), wanted.get(name));
  for (const name of unwanted) rmSync(new URL(name, folder));
}
