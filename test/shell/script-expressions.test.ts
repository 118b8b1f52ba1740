/** Conditions and texts about what only the host knows: a script's shell gives what the engine of templates gives. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { distributionFacts } from "../../src/modules/setup/distribution.ts";
import { ScriptExpressions, word } from "../../src/script/expression.ts";
import { hostValueOf, HostValue, Slots } from "../../src/script/host-value.ts";
import { explore, type Branches, type Condition, type ScriptScope } from "../../src/script/scope.ts";
import { quote } from "../../src/shell/quote.ts";
import { withoutComments } from "../../src/shell/shell-function.ts";
import { Omit } from "../../src/vars/omit.ts";
import { text } from "../../src/vars/python/text.ts";
import { evaluateCondition, render, type TemplateContext } from "../../src/vars/template.ts";
import { Expression, type Plain, type PlainMap, Template, type Value } from "../../src/vars/value.ts";
import { shells } from "./throwaway-host.ts";

const source = (name: string): string => withoutComments(new URL(`../../src/${name}`, import.meta.url));
const library = `${source("shell/prelude.sh")}${source("script/runtime.sh")}`;

/** What the host told, as the engine sees it. */
const told: PlainMap = {
  word: "abc",
  empty: "",
  blank: "  x\n",
  number: 5,
  zero: 0,
  version: "12.4",
  quotes: `a'b"c $(id) \\`,
  yes: true,
  no: false,
  nothing: null,
  octal: "007",
  listed: "two",
};

const known: Readonly<Record<string, Value>> = {
  names: ["one", "two"],
  wanted: "abc",
  alias: new Template("{{ host.word }}"),
  is_abc: new Template("{{ host.word == 'abc' }}"),
  parts: new Template("{{ ['x' if host.yes else '', host.empty, host.word] | select | join(',') }}"),
};

const lookups = {
  searchPaths: [],
  env: {},
  now: () => new Date(0),
  list: () => [],
} as unknown as TemplateContext["lookups"];
const contextOf = (vars: Readonly<Record<string, Value>>): TemplateContext => ({
  variable: (name) => (Object.hasOwn(vars, name) ? vars[name] : undefined),
  names: () => Object.keys(vars),
  lookups,
});

const slots = new Slots();
const scope: ScriptScope = {
  context: contextOf(known),
  roots: new Map([
    ["host", { at: (path) => (path.length === 1 ? hostValueOf(slots.of(["host", ...path])) : "no more of it") }],
  ]),
  values: new Map(),
  slots,
};

const typeOf = (value: Plain | undefined): string => {
  if (value === null) return "n";
  return typeof value === "boolean" ? "b" : typeof value === "number" ? "i" : "s";
};

/** The variables that a script would have by now. */
const variables = (): string =>
  slots
    .all()
    .map(({ number, path }) => {
      const value = told[String(path[1])];
      if (value === undefined) return "";
      return `h_${number}=${quote(value === null ? "" : typeof value === "string" ? value : JSON.stringify(value))} h_${number}_t=${typeOf(value)}\n`;
    })
    .join("");

const run = (shell: readonly string[], code: string): string => {
  const [command = "", ...args] = shell;
  const done = spawnSync(command, [...args, "-s"], {
    input: `${library}cu_path() { cu_text=$1; }\ncu_lang=en cu_missing=\n${variables()}${code}`,
    encoding: "utf8",
  });
  return done.stdout + done.stderr;
};

const branchText = <T>(branches: Branches<T>, leaf: (value: T) => string): string => {
  if ("leaf" in branches) return leaf(branches.leaf);
  return `if ${branches.code}; then\n${branchText(branches.yes, leaf)}else\n${branchText(branches.no, leaf)}fi\n`;
};

const conditionText = (condition: Condition): string =>
  typeof condition === "boolean"
    ? `echo ${condition}\n`
    : `if ${condition.code}; then echo true; else echo false; fi\n`;

const conditions = [
  "host.word == 'abc'",
  "host.word != 'abc'",
  "host.number == 5",
  "host.number == '5'",
  "host.zero == 0",
  "host.octal | int == 7",
  "host.number > 4",
  "host.number >= 6",
  "4 < host.number",
  "host.number + 2 == 7",
  "host.number * 2 - 1 > 8",
  "host.yes",
  "not host.yes",
  "not not host.no",
  "host.no or host.yes",
  "host.yes and host.word == 'abc' and not host.no",
  "(host.no or host.zero == 0) and host.number < 6",
  "host.nothing is none",
  "host.word is none",
  "host.nothing is not none",
  "host.word is defined",
  "host.missing is defined",
  "host.missing is undefined",
  "host.missing is defined and host.missing == 'x'",
  "host.missing | default('x') == 'x'",
  "host.empty | default('x', true) == 'x'",
  "host.word in ['abc', 'd']",
  "host.word not in names",
  "host.listed in names",
  "'b' in host.word",
  "'z' not in host.word",
  "host.word == wanted",
  "host.word == alias",
  "is_abc",
  "not is_abc",
  "host.blank | trim == 'x'",
  "host.word | lower == 'abc'",
  "host.version is version('12', '>=')",
  "host.version is version('12.4', '==')",
  "host.version is version('12.10', '<')",
  "host.version is version('13', '>')",
  "host.yes | bool",
  "host.word | bool",
  "(host.word if host.yes else 'd') == 'abc'",
  "host.word == host.word",
  "host.quotes == host.quotes",
  "host.word ~ '-x' == 'abc-x'",
  "('big' if host.number > 3 else 'small') == 'big'",
  "host.empty == ''",
  "host.number != 5 or host.missing is defined",
];

const texts = [
  "{{ host.word }}",
  "a {{ host.word }} b",
  "{{ host.quotes }}!",
  "{{ host.quotes | quote }}",
  "{{ host.number }} of {{ names | length }}",
  "{{ host.word ~ '/' ~ host.version }}",
  "{{ parts }}",
  "{{ 'yes' if host.yes else 'no' }}",
  "{{ host.missing | default('none') }}",
  "{{ host.number - 7 }}",
  "{% if host.yes %}on{% else %}off{% endif %}",
  "{{ [host.word, 'z'] | join(' ') }}\n",
  "{{ host.blank | trim }}",
  "{{ (host.word == 'abc') | string }}",
];

describe.each(Object.entries(shells))("in %s", (_, shell) => {
  it("conditions hold where the engine says that they do", () => {
    const context = contextOf({ ...known, host: told });
    const expected = conditions.map((condition) => {
      const held = evaluateCondition(new Expression(condition), context);
      return `${condition}: ${held.ok ? String(held.value) : held.error.message}`;
    });
    const compiled = conditions.map((condition) =>
      branchText(
        explore((decisions) => new ScriptExpressions(scope, decisions).condition(new Expression(condition))),
        conditionText,
      ),
    );
    const said = run(
      shell,
      compiled.map((code) => `cu_missing=\n${code}[ -z "$cu_missing" ] || echo "undefined $cu_missing"\n`).join(""),
    );
    expect(
      said
        .trimEnd()
        .split("\n")
        .map((line, index) => `${conditions[index]}: ${line}`),
    ).toEqual(expected);
  });

  it("texts are what the engine makes of them", () => {
    const context = contextOf({ ...known, host: told });
    const expected = texts.map((template) => {
      const rendered = render(new Template(template), context);
      return rendered.ok && !(rendered.value instanceof Omit) ? text(rendered.value) : "?";
    });
    const compiled = texts.map((template) =>
      branchText(
        explore((decisions) => new ScriptExpressions(scope, decisions).render(new Template(template))),
        (value) => `lk_put ${value instanceof HostValue ? word(value) : quote(text(value as Plain))}'<>'\n`,
      ),
    );
    expect(run(shell, compiled.join("")).split("<>").slice(0, -1)).toEqual(expected);
  });
});

describe("what is not defined", () => {
  it.each([
    "host.missing == 'x'",
    "not host.missing",
    "host.no or host.missing == 1",
    "host.missing in ['x']",
    "host.word",
  ])("is told, as in a run: %s", (condition) => {
    const context = contextOf({ ...known, host: told });
    expect(evaluateCondition(new Expression(condition), context).ok).toBe(false);
    const code = conditionText(new ScriptExpressions(scope, new Map()).condition(new Expression(condition)));
    expect(run(["dash"], `${code}[ -n "$cu_missing" ] && echo told\n`)).toMatch(/told\n$/);
  });
});

describe("what a shell cannot do with a value of the host", () => {
  it.each([
    ["host.word is match('a.*')", 'the test "match" cannot be done in a script with what only the host knows'],
    ["host.word | regex_search('a')", 'the filter "regex_search" cannot be done in a script'],
    ["host.word.upper() == 'ABC'", "a call cannot be done"],
    ["host.word.more == 'ABC'", "no more of it"],
    ["host.word is version('1.0-rc1', '>')", "a version that is not numbers and dots"],
    ["host.number / 2 > 1", '"/" cannot be done'],
  ])("is refused: %s", (condition, message) => {
    expect(() => new ScriptExpressions(scope, new Map()).condition(new Expression(condition))).toThrow(message);
  });
});

describe("facts", () => {
  const systems = [
    'ID=debian\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nNAME="Debian GNU/Linux"\n',
    'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\n',
    'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\nVERSION="9.4 (Blue Onyx)"\n',
    "ID=alpine\nVERSION_ID=3.20.1\n",
    'ID=neon\nNAME=\'KDE neon\'\nID_LIKE="ubuntu debian"\nVERSION_ID="22.04"\n',
    "ID=ours\nNAME=Ours\nVERSION_ID=1\n",
    "NAME=nothing\n",
  ];
  const folder = mkdtempSync(join(tmpdir(), "latchkey-facts-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(systems)("name the system as setup does: %j", (osRelease) => {
    const path = join(folder, "os-release");
    writeFileSync(path, osRelease);
    const code = source("script/facts.sh")
      .replaceAll("/etc/os-release", path)
      .replaceAll("/etc/debian_version", "/nonexistent");
    const names = [
      "distribution",
      "distribution_version",
      "distribution_major_version",
      "distribution_release",
      "os_family",
    ];
    const show = names.map((name) => `echo "$cu_fact_${name}"\n`).join("");
    const said = run(["dash"], `${code}cu_fact_system=Linux\ncu_find_release\n${show}`);
    const files = { osRelease, debianVersion: "", redhatRelease: "", lsbRelease: "", system: "Linux" };
    const facts = distributionFacts(files);
    expect(said.split("\n").slice(0, -1)).toEqual(names.map((name) => facts[name] ?? "NA"));
  });
});
