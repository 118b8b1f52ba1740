import { describe, expect, it } from "vitest";
import { render, type TemplateContext } from "./template.ts";
import { Template, type Value } from "./value.ts";

const files: Record<string, string> = {
  "/play/files/t.csv": 'a,1,x\nb,2,y\n"q","3 ""z"" ,w",k\n',
  "/play/files/ansible.csv": "t1\tone\nt2\ttwo\n",
  "/play/files/t.ini":
    "[main]\nuser = bob\nx: 5\nUser2=al\nmulti = a\n  b\n; c\nd=%(x)s\nhash=a # b\n[other]\nuser=o\n",
  "/play/files/t.properties": "k = v1\n# c\nz=2\n",
  "/play/kept": "secret salt=abcdefgh\n",
  "/play/files/key.pub": "ssh-ed25519 AAAA\n",
  "/play/plain.txt": "  plain \n\n",
  "/play/templates/macros.j2": "{% macro opt(k, v='none') -%}{{ k }}={{ v }}{%- endmacro %}{% set sep = ';' %}",
  "/play/templates/uses.j2":
    "{% from 'macros.j2' import opt, sep as s with context %}{% import 'macros.j2' as m %}{{ opt('a', who) }}{{ s }}{{ m.opt('b') }}",
  "/play/templates/uses-none.j2": "{% from 'macros.j2' import nope %}{{ nope }}",
  "/play/templates/base.j2":
    "{% block head %}head{% endblock head %} {% block body scoped %}[{% block inner %}in{% endblock %}]{% endblock %}.",
  "/play/templates/child.j2":
    "{% extends 'base.j2' %}not printed{% set x = who %}{% block inner %}child of {{ x }}{% endblock %}",
  "/play/templates/grandchild.j2": "{% extends 'child.j2' %}{% block head %}{{ 1 + 1 }}{% endblock %}",
  "/play/templates/itself.j2": "{% extends 'itself.j2' %}",
  "/play/templates/t.j2": "{{ who }}: {{ 'a\\tb' }}\n{% include 'part.j2' %}\n",
  "/play/templates/marks.j2": "[[ who ]] {{ who }}[# none #]\n",
  "/play/templates/part.j2": "part of {{ who }}\n",
  "/play/files/b.conf": "",
  "/play/files/a.conf": "",
  "/play/files/.hidden.conf": "",
};

const commands: string[] = [];

const context: TemplateContext = {
  variable: (name) =>
    ({ who: "me", key_file: "key.pub", greeting: new Template("hi {{ who }}") } as Record<string, Value>)[name],
  names: () => ["who", "key_file", "greeting"],
  lookups: {
    searchPaths: ["/role", "/play"],
    env: { HOME: "/root", USER: "ops" },
    now: () => new Date(0),
    readFile: (path) => {
      const content = files[path];
      return content === undefined ? { ok: false, error: "no such file" } : { ok: true, value: Buffer.from(content) };
    },
    fileKind: (path) => {
      if (files[path] !== undefined) return "file";
      return Object.keys(files).some((file) => file.startsWith(`${path}/`)) ? "directory" : undefined;
    },
    list: (path) =>
      Object.keys(files)
        .filter((file) => file.startsWith(`${path}/`))
        .map((file) => file.slice(path.length + 1))
        .toSorted(),
    isLink: (path) => path === "/play/link",
    realPath: (path) => path,
    playbookFolder: "/play",
    writeSecret: (path, content) => {
      files[path] = content;
      return { ok: true, value: undefined };
    },
    fetchUrl: ({ url }) => ({ ok: true, value: `one of ${url}\r\ntwo\n` }),
    runPipe: (command) => {
      commands.push(command);
      return command === "false" ? { ok: false, error: "exit code 1" } : { ok: true, value: `ran ${command}\n` };
    },
  },
};

const value = (source: string): unknown => {
  const result = render(new Template(`{{ ${source} }}`), context);
  return result.ok ? result.value : { error: result.error.message };
};

describe("lookups", () => {
  it.each([
    ["lookup('file', 'key.pub')", "ssh-ed25519 AAAA"],
    ["lookup('file', key_file, rstrip=false)", "ssh-ed25519 AAAA\n"],
    ["lookup('file', 'plain.txt', lstrip=true)", "plain"],
    ["lookup('file', '/play/plain.txt')", "  plain"],
    ["lookup('ansible.builtin.file', 'key.pub') | length", 16],
    ["lookup('template', 't.j2')", "me: a\tb\npart of me\n"],
    ["lookup('template', 'uses.j2')", "a=me;b=none"],
    ["lookup('template', 'uses-none.j2')", { error: "the template that is imported defines no 'nope'" }],
    ["lookup('template', 'base.j2')", "head [in]."],
    ["lookup('template', 'child.j2')", "head [child of me]."],
    ["lookup('template', 'grandchild.j2')", "2 [child of me]."],
    ["lookup('template', 'itself.j2')", { error: "the template calls itself without end" }],
    ["lookup('template', 't.j2', template_vars={'who': 'you'})", "you: a\tb\npart of you\n"],
    [
      "lookup('template', 'marks.j2', variable_start_string='[[', variable_end_string=']]', comment_start_string='[#', comment_end_string='#]')",
      "me {{ who }}\n",
    ],
    ["query('url', 'http://a', 'http://b')", ["one of http://a", "two", "one of http://b", "two"]],
    ["lookup('url', 'http://a', split_lines=false)", "one of http://a\r\ntwo\n"],
    [
      "lookup('url', 'http://a', timeout='soon')",
      { error: "the timeout of the lookup 'url' must be a number of seconds, not 'soon'" },
    ],
    [
      "lookup('url', 'http://a', unix_socket='/x')",
      { error: "the lookup 'url' has no option 'unix_socket' here: use the module uri, delegated to localhost" },
    ],
    ["lookup('csvfile', 'b file=t.csv delimiter=,')", "2"],
    ["lookup('csvfile', 'b', file='t.csv', delimiter=',', col=2)", "y"],
    ["lookup('csvfile', 'q file=t.csv delimiter=, col=1')", '3 "z" ,w'],
    ["lookup('csvfile', 't2')", "two"],
    ["lookup('csvfile', 'zz', default='d')", "d"],
    ["query('csvfile', 'zz')", []],
    ["lookup('csvfile', 't1 col=7')", { error: "csvfile: the row of 't1' has no column 7" }],
    [
      "lookup('csvfile', 't1 colx=7')",
      {
        error:
          "the lookup 'csvfile' has no option 'colx': its options are file, col, keycol, delimiter, default, encoding",
      },
    ],
    ["lookup('ini', 'user section=main file=t.ini')", "bob"],
    ["lookup('ini', 'User2', section='main', file='t.ini')", "al"],
    ["lookup('ini', 'user2', section='main', file='t.ini', case_sensitive=true, default='n')", "n"],
    ["lookup('ini', 'multi', section='main', file='t.ini')", "a\nb"],
    ["lookup('ini', 'd', section='main', file='t.ini')", "5"],
    ["query('ini', 'us.*', section='main', file='t.ini', re=true)", ["bob", "al"]],
    ["query('ini', 'user', 'x', section='main', file='t.ini')", ["bob", "5"]],
    ["lookup('ini', 'zz', section='main', file='t.ini')", ""],
    ["lookup('ini', 'k', type='properties', file='t.properties')", "v1"],
    ["lookup('ini', 'k', section='zz', file='t.ini')", { error: "ini: there is no section 'zz' in t.ini" }],
    // What Python gives for these seeds.
    ["lookup('password', '/dev/null', seed='x', length=12)", "O9iX65WvW9::"],
    ["lookup('password', '/dev/null length=10 seed=foo chars=ascii_letters,digits')", "DUrx4TpS1j"],
    ["lookup('password', '/dev/null seed=z chars=ascii_lowercase,digits,,,#,. length=16')", "chb67flz2sz5ny.q"],
    ["lookup('password', '/dev/null seed=z chars=punctuation length=16')", "#&#|=\\>\\%):;,:=*"],
    ["lookup('password', 'kept')", "secret"],
    ["[lookup('password', 'made'), lookup('password', 'made')] | unique | length", 1],
    ["lookup('env', 'USER')", "ops"],
    ["lookup('env', 'NOPE')", ""],
    ["lookup('env', 'NOPE', default='d')", "d"],
    ["lookup('pipe', 'date')", "ran date"],
    ["lookup('pipe', 'a', 'b')", "ran a,ran b"],
    ["query('pipe', 'a', 'b')", ["ran a", "ran b"]],
    ["lookup('pipe', 'a', wantlist=true)", ["ran a"]],
    ["lookup('vars', 'greeting')", "hi me"],
    ["lookup('vars', 'nope', default='d')", "d"],
    ["lookup('varnames', '^k')", "key_file"],
    ["query('fileglob', '*.conf')", ["/play/files/a.conf", "/play/files/b.conf"]],
    ["query('fileglob', '[!a].conf')", ["/play/files/b.conf"]],
    ["lookup('first_found', ['nope', 'key.pub'])", "/play/files/key.pub"],
    ["lookup('first_found', {'files': 'nope,plain.txt', 'paths': ['/play']})", "/play/plain.txt"],
    ["query('first_found', ['nope'], skip=true)", []],
    ["query('sequence', start=1, end=3)", ["1", "2", "3"]],
    ["lookup('file', 'nope', errors='ignore')", null],
    ["query('file', 'nope', errors='warn')", []],
    ["query('lines', 'x')", ["ran x"]],
  ])("%s", (source, expected) => {
    expect(value(source)).toEqual(expected);
  });

  it("says where it looked for a file", () => {
    expect(value("lookup('file', 'nope')")).toEqual({
      error: "could not find the file nope; searched: /role/files/nope, /role/nope, /play/files/nope, /play/nope",
    });
  });

  it("fails with the command's failure", () => {
    expect(value("lookup('pipe', 'false')")).toEqual({ error: "lookup pipe (false): exit code 1" });
  });

  it("refuses by name what is not here", () => {
    expect(value("lookup('config', 'x')")).toEqual({ error: "the lookup 'config' is not supported in Latchkey" });
    expect(value("lookup('community.general.random_string')")).toEqual({
      error: "the lookup 'community.general.random_string' is not supported in Latchkey",
    });
  });

  it("runs no command for a text that is data", () => {
    const before = commands.length;
    expect(value("\"lookup('pipe', 'rm')\"")).toBe("lookup('pipe', 'rm')");
    expect(commands.length).toBe(before);
  });
});
