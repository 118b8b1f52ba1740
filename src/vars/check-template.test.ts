import { describe, expect, it } from "vitest";
import { checkTemplate, freeVariables, hintOf } from "./check-template.ts";
import { Expression, Template } from "./value.ts";

const problems = (source: string): readonly unknown[] =>
  checkTemplate(new Template(source)).map(({ message, start, end, suggestion }) => [
    message,
    source.slice(start, end),
    ...(suggestion === undefined ? [] : [suggestion]),
  ]);

describe("checkTemplate", () => {
  it.each([
    ["{{ x | default('a') }}", []],
    ["{{ x | defualt('a') }}", [["there is no filter 'defualt'", "defualt", "default"]]],
    ["{{ x | json_query('a') }}", [["the filter 'json_query' is not supported in Latchkey", "json_query"]]],
    ["{{ x is definde }}", [["there is no test 'definde'", "definde", "defined"]]],
    ["{{ lookup('flie', 'x') }}", [["there is no lookup 'flie'", "'flie'", "file"]]],
    ["{{ x.encode() }}", [["the method 'encode' is not supported in Latchkey", "encode"]]],
    ["{{ x.spilt(',') }}", [["the method 'spilt' is not supported in Latchkey", "spilt", "split"]]],
    ["{{ x | map('uper') }}", [["there is no filter 'uper'", "'uper'", "upper"]]],
    ["{{ x | selectattr('a', 'eqaulto', 1) }}", [["there is no test 'eqaulto'", "'eqaulto'", "equalto"]]],
    [
      "{{ x | map('foo') | bar }}",
      [
        ["there is no filter 'foo'", "'foo'"],
        ["there is no filter 'bar'", "bar"],
      ],
    ],
    [
      "{% if x is nope %}{{ y | nope }}{% endif %}",
      [
        ["there is no test 'nope'", "nope", "none"],
        ["there is no filter 'nope'", "nope"],
      ],
    ],
    ["{% for i in x %}{{ loop.cycle('a') }}{% endfor %}", []],
    ["{{ x ", [['the template ends before "}}"', ""]]],
    ["{{ x ) }}", [['unexpected ")"', ")"]]],
    ["{{ x y }}", [['unexpected "y"', "y"]]],
    ["{{ [1 2] }}", [['unexpected "2"', "2"]]],
    ["{{ f(a=1, 2) }}", [['unexpected ")"', ")"]]],
    ["{{ 'a }}", [["a string is never closed", "'"]]],
    ["{{ (a }}", [['unexpected "}": ")" is missing', "}"]]],
    ["{{ a | }}", [["the expression ends too early", "|"]]],
    ["{{ a is }}", [["the expression ends too early", "s"]]],
    ["{{ a if b else }}", [["the expression ends too early", "e"]]],
    ["{{ a ! b }}", [['unexpected character "!"', "!"]]],
    ["{% if x %}a", [['"if" is never closed: "endif" is missing', "if"]]],
    ["{% foo %}", [['unknown statement "foo"', "fo"]]],
    ["{% do x %}", [['the statement "do" is not supported in Latchkey', "do"]]],
    ["{% from 'x' import a as b, c %}{% import 'y' as z %}{% if b %}{{ z.call(1) }}{% endif %}", []],
    ["{% from 'x' import * %}", [["write import 'file' as name, or from 'file' import name, …", "from"]]],
    ["{% import 'x' %}", [["write import 'file' as name, or from 'file' import name, …", "impo"]]],
    ["{% block %}{% endblock %}", [["a block is written: block name", "block"]]],
    ["{# a", [["a comment is never closed", "{#"]]],
    ["{% raw %}{{ x }}", [['"raw" is never closed: "endraw" is missing', "{%"]]],
    ["{% endfor %}", [['unknown statement "endfor"', "en"]]],
    ["{{ lookup('file', '{{ x }}') }}", [["a template stands in a text of an expression", "'{{ x }}'"]]],
    ["{{ lookup('env', 'X', default='{{ x }}') ~ '{{ x }}' }}", []],
  ])("%s", (source, expected) => {
    expect(problems(source)).toEqual(expected);
  });

  it("reads a bare expression too", () => {
    expect(checkTemplate(new Expression("a == "))).toEqual([
      { kind: "syntax", message: "the expression ends too early", start: 3, end: 4 },
    ]);
  });
});

describe("what is Ansible's or Jinja's alone", () => {
  const cures = (source: string): readonly unknown[] =>
    checkTemplate(new Template(source)).map((problem) => [problem.message, hintOf(problem).hint]);

  it.each([
    [
      "{{ x | json_query('a') }}",
      "the filter 'json_query' is not supported in Latchkey",
      "use map, selectattr and dict2items",
    ],
    [
      "{{ x | community.general.json_query('a') }}",
      "the filter 'community.general.json_query' is not supported in Latchkey",
      "use map, selectattr and dict2items",
    ],
    ["{{ x | map('safe') }}", "the filter 'safe' is not supported in Latchkey", "write `template` a file"],
    ["{{ x is urn }}", "the test 'urn' is not supported in Latchkey", "use match('urn:')"],
    ["{{ lookup('config', 'A') }}", "the lookup 'config' is not supported in Latchkey", "there is no ansible.cfg here"],
    ["{{ cycler('a') }}", "the function 'cycler' is not supported in Latchkey", "use loop.cycle(…)"],
    ["{% do x.append(1) %}", 'the statement "do" is not supported in Latchkey', "use set"],
  ])("%s", (source, message, cure) => {
    expect(cures(source)).toEqual([[message, expect.stringContaining(cure)]]);
  });

  it("leaves alone what a template makes itself", () => {
    expect(cures("{% macro joiner(x) %}{{ x }}{% endmacro %}{{ joiner(1) }}")).toEqual([]);
  });
});

describe("a template inside of a bare expression", () => {
  it.each([
    ["'{{ x }}' == 'y'", "'{{ x }}'", "x"],
    ["m == \"hello {{ x.y }}, {{ z | default('') }}!\"", "\"hello {{ x.y }}, {{ z | default('') }}!\"", 0],
    ["'a' in {{ l }}", "{{ l }}", "l"],
    ["{{ l | length }} > 1", "{{ l | length }}", "(l | length)"],
    ["{{ m['{{ x }}'] }} == 1", "{{ m['{{ x }}'] }}", "(m['{{ x }}'])"],
  ])("%s", (source, place, instead) => {
    const [only, ...others] = checkTemplate(new Expression(source));
    expect(others).toEqual([]);
    expect(only?.kind).toBe("embedded");
    expect(source.slice(only?.start, only?.end)).toBe(place);
    expect(only?.instead).toBe(instead === 0 ? `"hello " ~ x.y ~ ", " ~ (z | default('')) ~ "!"` : instead);
  });

  it.each([
    ["{{ a, b }} == 1", "one expression is expected in braces", 0],
    ["x == {{ }}", "one expression is expected in braces", 5],
    ["x {{ y }}", 'unexpected "{{"', 2],
    ["{{ x == 1", '"{{" is never closed', 0],
    ["x == 1 }}", 'unexpected "}"', 7],
    ["{% if x %}y{% endif %} == 1", "a statement cannot stand in an expression", 0],
    ["x == '{% if x %}y{% endif %}'", "a statement cannot stand in a text of an expression", 6],
    ["x == 'a {{ y | }}'", "the expression ends too early", 13],
  ])("refuses %s", (source, message, start) => {
    expect(checkTemplate(new Expression(source))).toMatchObject([{ kind: "syntax", message, start }]);
  });

  it("uses the variables in it, and what stands in two mappings is no template", () => {
    expect([...freeVariables(new Expression("'{{ x }}' in {{ y }}"))]).toEqual(["x", "y"]);
    expect(checkTemplate(new Expression("x == {'a': {'b': 1}}"))).toEqual([]);
  });
});

describe("freeVariables", () => {
  it.each([
    ["{{ a.b[c] | d(e) is f(g) }}", ["a", "c", "e", "g"]],
    ["{{ lookup('env', x) ~ now() ~ omit }}", ["x"]],
    ["{% for i in l if i != skip %}{{ i }}{{ loop.index }}{{ o }}{% endfor %}{{ i }}", ["l", "skip", "o", "i"]],
    ["{% set a = b %}{{ a }}{{ c }}", ["b", "c"]],
    ["{% macro m(a, b=c) %}{{ a }}{{ b }}{{ d }}{% endmacro %}{{ m(e) }}", ["c", "d", "e"]],
    ["{% if a %}{% set b = 1 %}{% endif %}{{ b }}", ["a"]],
    ["plain", []],
    ["{{ broken", []],
  ])("%s", (source, expected) => {
    expect([...freeVariables(new Template(source))]).toEqual(expected);
  });
});
