/**
 * docs/odd-hosts.md says what a grant does on an unusual host, by entries with a name. Each is shown by tests whose title
 * begins with that name, or with several (`name:` of a module's case, or the text of a test).
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const name = String.raw`[A-I][1-9]\d?`;
const document = readFileSync(join(root, "docs/odd-hosts.md"), "utf8");

/** What the document says of each entry. */
const entries = new Map(
  [...document.matchAll(new RegExp(String.raw`^### (${name})\. (.*(?:\n(?!#).*)*)`, "gm"))].map(
    ([, entry = "", text = ""]) => [entry, text],
  ),
);

/** The entries that titles begin with, each with its file. */
const titles = ["src", "test"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
  )
  .filter((path) => path.endsWith(".test.ts") || /\/cases\/[^/]+\.yml$/.test(path))
  .flatMap((path) => {
    const start = path.endsWith(".yml") ? `^name: "?` : `["'\x60]`;
    const found = readFileSync(join(root, path), "utf8").matchAll(
      new RegExp(`${start}(${name}(?:, ${name})*): `, "gm"),
    );
    return [...found].flatMap(([, list = ""]) => list.split(", ").map((entry) => ({ entry, path })));
  });

it("describes each entry once, in order", () => {
  const headings = [...document.matchAll(/^### (\S+)\. /gm)].map(([, entry = ""]) => entry);
  const place = (entry: string): number => entry.charCodeAt(0) * 100 + Number(entry.slice(1));
  expect(headings).toEqual([...entries.keys()].toSorted((one, other) => place(one) - place(other)));
});

it.each([...entries])("%s is shown by a test, or said not to be covered", (entry, text) => {
  const isShown = titles.some((title) => title.entry === entry);
  expect(isShown || text.includes("Not covered:"), `no title begins with ${entry}`).toBe(true);
});

it("describes what the titles name", () => {
  expect(titles.filter(({ entry }) => !entries.has(entry))).toEqual([]);
});
