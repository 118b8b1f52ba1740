import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadGroupAndHostVars } from "./adjacent-vars.ts";
import { loadInventory } from "./load.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "latchkey-inventory-"));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

const write = (path: string, text: string, mode = 0o644): void => {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
  chmodSync(join(cwd, path), mode);
};

const load = async (...sources: string[]) => {
  const { inventory, diagnostics } = await loadInventory({ sources, cwd });
  const messages = diagnostics.map(({ code, severity, message }) => `${code} ${severity}: ${message}`);
  return { inventory, diagnostics, messages: messages.map((message) => message.replaceAll(cwd, "CWD")) };
};

describe("loadInventory", () => {
  it("names a missing source as it was given, and how to write a host", async () => {
    const { diagnostics, messages } = await load("10.0.0.5");
    expect(messages).toEqual(["V32 error: -i 10.0.0.5: there is no such file or folder"]);
    expect(diagnostics[0]?.hint).toBe("a single host is written with a comma: -i 10.0.0.5,");
  });

  it("keeps where a host was named first, and the sources in order", async () => {
    write("a", "h1\n");
    write("b", "h1\nh2\n");
    const { inventory } = await load("a", "b", "h3,");
    expect(inventory.sources).toEqual([join(cwd, "a"), join(cwd, "b"), "h3,"]);
    expect([...inventory.hosts.values()].map((host) => host.source)).toEqual([join(cwd, "a"), join(cwd, "b"), "h3,"]);
  });

  it("lets a later source set variables of an earlier source's group", async () => {
    write("a", "[web]\nh1\n");
    write("b", "[web:vars]\nx=1\n[top:children]\nweb\n");
    const { inventory, messages } = await load("a", "b");
    expect(messages).toEqual([]);
    expect(inventory.groups.get("web")?.vars).toEqual({ x: 1 });
  });

  it.each([
    ["h1,h[1:2]", "V41 error: -i h1,h[1:2]: a range is not expanded in a host list"],
    ["h1:x,", 'V42 error: -i h1:x,: "x" is not a port: expected a number from 1 to 65535'],
    ["root@h1,", 'V42 error: "root@h1" is a login, not a host name'],
  ])("refuses the host list %s", async (list, message) => {
    expect((await load(list)).messages).toEqual([message]);
  });

  it("reads nothing but a host list where the text has a comma", async () => {
    write("a", "h1\n");
    const { inventory } = await load("a,");
    expect([...inventory.hosts.keys()]).toEqual(["a"]);
  });

  it.each([
    ["hosts.toml", "x", "V04 error: an inventory in TOML is not supported here"],
    ["hosts", "#!/bin/sh\n", "V41 error: this looks like an inventory script, and is not executable"],
    [
      "hosts",
      "$ANSIBLE_VAULT;1.1;AES256\n00\n",
      "V46 error: the vault is damaged: it does not hold a salt, a checksum and a content",
    ],
    ["hosts", "a\0b", "V41 error: this is not a text file"],
    ["hosts", "all:\n  hosts:\n\t  h1:\n", expect.stringMatching(/^V01 error: /)],
    ["hosts", "- h1\n", "V41 error: an inventory is a mapping of groups"],
  ])("refuses %s with %j", async (name, text, message) => {
    write(name, text);
    expect((await load(name)).messages[0]).toEqual(message);
  });

  it("tells YAML from INI by the first line that says something", async () => {
    write("yaml", "# comment\n\nall:\n  hosts: {h1: }\n");
    write("json", '{"all": {"hosts": {"h2": null}}}');
    write("ini", "# all:\n\nh3\n[g]\n");
    const { inventory, messages } = await load("yaml", "json", "ini");
    expect(messages).toEqual([]);
    expect([...inventory.hosts.keys()]).toEqual(["h1", "h2", "h3"]);
  });

  it("says that older Ansible leaves .ini files of a folder out, and that a folder is empty", async () => {
    write("inv/a.ini", "h1\n");
    mkdirSync(join(cwd, "empty"));
    const { inventory, messages } = await load("inv", "empty");
    expect([...inventory.hosts.keys()]).toEqual(["h1"]);
    expect(messages).toEqual([
      'V41 warning: "CWD/inv/a.ini" is read here; ansible-core before 2.19 leaves .ini files of a folder out',
      'V41 warning: "CWD/empty" names no host',
    ]);
  });
});

describe("an inventory script", () => {
  const script = (body: string): void => write("hosts", `#!/bin/sh\n${body}\n`, 0o755);

  it("gives data and never a template", async () => {
    script(
      `echo '{"g": {"hosts": ["h1"], "vars": {"v": "{{ 1 }}"}}, "_meta": {"hostvars": {"h1": {"x": "{{ 2 }}"}}}}'`,
    );
    const { inventory, messages } = await load("hosts");
    expect(messages).toEqual([]);
    expect(inventory.hosts.get("h1")?.vars).toEqual({ x: "{{ 2 }}" });
    expect(inventory.groups.get("g")?.vars).toEqual({ v: "{{ 1 }}" });
  });

  it("runs in its own folder, without input", async () => {
    script(`cat; echo "{\\"$(basename "$PWD")\\": [\\"h1\\"], \\"_meta\\": {\\"hostvars\\": {}}}"`);
    const { inventory } = await load("hosts");
    expect(inventory.groups.has(cwd.split("/").at(-1) ?? "")).toBe(true);
  });

  it.each([
    ["echo oops >&2; exit 3", '"CWD/hosts --list" ended with exit code 3: oops'],
    ["echo hello", '"CWD/hosts --list" did not print JSON'],
    ["echo '[]'", '"CWD/hosts --list" printed JSON that is not a mapping of groups'],
    [`echo '{"g": {"foo": 1}}'`, '"CWD/hosts": the group "g" has an unknown key "foo"'],
    [`echo '{"g": "h1"}'`, '"CWD/hosts": the group "g" is neither a list nor a mapping'],
    [`echo '{"g": {"hosts": [1]}}'`, '"CWD/hosts": the group "g" has "hosts" that are not a list of names'],
    [`[ $1 = --list ] && echo '{"g": ["h1"]}' || exit 2`, '"CWD/hosts --host h1" ended with exit code 2'],
  ])("that does %j is reported", async (body, message) => {
    script(body);
    expect((await load("hosts")).messages).toEqual([`V41 error: ${message}`]);
  });

  it("that cannot be run is reported", async () => {
    write("hosts", "#!/no/such/interpreter\n", 0o755);
    expect((await load("hosts")).messages[0]).toContain("cannot be run");
  });
});

describe("loadGroupAndHostVars", () => {
  const messages = (): readonly string[] =>
    loadGroupAndHostVars(cwd).diagnostics.map(({ code, message }) => `${code} ${message}`.replaceAll(cwd, "CWD"));

  it("finds nothing where there is nothing", () => {
    expect(loadGroupAndHostVars(join(cwd, "gone"))).toEqual({
      vars: { groupVars: new Map(), hostVars: new Map() },
      diagnostics: [],
    });
  });

  it("reads a folder's files in the order of their names, each apart", () => {
    write("group_vars/web/b.yml", "x: b\n");
    write("group_vars/web/a/z.json", '{"x": "a"}');
    write("group_vars/web/.hidden.yml", "x: hidden\n");
    write("group_vars/web/note.txt", "x: note\n");
    write("host_vars/10.0.0.1", "y: 1\n");
    const { groupVars, hostVars } = loadGroupAndHostVars(cwd).vars;
    expect(groupVars.get("web")?.map((file) => file.values)).toEqual([{ x: "a" }, { x: "b" }]);
    expect(hostVars.get("10.0.0.1")).toEqual([{ path: join(cwd, "host_vars/10.0.0.1"), values: { y: 1 } }]);
  });

  it("says which of two files for one name is not read", () => {
    write("group_vars/web.yml", "x: 1\n");
    write("group_vars/web", "x: 2\n");
    expect(messages()).toEqual(['V41 "CWD/group_vars/web.yml" is not read, since "CWD/group_vars/web" exists']);
  });

  it("reports what it cannot read", () => {
    write("group_vars/a.yml", "- 1\n");
    write("group_vars/b.yml", "x: {\n");
    write("group_vars/c.yml", "$ANSIBLE_VAULT;1.1;AES256\n00\n");
    write("group_vars/d.yml", "ansible_prot: 22\nansible_port: 99999\n");
    write("group_vars/e.yml", "");
    symlinkSync("nowhere", join(cwd, "group_vars/f.yml"));
    expect(messages().map((message) => message.slice(0, 50))).toEqual([
      "V41 a file of variables holds a mapping of names to values".slice(0, 50),
      expect.stringMatching(/^V01 /),
      "V46 the vault is damaged: it does not hold a salt, a checksum".slice(0, 50),
      'V42 there is no connection variable "ansible_prot"'.slice(0, 50),
      'V42 "99999" is not a port: expected a number from 1 to 65535'.slice(0, 50),
      'V32 cannot read "CWD/group_vars/f.yml": it is neither a file'.slice(0, 50),
    ]);
  });
});
