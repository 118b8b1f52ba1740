import { describe, expect, it } from "vitest";
import { toValue } from "../from-node.ts";
import { parseYaml } from "../../source/parse-yaml.ts";
import { SourceFile } from "../../source/source-file.ts";
import { Expression, Template, type ValueMap } from "../value.ts";
import { inferCondition, inferTemplate } from "./infer.ts";
import type { Inferred, TypeScope } from "./inference.ts";
import { bool, describeType, int, listOf, mapWith, str, type Type } from "./type.ts";
import { typeOfValue } from "./type-of-value.ts";

/** A result, a loop's, and variables as a play has them. */
const known: Readonly<Record<string, Type>> = {
  r: {
    ...mapWith({ rc: int, stdout: str, changed: bool, stdout_lines: listOf(str) }),
    name: 'the result of "command"',
  },
  looped: mapWith({ results: listOf(mapWith({ rc: int, item: str })), changed: bool }),
  anything: { kind: "any" },
  groups: { kind: "map", keys: new Map(), isOpen: true },
};

const variables = `
port: 22
flag: false
name: x
empty:
users: [{ name: a, uid: 1 }, { name: b, uid: 2 }]
names: [a, b]
cfg: { port: 22, hosts: [a], nested: { deep: true }, made: "{{ port + 1 }}" }
loop_a: "{{ loop_b }}"
loop_b: "{{ loop_a }}"
line: "{{ name }}-{{ port }}"
in_loop: "{% set found = [name] %}{{ found }}"
`;

const scope = (): TypeScope => {
  const { root } = parseYaml(new SourceFile("v.yml", variables));
  const values = root === undefined ? {} : (toValue(root) as ValueMap);
  const typed = (template: Template): Type => inferTemplate(template, own).type;
  const made = new Map<string, Type>();
  const own: TypeScope = {
    variable: (name) => {
      if (Object.hasOwn(known, name)) return known[name];
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined) return undefined;
      const type = made.get(name) ?? typeOfValue(value, typed);
      made.set(name, type);
      return type;
    },
  };
  return own;
};

const found = (source: string, { problems }: Inferred): readonly unknown[] =>
  problems.map(({ message, place, hint, severity }) => [
    message,
    place === undefined ? undefined : source.slice(place.start, place.end),
    ...(hint === undefined ? [] : [hint]),
    ...(severity === "warning" ? ["warning"] : []),
  ]);

const template = (source: string): readonly unknown[] => found(source, inferTemplate(new Template(source), scope()));
const condition = (source: string): readonly unknown[] =>
  found(source, inferCondition(new Expression(source), scope()));
const typeOf = (expression: string): string =>
  describeType(inferTemplate(new Template(`{{ ${expression} }}`), scope()).type);

describe("types of expressions", () => {
  it.each([
    ["port", "a number"],
    ["line", "a string"],
    ["in_loop", "anything"],
    ["loop_a", "anything"],
    ["empty", "anything"],
    ["cfg.made", "a number"],
    ["cfg['nested']['deep']", "a boolean"],
    ["users[0].name", "a string"],
    ["users[port].name", "a string"],
    ["users | map(attribute='uid') | first", "a number"],
    ["users | map(attribute='name') | map('upper') | list", "a list"],
    ["names | first | upper", "a string"],
    ["names | map('length') | sum", "anything"],
    ["(names | dict2items_)", "anything"],
    ["cfg | dict2items | map(attribute='key') | first", "a string"],
    ["r.stdout | int", "a number"],
    ["r.stdout | int(default='none')", "a number or a string"],
    ["r.stdout | default(omit)", "anything"],
    ["r.stdout.split(',') | last", "a string"],
    ["r.stdout | regex_search('a')", "a string or null"],
    ["1 if flag else 'a'", "a number or a string"],
    ["1 if flag", "anything"],
    ["port * 2 / 3", "a number"],
    ["names + ['c']", "a list"],
    ["'%s' % port", "a string"],
    ["lookup('env', 'HOME')", "anything"],
    ["lookup('pipe', 'true')", "a string"],
    ["query('fileglob', '*')", "a list"],
    ["cfg | combine({'a': 1})", "a mapping"],
    ["(cfg | combine({'a': 1})).port", "a number"],
    ["(cfg.items() | first)[0]", "a string"],
    ["not names", "a boolean"],
    ["names[0:1]", "a list"],
  ])("%s is %s", (expression, expected) => {
    expect(typeOf(expression)).toBe(expected);
  });
});

describe("what is wrong with a template", () => {
  it.each([
    ["{{ nam }}", [['"nam" is not defined', "nam"]]],
    ["a {{ r.stdot }}", [['the result of "command" has no key "stdot"', "stdot", 'did you mean "stdout"?']]],
    ["a {{ r['stdot'] }}", [['the result of "command" has no key "stdot"', "'stdot'", 'did you mean "stdout"?']]],
    ["{{ cfg.prot }}", [['"cfg" has no key "prot"', "prot", 'did you mean "port"?']]],
    ["{{ cfg.nested.dep }}", [['"cfg.nested" has no key "dep"', "dep", 'did you mean "deep"?']]],
    [
      "{{ looped.results.rc }}",
      [
        [
          '"looped.results" is a list and has no key "rc"',
          "rc",
          "take it from each item: looped.results | map(attribute='rc')",
        ],
      ],
    ],
    ["{{ r.stdout.foo }}", [['"r.stdout" is a string and has no key "foo"', "foo"]]],
    ["{{ users | map(attribute='nme') | list }}", [['a mapping has no key "nme"', "'nme'", 'did you mean "name"?']]],
    ["{{ name | dict2items }}", [['filter "dict2items" takes a mapping, not a string', "dict2items"]]],
    [
      "{{ name | replace('a') }}",
      [['the argument "new" is missing: filter "replace" takes (old, new, [count])', "replace"]],
    ],
    [
      "{{ name | regex_replace('a', 'b', ignore_case=true) }}",
      [
        [
          'there is no argument "ignore_case": filter "regex_replace" takes ([pattern], [replacement], [ignorecase], [multiline], [count], [mandatory_count])',
          "ignore_case",
          'did you mean "ignorecase"?',
        ],
      ],
    ],
    ["{{ port | length }}", [['filter "length" takes a list, a mapping or a string, not a number', "length"]]],
    [
      "{{ name + port }}",
      [
        [
          '"+" cannot combine a string and a number',
          "name + port",
          "join texts with ~, or make a number of the text with | int",
        ],
      ],
    ],
    [
      "{{ r.stdout - 1 }}",
      [['"-" cannot combine a string and a number', "r.stdout - 1", "make a number of the text with | int"]],
    ],
    ["{{ names | map('dict2items') }}", [['filter "dict2items" takes a mapping, not a string', "'dict2items'"]]],
    ["{{ r.stdout.items() }}", [['a string has no method "items"', "items"]]],
    [
      "{{ r.stdout.split(',', 1, 2) }}",
      [['there is one argument too many: method "split" takes ([sep], [maxsplit])', "2"]],
    ],
    [
      "{{ lookup('file', 'x', rstirp=false) }}",
      [[`lookup "file" has no option "rstirp": it takes rstrip, lstrip`, "rstirp", 'did you mean "rstrip"?']],
    ],
    [
      "users: {{ names }}",
      [["a list becomes part of a text, written as Python would", "names", "join its items: | join(' ')", "warning"]],
    ],
    [
      "{% for u in users %}{{ u.nme }}{{ loop.indx }}{% endfor %}",
      [
        ['"u" has no key "nme"', "nme", 'did you mean "name"?'],
        ['"loop" has no key "indx"', "indx", 'did you mean "index"?'],
      ],
    ],
  ])("%s", (source, expected) => {
    expect(template(source)).toEqual(expected);
  });
});

describe("what is right", () => {
  it.each([
    "{{ names }}",
    "{{ nope | default('a') }} {{ nope.x.y | d }} {{ r.nope | default('') }}",
    "{{ 'a' if nope is defined else 'b' }}{{ nope if nope is defined }}",
    "{{ cfg.nope | default({}) | dict2items }}",
    "{{ cfg.nope is defined and cfg.nope.x }}",
    "{{ anything.x.y | dict2items | map(attribute='z') }}",
    "{{ groups['web'] | map('extract', groups, 'x') | list }}",
    "{{ users | selectattr('nope', 'defined') | map(attribute='nope') | list }}",
    "{{ users | map(attribute='nope', default='') | list }}",
    "{{ name is mapping and name.x }}",
    "{{ cfg.keys() | join }}{{ cfg.get('nope', 1) }}",
    "{{ names.append('a') }}{{ names[0].x }}",
    "{% set x = {} %}{% if x.update({'a': {'b': 1}}) %}{% endif %}{{ x.a.b }}",
    "{% set x = ['a'] %}{% set _ = x.insert(0, {'b': 1}) %}{{ x[0].b }}",
    "{% set x = {'a': 'b'} %}{{ x.setdefault('c', []).append(1) }}{{ x.pop('a') }}{{ x.c | first }}",
    "{{ r.stdout_lines[0] }} {{ users.0.name }}",
    "{% set x = 1 %}{{ x + 1 }}{% if flag %}{% set y = 1 %}{% endif %}{{ y }}",
    "{% set x = 'a' %}{% if flag %}{% set x = 1 %}{% endif %}{{ x + 1 }}",
    "{% for k, v in cfg.items() %}{{ k | upper }}{% endfor %}",
    "{% macro m(a) %}{{ a.b }}{% endmacro %}{{ m(1) }}",
    "{{ (r.stdout | from_json).a.b }}",
    "{{ range(port) | sum }} {{ now().year }} {{ lookup('vars', 'x').y }}",
  ])("%s", (source) => {
    expect(template(source)).toEqual([]);
  });
});

describe("conditions", () => {
  const notBoolean = (type: string): string => `a condition has to be true or false, and this is ${type}`;

  it.each([
    [
      "r.rc == '0'",
      [["a number is never equal to a string: this is always false", "r.rc == '0'", "write 0 without quotes"]],
    ],
    [
      "r.stdout == 0",
      [
        [
          "a string is never equal to a number: this is always false",
          "r.stdout == 0",
          "make a number of the text: r.stdout | int",
        ],
      ],
    ],
    [
      "port != '22'",
      [
        [
          "a number is never equal to a string: this is always true",
          "port != '22'",
          "write 22 without quotes",
          "warning",
        ],
      ],
    ],
    [
      "r.changed == 'yes'",
      [
        [
          "a boolean is never equal to a string: this is always false",
          "r.changed == 'yes'",
          "it is true or false: write r.changed, or not r.changed",
        ],
      ],
    ],
    ["flag == 'true'", []],
    [
      "r.stdout > 5",
      [['">" cannot compare a string with a number', "r.stdout > 5", "make a number of the text: r.stdout | int"]],
    ],
    ["'x' in r.rc", [['"in" looks in a list, a mapping or a string, not in a number', "'x' in r.rc"]]],
    [
      "5 in r.stdout",
      [
        [
          'a string cannot hold a number: "in" looks for a string in it',
          "5 in r.stdout",
          "make a number of the text: r.stdout | int",
        ],
      ],
    ],
    ["22 in r.stdout_lines", [["a number is never among these: this is always false", "22 in r.stdout_lines"]]],
    [
      "foo is defined == 'yes'",
      [["a boolean is never equal to a string: this is always false", "foo is defined == 'yes'"]],
    ],
    [
      "r.stdout is failed",
      [['test "failed" takes a mapping, not a string', "failed", "it is for the result that a task registers"]],
    ],
    [
      "r.rc is eq('0')",
      [["a number is never equal to a string: this is always false", "r.rc is eq('0'", "write 0 without quotes"]],
    ],
    [
      "r.stdout",
      [[notBoolean("a string"), "r.stdout", "compare it, or write r.stdout | length > 0 or r.stdout | bool"]],
    ],
    ["names", [[notBoolean("a list"), "names", "write names | length > 0"]]],
    ["'x'", [[notBoolean("a string"), "'x'", "compare something with it: x == 'value', or x in ['one', 'two']"]]],
    [
      "name == 'a' or 'b'",
      [[notBoolean("a string"), "'b'", "compare something with it: x == 'value', or x in ['one', 'two']"]],
    ],
    [
      "r.stdout | regex_search('a')",
      [[notBoolean("a string or null"), "r.stdout | regex_search('a'", "write x is search('pattern')"]],
    ],
    [
      "r.rc is defined or true",
      [["this condition is always true", "r.rc is defined or true", "write true where that is meant", "warning"]],
    ],
    ["'a' in 'b'", [["this condition is always false", "'a' in 'b'", "write false where that is meant", "warning"]]],
    [
      "name == 'a' and name == 'b'",
      [["this condition is always false", "name == 'a' and name == 'b'", "write false where that is meant", "warning"]],
    ],
    [
      "name != 'a' or name != 'b'",
      [["this condition is always true", "name != 'a' or name != 'b'", "write true where that is meant", "warning"]],
    ],
    ["true", []],
    ["not flag", []],
    ["anything", []],
    ["anything or flag", []],
    ["empty", []],
    ["r.stdout | bool", []],
    ["r.rc == 0 and 'x' not in r.stdout", []],
    ["name == none", []],
    ["port > 1.5 and flag < 2", []],
    ["name in names or name in 'abc'", []],
    ["r is failed or r is not changed", []],
    ["'key' in cfg", []],
    ["name == 'a' or name == 'b'", []],
  ])("%s", (source, expected) => {
    expect(condition(source)).toEqual(expected);
  });
});
