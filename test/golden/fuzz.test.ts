import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../src/diagnostics/render-text.ts";
import { loadInventory } from "../../src/inventory/load.ts";
import { diagnosticsOf } from "./diagnostics-of.ts";

/** Whatever stands in a file: the loader says what is wrong with it, in a place that exists, and comes to an end. */
const folder = import.meta.dirname;
let scratch = "";
beforeAll(() => void (scratch = mkdtempSync(join(tmpdir(), "latchkey-fuzz-"))));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const playbooks = ["ok", "err"]
  .flatMap((kind) => readdirSync(join(folder, kind)).map((name) => join(folder, kind, name)))
  .filter((path) => path.endsWith(".yml"))
  .map((path) => readFileSync(path, "utf8"));
const inventories = [
  "[web]\nweb[01:20:3] ansible_host=192.0.2.1 a='x y'\n[web:vars]\nb=[1, 2]\n[all:children]\nweb\n",
  "all:\n  hosts:\n    h1: { a: 1 }\n  children:\n    web:\n      hosts:\n        web[a:f]:\n",
];

/** What means something somewhere. */
const tokens = [
  "{}[]:-?*&!|>'\"%@`#,~=()\\".split(""),
  ["{{", "}}", "{%", "%}", "<<: *a", "&a ", "*a", "!vault |", "!unsafe ", "---\n", "...\n", "\t", "\r\n", "\u0000"],
  ["\uFEFF", "\uD800", "__proto__", "constructor", "null", "~", ".nan", "0x", "1e999", "[1:1000000000]", "[a:z]"],
  ["~(a+)+$", "~(a|a)*b", "range(10**9)", "'x' * 10**12", "not ", "| default(", "lookup('file', 'x')", "hostvars"],
  ["- ", "  ", "\n", "- hosts: all\n", "  tasks:\n", "    - command: ", "when: ", "loop: ", "vars: ", "notify: "],
  ["include_tasks: ", "import_tasks: playbook.yml", "roles: ", "block:", "serial: ", "tags: ", "hosts: "],
].flat();

const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(80)),
  token: fc.oneof(fc.constantFrom("", ...tokens), fc.string({ unit: "binary", maxLength: 3 })),
  times: fc.oneof({ weight: 20, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constantFrom(50, 3000) }),
});

const mutated = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...texts), fc.array(mutation, { minLength: 1, maxLength: 6 })).map(([text, changes]) =>
    changes.reduce((before, { at, length, token, times }) => {
      const start = Math.floor(at * before.length);
      return before.slice(0, start) + token.repeat(times) + before.slice(start + length);
    }, text),
  );

const words = [
  "a b c d e 0 1 2.5 10**9 'x' '%s' \"y\" true none [] {} () , . : | ~ + - * ** / // % == != < in is not and or if else".split(
    " ",
  ),
  ["range(", "range(99999)", "lookup(", "query(", "dict(", "now()", "omit", "undef()", "[", "]", "{", "}", "(", ")"],
  ["| list", "| map('upper')", "| regex_replace('(a+)+$', 'x')", "| regex_search('(x+x+)+y')", "| product([1])"],
  ["| join", "| length", "| string", "| int", "| to_json", "| from_json", "| from_yaml", "| dict2items", "| b64decode"],
  ["| center(10**8)", "| indent(10**7)", "| batch(2)", "| combine({})", "| permutations", "| format(1)", "| sort"],
  ["is defined", "is match('(a|a)*b')", ".items()", ".format(1)", "['e']", "[0]", "[::-1]", "'x' * 10**7", "| hash"],
].flat();
const patternParts = [
  "all web db1 web1 : , & ! ~ * ? [ ] 0 1 : -1 ( ) + | a . $ ^ 10.0.0.1 ::1 \\ {{ }} x{1,99}".split(" "),
].flat();

const soup = (parts: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((list) => list.join(list.length % 2 === 0 ? "" : " "));

/** Slower than this is no mistake of a file any more. */
const patienceMs = 20_000;

const timed = async <T>(work: () => Promise<T>): Promise<T> => {
  const start = performance.now();
  const result = await work();
  expect(performance.now() - start).toBeLessThan(patienceMs);
  return result;
};

const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const numRuns = Number(process.env["FUZZ_RUNS"] ?? 80);

const laughs = Array.from({ length: 12 }, (_, n) => `    v${n + 1}: &v${n + 1} [${`*v${n},`.repeat(9)}]\n`).join("");
const doubled = Array.from({ length: 40 }, (_, n) => `    v${n + 1}: "{{ v${n} }}{{ v${n} }}"\n`).join("");
const evaluated = (expression: string): string =>
  `- hosts: all\n  vars_files: [${JSON.stringify(`{{ ${expression} }}`)}]\n`;

describe("small inputs of great effect are refused", () => {
  it.each([
    ["aliases of aliases", `- hosts: all\n  vars:\n    v0: &v0 [x, x]\n${laughs}`, "V01"],
    ["lists within lists", `- hosts: all\n  vars: { a: ${"[".repeat(10_000)}${"]".repeat(10_000)} }\n`, "V01"],
    ["lists on one line", `${"- ".repeat(10_000)}x\n`, "V01"],
    ["variables of variables", `- hosts: all\n  vars:\n    v0: x\n${doubled}  vars_files: "{{ v40 }}"\n`, "V32"],
    ["brackets in a condition", `- hosts: all\n  tasks:\n    - ping:\n      when: ${"(".repeat(20_000)}1\n`, "V20"],
    ["a long sum", `- hosts: all\n  tasks:\n    - ping:\n      when: ${"1 + ".repeat(20_000)}1\n`, "V20"],
    ["a search without end in a pattern", "- hosts: ~(a|aa|w|we|e|eb|b|1|.)+$x\n", "V40"],
    ["a search without end in a filter", evaluated("('a' * 50 ~ 'b') | regex_search('^(a+)+$')"), "V32"],
    ["permutations", evaluated("range(99999) | permutations"), "V32"],
    [
      "loops within loops",
      evaluated("1 }}{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}{{ 1"),
      "V32",
    ],
    ["a wide text", evaluated("'%999999999d' | format(1)"), "V32"],
  ])("%s", { timeout: 60_000 }, async (_name, text, code) => {
    const path = join(scratch, "great.yml");
    writeFileSync(path, text);
    const found = await timed(() => diagnosticsOf(path, ""));
    expect(found.map((one) => one.code)).toEqual([code]);
  });
});

describe("inputs of no sense", () => {
  it("playbooks", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(mutated(playbooks), async (text) => {
        const path = join(scratch, "playbook.yml");
        writeFileSync(path, text);
        const found = await timed(() => diagnosticsOf(path, ""));
        for (const one of found) {
          expect(renderDiagnostic(one, (name) => name)).not.toBe("");
          if (one.span === undefined) continue;
          expect(one.span.start).toBeLessThanOrEqual(one.span.file.text.length);
          expect(one.span.end).toBeGreaterThanOrEqual(one.span.start);
        }
      }),
      { seed, numRuns },
    );
  });

  it("expressions and patterns", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(soup(words), soup(patternParts), async (expression, pattern) => {
        const path = join(scratch, "expression.yml");
        const value = JSON.stringify(`{{ ${expression} }}`);
        const vars = JSON.stringify({ a: [1, 2], b: "{{ c }}{{ c }}", c: "x", d: { e: "f" } });
        // A name of vars_files is evaluated before any host is asked.
        writeFileSync(path, `- hosts: ${JSON.stringify(pattern)}\n  vars: ${vars}\n  vars_files: [${value}]\n`);
        const found = await timed(() => diagnosticsOf(path, ""));
        for (const one of found) expect(renderDiagnostic(one, (name) => name)).not.toBe("");
      }),
      { seed, numRuns },
    );
  });

  it("inventories", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(mutated(inventories), fc.constantFrom("hosts", "hosts.yml"), async (text, name) => {
        writeFileSync(join(scratch, name), text);
        const { diagnostics } = await timed(() => loadInventory({ sources: [name], cwd: scratch, env: {} }));
        for (const one of diagnostics) expect(renderDiagnostic(one, (path) => path)).not.toBe("");
      }),
      { seed, numRuns },
    );
  });
});
