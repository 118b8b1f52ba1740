import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SourceFile } from "../source/source-file.ts";
import { OMIT } from "./omit.ts";
import { evaluate, evaluateCondition, render, renderTemplateFile, type TemplateContext } from "./template.ts";
import { Expression, LazyMap, Template, type Value, type ValueMap } from "./value.ts";

/** A playbook's data: texts with markers are templates, as the loader makes them. */
const loaded = (data: unknown): Value => {
  if (typeof data === "string") return /\{[{%#]/.test(data) ? new Template(data) : data;
  if (Array.isArray(data)) return data.map(loaded);
  if (typeof data === "object" && data !== null) {
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, loaded(value)]));
  }
  return data as Value;
};

const contextOf = (variables: ValueMap): TemplateContext => ({
  variable: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
  names: () => Object.keys(variables),
  lookups: {
    searchPaths: [],
    env: { HOME: "/root" },
    now: () => new Date("2024-05-06T07:08:09.010Z"),
    readFile: () => ({ ok: false, error: "no files here" }),
    fileKind: () => undefined,
    list: () => [],
    isLink: () => false,
    realPath: (path) => path,
    playbookFolder: "/play",
    writeSecret: () => ({ ok: false, error: "no files here" }),
    runPipe: () => ({ ok: false, error: "no commands here" }),
    fetchUrl: () => ({ ok: false, error: "no network here" }),
  },
});

const empty = contextOf({});

const caseVariables = loaded({
  v1: 5,
  v2: 7,
  v3: { k: [1, { z: "deep" }] },
  v4: ["p", "q", "r"],
  lazy1: "{{ v1 }}",
  lazy2: "{{ undefinedthing }}",
  loop1: "{{ loop2 }}",
  loop2: "{{ loop1 }}",
  lazyd: { a: "{{ v1 }}", b: ["{{ v2 }}", "x{{ v2 }}"], u: "{{ nope }}" },
  lst: ['{{ "a" }}', "b"],
}) as ValueMap;

interface Case {
  readonly expression?: string;
  readonly template?: string;
  readonly variables?: unknown;
  readonly value?: unknown;
  readonly error?: string;
}

const cases = readFileSync(new URL("template.cases.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

describe("the table of expressions and templates", () => {
  // What ansible-core 2.14 gives for each was compared by running it; `differs` says what it gave where it is not the same.
  it.each(cases)("$expression$template", ({ expression, template, variables, value, error }) => {
    const context = contextOf(variables === undefined ? caseVariables : (loaded(variables) as ValueMap));
    const result =
      expression === undefined
        ? render(new Template(template ?? ""), context)
        : evaluate(new Expression(expression), context);
    const shown = result.ok
      ? { value: result.value === OMIT ? "<omit>" : result.value }
      : { error: result.error.message };
    expect(shown).toEqual(error === undefined ? { value } : { error });
  });
});

describe("render", () => {
  it("never renders what is data, whatever it holds", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom("{{ x }}", "{% if %}", "{{", "{# a #}")), (text) => {
        const context = contextOf({ fromHost: text, result: { stdout: text } });
        expect(render(text, context)).toEqual({ ok: true, value: text });
        expect(render(new Template("{{ fromHost }}"), context)).toEqual({ ok: true, value: text });
        expect(render(new Template("{{ result.stdout }}"), context)).toEqual({ ok: true, value: text });
        expect(render(new Template("a{{ [fromHost] | first }}"), context)).toEqual({ ok: true, value: `a${text}` });
      }),
    );
  });

  it("answers every text with a result", () => {
    const pieces = fc.constantFrom(
      ..."{{ }} {% %} {# #} if for in endif endfor else set ( ) [ ] { } , . : | ' \" + - * / // ** ~ = == < is not and or x 1 1.5 \\".split(
        " ",
      ),
    );
    const text = fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 })), { maxLength: 30 }).map((all) => all.join(" "));
    fc.assert(
      fc.property(text, (source) => {
        expect(typeof render(new Template(source), empty).ok).toBe("boolean");
        expect(typeof render(new Template(`{{ ${source} }}`), empty).ok).toBe("boolean");
        expect(typeof evaluate(new Expression(source), empty).ok).toBe("boolean");
      }),
      { numRuns: 1000 },
    );
  });

  it("answers what is nested without end or grows without end", () => {
    for (const source of [
      `{{ ${"(".repeat(20_000)}1${")".repeat(20_000)} }}`,
      `{{ ${"[".repeat(20_000)}${"]".repeat(20_000)} }}`,
      "{% if x %}".repeat(20_000),
      `{{ ${"not ".repeat(20_000)} x }}`,
      "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
      "{{ 'x' * 1000000000 }}",
      "{{ range(1000000000) | list }}",
    ]) {
      expect(render(new Template(source), empty).ok).toBe(false);
    }
  });

  it("drops entries and items that are omitted, at any depth", () => {
    const value = loaded({
      a: "{{ omit }}",
      b: ["{{ x | default(omit) }}", 1],
      c: { d: "{{ omit }}" },
      e: "{{ [omit, 2] }}",
    });
    expect(render(value, empty)).toEqual({ ok: true, value: { b: [1], c: {}, e: [2] } });
    expect(render(new Template("{{ omit }}"), empty)).toEqual({ ok: true, value: OMIT });
    expect(render(new Template("a{{ omit }}"), empty)).toMatchObject({ ok: false });
  });

  it("gives a large plain value as it is", () => {
    const facts = { list: [1, { a: "b" }] };
    const result = render(new Template("{{ facts }}"), contextOf({ facts }));
    expect(result.ok && result.value).toBe(facts);
  });

  it("keeps keys that JavaScript's objects have of their own", () => {
    const value = JSON.parse('{"__proto__": "a", "constructor": "b"}') as ValueMap;
    const context = contextOf({ value });
    expect(render(new Template("{{ value['__proto__'] }}{{ value.constructor }}"), context)).toEqual({
      ok: true,
      value: "ab",
    });
    expect(render(new Template("{{ {}.constructor is defined }}{{ {}.toString is defined }}"), context)).toEqual({
      ok: true,
      value: "FalseFalse",
    });
    expect(render(new Template("{{ __proto__ is defined }}"), context)).toEqual({ ok: true, value: false });
  });
});

describe("lazy variables", () => {
  it("are rendered in the context of the host that owns them", () => {
    const other = contextOf({
      name: "b",
      greeting: new Template("I am {{ name }}"),
      deep: loaded({ l: ["{{ name }}"] }),
    });
    const hostvars = new LazyMap(
      () => ["b"],
      (host) => (host === "b" ? new LazyMap(other.names, other.variable, other) : undefined),
    );
    const context = contextOf({ name: "a", hostvars });
    expect(
      render(new Template("{{ hostvars.b.greeting }}, {{ hostvars['b'].deep.l[0] }}, {{ name }}"), context),
    ).toEqual({
      ok: true,
      value: "I am b, b, a",
    });
    expect(
      render(new Template("{{ hostvars.c is defined }} {{ 'b' in hostvars }} {{ hostvars | list }}"), context),
    ).toEqual({
      ok: true,
      value: "False True ['b']",
    });
  });

  it("may use the same template for two hosts, but not without end", () => {
    const address = new Template("{{ hostvars['h1'].address }}");
    const contexts = new Map<string, TemplateContext>();
    const hostvars = new LazyMap(
      () => contexts.keys(),
      (host) => {
        const context = contexts.get(host);
        return context === undefined ? undefined : new LazyMap(context.names, context.variable, context);
      },
    );
    contexts.set("h1", contextOf({ hostvars, address: "10.0.0.1" }));
    contexts.set("h2", contextOf({ hostvars, address }));
    expect(render(new Template("{{ address }}"), contextOf({ hostvars, address }))).toEqual({
      ok: true,
      value: "10.0.0.1",
    });
    contexts.set("h1", contextOf({ hostvars, address }));
    expect(render(new Template("{{ address }}"), contextOf({ hostvars, address }))).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining("refers to itself") as string },
    });
  });

  it("report the chain of a loop", () => {
    const variables = loaded({ a: "{{ b }}", b: "x{{ c.d }}", c: { d: "{{ a }}" } }) as ValueMap;
    expect(render(new Template("{{ a }}"), contextOf(variables))).toMatchObject({
      ok: false,
      error: { message: "a variable refers to itself: 'a' → 'b' → 'd' → 'a'" },
    });
  });
});

describe("places of errors", () => {
  const file = new SourceFile("p.yml", 'msg: "{{ known }} {{ unknwon.x }}"\nvar: "{{ a | nofilter }}"\n');
  const span = (start: string, end: string): { file: SourceFile; start: number; end: number } => ({
    file,
    start: file.text.indexOf(start),
    end: file.text.indexOf(end) + end.length,
  });

  it("is the name that is missing", () => {
    const template = new Template("{{ known }} {{ unknwon.x }}", span('"{{ known', 'x }}"'));
    const result = render(template, contextOf({ known: 1 }));
    expect(result).toMatchObject({ ok: false, error: { message: "'unknwon' is undefined", undefinedName: "unknwon" } });
    const at = result.ok ? undefined : result.error.span;
    expect(at?.start).toBe(file.text.indexOf("unknwon"));
  });

  it("is in the variable that failed, not in what used it", () => {
    const inner = new Template("{{ a | nofilter }}", span('"{{ a', 'nofilter }}"'));
    const result = render(new Template("x{{ v }}"), contextOf({ v: inner, a: 1 }));
    expect(result.ok ? undefined : result.error.span?.start).toBe(file.text.indexOf("nofilter"));
  });
});

describe("evaluateCondition", () => {
  const context = contextOf({
    yes: true,
    list: [1],
    text: "yes",
    none: null,
    word: "text",
    code: "True or 1",
    evil: `' or "{{ yes }}" or '\\`,
  });
  const check = (source: string): unknown => {
    const result = evaluateCondition(new Expression(source), context);
    return result.ok ? result.value : result.error.message;
  };

  it.each([
    ["yes", true],
    ["not yes", false],
    [" list | length == 1 ", true],
    ["text == 'yes' and list is defined", true],
    ["x is defined", false],
    ["", "Empty conditional expressions are not allowed."],
    ["  ", "Empty conditional expressions are not allowed."],
    [
      "list",
      "Conditional result (True) was derived from value of type 'list'. Conditionals must have a boolean result.",
    ],
    [
      "text",
      "Conditional result (True) was derived from value of type 'str'. Conditionals must have a boolean result.",
    ],
    ["0", "Conditional result (False) was derived from value of type 'int'. Conditionals must have a boolean result."],
    [
      "none",
      "Conditional result (False) was derived from value of type 'NoneType'. Conditionals must have a boolean result.",
    ],
    ["x", "Error while evaluating conditional: 'x' is undefined"],
    ["x == 1", "Error while evaluating conditional: 'x' is undefined"],
    ["{{ yes }}", true],
    ["({{ yes }})", true],
    ["text == '{{ text }}'", true],
    ["'{{ evil }}' == evil", true],
    ["'{{ code }}' == 'True or 1'", true],
    ["'{{ list }}, {{ list[0] }}' == '[1], 1'", true],
    ["lookup('vars', '{{ word }}') == 'yes'", true],
    ["1 in {{ list }} and {{ list | length }} * 2 == 2 and not {{ not yes }}", true],
    ["{{ {'a': {'b': 1}}}}.a.b == 1", true],
    ["{% if yes %}1{% endif %}", "a statement cannot stand in an expression"],
    [
      "{{ code }}",
      "Error while evaluating conditional: in braces this text would become part of the expression: write it without braces",
    ],
    [
      "yes and {{ code }}",
      "Error while evaluating conditional: in braces this text would become part of the expression: write it without braces",
    ],
    ["{{ other }} == 1", "Error while evaluating conditional: 'other' is undefined"],
    ["text == '{{ other }}'", "Error while evaluating conditional: 'other' is undefined"],
    ["yes and", "the expression ends too early"],
  ])("%s", (source, expected) => {
    expect(check(source)).toBe(expected);
  });

  it("takes a boolean as it is", () => {
    expect(evaluateCondition(false, context)).toEqual({ ok: true, value: false });
  });
});

describe("renderTemplateFile", () => {
  it("keeps the newline at the end and takes those after blocks", () => {
    const source = "# {{ a }}\n{% for i in l %}\n{{ i }}\n{% endfor %}\nend\n";
    expect(renderTemplateFile(source, contextOf({ a: 1, l: [1, 2] }))).toEqual({ ok: true, value: "# 1\n1\n2\nend\n" });
  });

  it("adds no newline where a value brings it along", () => {
    expect(renderTemplateFile("{{ a }}\n", contextOf({ a: "x\n" }))).toEqual({ ok: true, value: "x\n" });
    expect(renderTemplateFile("{{ a }}\n\n", contextOf({ a: "x\n" }))).toEqual({ ok: true, value: "x\n\n" });
    expect(renderTemplateFile("{% if a %}\nx\n{% endif %}\n", contextOf({ a: true }))).toEqual({
      ok: true,
      value: "x\n",
    });
    expect(render(new Template("{{ a }}\n"), contextOf({ a: "x\n" }))).toEqual({ ok: true, value: "x\n" });
    expect(render(new Template("{{ a }}\n"), contextOf({ a: [1] }))).toEqual({ ok: true, value: [1] });
  });

  it("reads escapes in strings, which a playbook's values do not", () => {
    expect(renderTemplateFile("{{ 'a\\tb' }}", empty)).toEqual({ ok: true, value: "a\tb" });
    expect(render(new Template("{{ 'a\\tb' }}"), empty)).toEqual({ ok: true, value: "a\\tb" });
  });

  it("takes other delimiters and block rules", () => {
    const options = {
      lstrip_blocks: true,
      trim_blocks: false,
      variable_start_string: "[[",
      variable_end_string: "]]",
      block_start_string: "<%",
      block_end_string: "%>",
      comment_start_string: "<#",
      comment_end_string: "#>",
    };
    const source = "a {{ b }}\n  <% if true %>\n[[ 1 + [2][0] ]]<# c #>\n  <% endif %>\n";
    expect(renderTemplateFile(source, empty, options)).toEqual({ ok: true, value: "a {{ b }}\n\n3\n" });
  });

  it("names the line of an error", () => {
    expect(renderTemplateFile("a\n{{ b }}\n", empty)).toMatchObject({
      ok: false,
      error: { message: "line 2: 'b' is undefined" },
    });
    expect(renderTemplateFile("a\n\n{% if %}\n", empty)).toMatchObject({
      ok: false,
      error: { message: "line 3: an expression is missing" },
    });
  });
});

describe("dates", () => {
  it("now() is the controller's clock", () => {
    expect(render(new Template("{{ now(utc=true).strftime('%Y-%m-%dT%H:%M:%SZ') }}"), empty)).toEqual({
      ok: true,
      value: "2024-05-06T07:08:09Z",
    });
    expect(render(new Template("{{ now(utc=true, fmt='%H:%M') }}"), empty)).toEqual({ ok: true, value: "07:08" });
    expect(render(new Template("{{ (now(utc=true) - now(utc=true)).total_seconds() }}s"), empty)).toEqual({
      ok: true,
      value: "0.0s",
    });
  });
});
