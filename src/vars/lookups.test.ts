import { describe, expect, it } from "vitest";
import { render, type TemplateContext } from "./template.ts";
import { Template, type Value } from "./value.ts";

const files: Readonly<Record<string, string>> = {
  "/play/files/key.pub": "ssh-ed25519 AAAA\n",
  "/play/plain.txt": "  plain \n\n",
  "/play/templates/t.j2": "{{ who }}: {{ 'a\\tb' }}\n{% include 'part.j2' %}\n",
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
    expect(value("lookup('csvfile', 'x')")).toEqual({ error: "the lookup 'csvfile' is not supported in Latchkey" });
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
