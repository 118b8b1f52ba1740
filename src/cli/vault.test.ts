import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { capturedIo } from "../../test/helpers/captured-io.ts";
import type { Event } from "../events/event.ts";
import { load, run as runLoaded } from "../index.ts";
import { seal } from "../vault/cipher.ts";
import { renderEnvelope } from "../vault/envelope.ts";
import { runCli } from "./cli.ts";

const folder = mkdtempSync(join(tmpdir(), "latchkey-vault-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  write("pw", "test-password\n");
});

const write = (name: string, text: string): string => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const sealed = (text: string, { label, password = "test-password" }: { label?: string; password?: string } = {}) =>
  renderEnvelope(seal(Buffer.from(text), Buffer.from(password), label));

/** A `!vault` value, for a line of a mapping at the given indentation. */
const tagged = (text: string, indent = 6, options: Parameters<typeof sealed>[1] = {}): string =>
  `!vault |\n${sealed(text, options).trimEnd().replaceAll(/^/gm, " ".repeat(indent))}`;

const latchkey = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { io, said } = capturedIo(folder, { PATH: process.env["PATH"], HOME: folder, ...env });
  return { code: await runCli(args, io), ...said };
};

const run = (playbook: string, args: readonly string[], env?: Readonly<Record<string, string>>) =>
  latchkey(["run", write("site.yml", playbook), "-c", "local", "-i", "h1,", "--reporter", "jsonl", "-v", ...args], env);

const play = (tasks: string, head = ""): string =>
  `- hosts: all\n  gather_facts: false\n${head}  tasks:\n${tasks.replaceAll(/^/gm, "    ")}\n`;

const contentOf = (name: string): string => readFileSync(join(folder, name), "utf8");

/** Every secret of these tests has it in it. */
const SECRET = /lk-vault-/;

describe("wherever Ansible opens a vault, so does a run, and tells nothing of it", () => {
  it("in variables", async () => {
    write("hosts", sealed("[g]\nh1 of_inventory='lk-vault-inventory'\n"));
    write("group_vars/g/vault.yml", sealed("of_group: lk-vault-group\n"));
    write("host_vars/h1.yml", `of_host: ${tagged("lk-vault-host", 2)}\n`);
    write("files.yml", sealed('of_file: "lk-vault-file {{ plain }}"\nplain: 7\n'));
    write("extra.yml", sealed("of_extra: lk-vault-extra\n"));
    write("included.yml", sealed("of_include: lk-vault-include\n"));
    write("tasks.yml", sealed("- { name: imported, set_fact: { of_tasks: lk-vault-tasks } }\n"));
    const site = write(
      "site.yml",
      play(
        `- import_tasks: tasks.yml
- include_vars: included.yml
- name: all
  copy:
    dest: ${folder}/out
    content: "{{ [of_inventory, of_group, of_host, of_file, of_extra, of_include, of_tasks, of_play] | join(' ') }}"
- name: printed
  debug: { msg: "{{ of_host }} {{ of_file }} {{ of_play }} {{ of_play | length }} {{ of_group | upper | lower }}" }
- { name: told, command: { cmd: "echo {{ of_play | quote }}" } }`,
        `  vars_files: [files.yml]\n  vars:\n    of_play: ${tagged("lk-vault-{{ play")}\n`,
      ),
    );
    const args = ["-c", "local", "-i", "hosts", "-e", "@extra.yml", "--diff", "-vv", "--vault-password-file", "pw"];
    const ran = await latchkey(["run", site, ...args, "--reporter", "jsonl"]);
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(contentOf("out")).toBe(
      "lk-vault-inventory lk-vault-group lk-vault-host lk-vault-file 7 lk-vault-extra lk-vault-include " +
        "lk-vault-tasks lk-vault-{{ play",
    );
    expect(ran.out).toContain('"msg":"******** ******** 7 ******** 16 ********"');
    expect(ran.out).toContain('"name":"imported"');
    expect(ran.out).not.toMatch(SECRET);
  });

  it("in files that modules send, unless decrypt says no", async () => {
    write("files/copied", sealed("lk-vault-copied\nlk-vault-line\n"));
    write("files/tree/inner", sealed("lk-vault-inner\n"));
    write("files/parts/1", sealed("lk-vault-part\n"));
    write("files/script.sh", sealed(`#!/bin/sh\necho lk-vault-script > '${folder}/script-out'\n`));
    write("templates/t.j2", sealed("lk-vault-template {{ inventory_hostname }}\n"));
    write("templates/part.j2", sealed("lk-vault-included"));
    write("templates/outer.j2", "{% include 'part.j2' %} {{ lookup('file', 'copied') | length }}\n");
    const ran = await run(
      play(`- { name: a, copy: { src: copied, dest: "${folder}/copied" } }
- { name: b, copy: { src: tree, dest: "${folder}/made" } }
- { name: c, assemble: { src: parts, remote_src: false, dest: "${folder}/assembled" } }
- { name: d, script: script.sh }
- { name: e, template: { src: t.j2, dest: "${folder}/t" } }
- { name: f, template: { src: outer.j2, dest: "${folder}/outer" } }
- { name: g, copy: { src: copied, dest: "${folder}/kept", decrypt: false } }
- { name: h, copy: { content: "{{ lookup('unvault', 'copied') }}", dest: "${folder}/looked-up" } }
- { name: i, debug: { msg: "{{ lookup('file', 'copied') }}" } }`),
      ["--vault-password-file", "pw", "--diff"],
    );
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(
      ["copied", "made/tree/inner", "assembled", "script-out", "t", "outer", "looked-up"].map((name) =>
        contentOf(name),
      ),
    ).toEqual([
      "lk-vault-copied\nlk-vault-line\n",
      "lk-vault-inner\n",
      "lk-vault-part\n",
      "lk-vault-script\n",
      "lk-vault-template h1\n",
      "lk-vault-included 29\n",
      "lk-vault-copied\nlk-vault-line\n",
    ]);
    expect(contentOf("kept")).toBe(contentOf("files/copied"));
    expect(ran.out).not.toMatch(SECRET);
  });

  it("in roles, in what is included, and in what is imported", async () => {
    write(
      "roles/r/tasks/main.yml",
      sealed("- { name: of role, set_fact: { a: '{{ of_vars }} {{ of_defaults }}' } }\n"),
    );
    write("roles/r/vars/main.yml", sealed("of_vars: lk-vault-vars\n"));
    write("roles/r/defaults/main.yml", sealed("of_defaults: lk-vault-defaults\n"));
    write("roles/r/handlers/main.yml", sealed("- { name: called, set_fact: { b: lk-vault-handler } }\n"));
    write("roles/r/files/f", sealed("lk-vault-of-role"));
    write("roles/r/tasks/more.yml", sealed("- { name: more, copy: { src: f, dest: '{{ dest }}/f' } }\n"));
    write(
      "included.yml",
      sealed("- { name: included, set_fact: { c: lk-vault-included }, changed_when: true, notify: called }\n"),
    );
    write(
      "other.yml",
      sealed(play(`- name: all\n  copy: { content: "{{ [a, b, c] | join(' ') }}", dest: "${folder}/out" }`)),
    );
    const ran = await run(
      `${play(
        `- include_tasks: "{{ 'included' }}.yml"
- include_role: { name: r, tasks_from: more }
  vars: { dest: "${folder}" }`,
        "  roles: [r]\n",
      )}- import_playbook: other.yml\n`,
      ["--vault-password-file", "pw"],
    );
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(contentOf("out")).toBe("lk-vault-vars lk-vault-defaults lk-vault-handler lk-vault-included");
    expect(contentOf("f")).toBe("lk-vault-of-role");
    expect(ran.out).not.toMatch(SECRET);
  });

  it("for a playbook as a whole", async () => {
    const site = write("site.yml", sealed(play("- { name: a, debug: { msg: lk-vault-message } }")));
    const ran = await latchkey(["run", site, "-c", "local", "-i", "h1,", "--vault-pass-file", "pw", "-v"]);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain("********");
    expect(ran.out).not.toMatch(SECRET);
  });
});

describe("a value of !vault", () => {
  it("is opened only when it is used, and the step says why it cannot be", async () => {
    const site = play(
      `- { name: a, debug: { msg: fine } }
- { name: b, debug: { msg: "{{ other }}" }, ignore_errors: true }
- { name: c, debug: { msg: "{{ none }}" }, when: false }`,
      `  vars:\n    other: ${tagged("lk-vault-other", 6, { password: "other" })}\n    none: ${tagged("x", 6, { password: "other" })}\n`,
    );
    const ran = await run(site, ["--vault-id", "dev@pw"]);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain("other: Decryption failed: no password fits, or the content was changed (tried: dev)");
    const without = await run(site, []);
    expect(without.out).toContain("other: this is vaulted, and no password was given: give the password with --vault");
  });

  it("may be the password by which a run becomes root, or a module's option of any type", async () => {
    const site = play(
      `- { name: a, file: { path: "${folder}/made", state: directory, mode: ${JSON.stringify("{{ mode }}")} } }`,
      `  vars:\n    mode: ${tagged("0700")}\n    ansible_become_password: ${tagged("lk-vault-become")}\n`,
    );
    expect(await run(site, ["--vault-password-file", "pw"])).toMatchObject({ code: 0, err: "" });
    const direct = play(`- name: a\n  wait_for:\n    timeout: ${tagged("0", 8)}`);
    expect(await run(direct, ["--vault-password-file", "pw"])).toMatchObject({ code: 0, err: "" });
  });
});

describe("passwords", () => {
  const site = (...values: readonly string[]): string =>
    play(
      "- { name: a, assert: { that: \"a + b == '12'\" } }",
      `  vars:\n    a: ${values[0] ?? ""}\n    b: ${values[1] ?? ""}\n`,
    );

  it("come from files, programs and the environment, several under their labels", async () => {
    write("other", " other \n");
    const two = site(tagged("1", 6, { label: "dev" }), tagged("2", 6, { label: "prod", password: "other" }));
    expect(await run(two, ["--vault-id", "prod@pw", "--vault-id", "dev@other"])).toMatchObject({ code: 0 });
    const strict = await run(two, ["--vault-id", "prod@pw", "--vault-id", "dev@other"], {
      ANSIBLE_VAULT_ID_MATCH: "1",
    });
    expect(strict).toMatchObject({ code: 2, out: expect.stringContaining("(tried: dev; the vault's own") as string });
    const client = write(
      "keys-client.sh",
      '#!/bin/sh\ncase "$1 $2" in "--vault-id dev") echo test-password ;; "--vault-id prod") echo other ;; *) exit 2 ;; esac\n',
    );
    chmodSync(client, 0o700);
    expect(await run(two, ["--vault-id", `dev@${client}`, "--vault-id", `prod@${client}`])).toMatchObject({ code: 0 });
    const list = { ANSIBLE_VAULT_IDENTITY_LIST: "dev@pw, prod@other" };
    expect(await run(two, [], { ...list, ANSIBLE_VAULT_ID_MATCH: "true" })).toMatchObject({ code: 0 });
    const plain = write("print", "#!/bin/sh\necho test-password\n");
    chmodSync(plain, 0o700);
    const env = { ANSIBLE_VAULT_PASSWORD_FILE: "~/other" };
    expect(await run(two, ["--vault-password-file", plain], env)).toMatchObject({ code: 0 });
  });

  it.each([
    [["--vault-password-file", "gone"], "cannot read the vault password file: ENOENT"],
    [["--vault-password-file", "empty"], "the vault password of CWD/empty is empty"],
    [["--vault-id", "x@sealed"], "the vault password file CWD/sealed is vaulted itself"],
    [["--vault-id", "x@broken"], "the vault password script CWD/broken ended with 3"],
    [["--vault-id", "x@no-client"], "the vault password script CWD/no-client has no password for x"],
    [["--vault-id", "x@prompt"], 'cannot ask "Vault password (x):": standard input is no terminal'],
    [["-J"], 'cannot ask "Vault password:": standard input is no terminal'],
  ])("that cannot be had end it at once: %j", async (args, message) => {
    write("empty", "\n");
    write("sealed", sealed("x"));
    chmodSync(write("broken", "#!/bin/sh\nexit 3\n"), 0o700);
    chmodSync(write("no-client", "#!/bin/sh\nexit 2\n"), 0o700);
    const ran = await run(play("- ping:"), args);
    expect(ran.err.replaceAll(folder, "CWD")).toContain(`latchkey: ${message}`);
    expect(ran.code).toBe(5);
  });
});

describe("files that stay closed", () => {
  const site = (): string => {
    write("vault.yml", sealed("secret: x\nsupport_key: lk-vault\n"));
    write("tasks.yml", sealed("- name: x\n  ping:\n"));
    return play(
      '- import_tasks: tasks.yml\n- debug: { msg: "{{ secret }}" }\n- { ping: , notify: gone }',
      "  vars_files: [vault.yml]\n",
    );
  };

  it("are one mistake each where they are needed, with the way to a password", async () => {
    const ran = await run(site(), []);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("tasks.yml:1:1: this is vaulted, and no password was given [V46]");
    expect(ran.err).toContain("vault.yml:1:1: this is vaulted, and no password was given [V46]");
    expect(ran.err).toContain("--vault-password-file FILE, --vault-id LABEL@FILE or --ask-vault-password");
    expect(ran.err).toContain("2 errors");
    write("wrong", "wrong");
    const wrong = await run(site(), ["--vault-id", "dev@wrong"]);
    expect(wrong.err).toContain(
      "vault.yml:1:1: Decryption failed: no password fits, or the content was changed (tried: dev) [V46]",
    );
  });

  it("of groups and hosts that no play needs are no mistake", async () => {
    write("hosts", "[dev]\nh1\n[prod]\nh2\n[site:children]\ndev\nprod\n");
    write("group_vars/dev/vault.yml", sealed("a: 1\n", { label: "dev" }));
    write("group_vars/prod/vault.yml", sealed("a: 2\n", { label: "prod", password: "other" }));
    write("host_vars/h2.yml", sealed("b: 2\n", { password: "other" }));
    write("group_vars/elsewhere.yml", sealed("b: 2\n", { password: "other" }));
    const site = write("site.yml", play("- { name: a, assert: { that: a == 1 } }"));
    const args = ["run", site, "-c", "local", "-i", "hosts", "--vault-id", "dev@pw"];
    expect(await latchkey([...args, "--limit", "dev"])).toMatchObject({ code: 0, err: "" });
    const all = await latchkey(args);
    expect(all.err).toContain("group_vars/prod/vault.yml:1:1: Decryption failed");
    expect(all.err).toContain("host_vars/h2.yml:1:1: Decryption failed");
    expect(all.err).toContain("2 errors; no host was contacted");
    expect((await latchkey(["inventory", "-i", "hosts", "--list", "--vault-id", "dev@pw"])).err).toContain("2 errors");
  });

  it("are passed over by validate, which says nothing of what may be in them", async () => {
    write("site.yml", site());
    expect(await latchkey(["validate", "site.yml", "-i", "h1,"])).toMatchObject({
      code: 0,
      out: "nothing wrong was found\n",
    });
    const told = await latchkey(["validate", "site.yml", "-i", "h1,", "--vault-password-file", "pw"]);
    expect(told.out).toContain("[V30]");
    write("vault.yml", sealed("x").replace(/\n.*/, "\nzz"));
    expect((await latchkey(["validate", "site.yml"])).out).toContain(
      "vault.yml:2:1: the vault is damaged: this is no hexadecimal digit [V46]",
    );
    write("site.yml", sealed(site()));
    expect(await latchkey(["validate", "site.yml"])).toMatchObject({ code: 0, out: "nothing wrong was found\n" });
  });
});

it("the library takes passwords, and keeps what they open as secret as the command line does", async () => {
  write("vars.yml", sealed("of_file: lk-vault-file\n", { label: "dev" }));
  write(
    "site.yml",
    play('- { name: a, debug: { msg: "{{ of_file }}" } }', "  vars_files: [vars.yml]\n  connection: local\n"),
  );
  const input = { playbooks: ["site.yml"], inventory: ["h1,"], cwd: folder };
  expect((await load(input)).diagnostics).toMatchObject([{ code: "V46" }]);
  const loaded = await load({ ...input, vaultPasswords: { dev: "test-password" } });
  expect(loaded.diagnostics).toEqual([]);
  const events: Event[] = [];
  const reporter = { on: (event: Event) => void events.push(event), close: () => Promise.resolve() };
  expect(await runLoaded(loaded.plan, { reporters: [reporter] })).toBe(0);
  expect(JSON.stringify(events)).toContain('"msg":"********"');
  expect(JSON.stringify(events)).not.toMatch(SECRET);
});

it("a script for a customer carries nothing that is vaulted, and takes no offence at what it does not use", async () => {
  write("vars.yml", sealed("secret: lk-vault-x\n"));
  write("files/f", sealed("lk-vault-file"));
  const head = "  become: true\n  vars_files: [vars.yml]\n  vars: { support_user: support }\n";
  const script = (task: string) =>
    latchkey(["script", write("site.yml", play(task, head)), "-o", "out.sh", "--vault-password-file", "pw"]);
  const used = await script('- { name: a, copy: { content: "{{ secret }}", dest: /etc/x } }');
  expect(used.err).toMatch(/^site\.yml:7:\d+: what is vaulted may be a secret .* \[V58\]\n/);
  expect((await script("- { name: a, copy: { src: f, dest: /etc/x } }")).err).toContain(
    "files/f is vaulted, and a script for a customer carries no secret [V58]",
  );
  expect(await script("- { name: a, copy: { content: plain, dest: /etc/x } }")).toMatchObject({ code: 0, err: "" });
  expect(contentOf("out.sh")).not.toMatch(SECRET);
});

describe("findings", () => {
  it("about what is in a vault say where, and show none of it", async () => {
    write("hosts", sealed("[g]\nh1 ansible_ssh_pass='lk-vault-a' lk-vault-word\n"));
    const list = await latchkey(["inventory", "-i", "hosts", "--list", "--vault-password-file", "pw"]);
    expect(list.err).toContain('hosts:2:34: "********" is not an assignment [V41]');
    expect(list.err).not.toMatch(SECRET);
    write("site.yml", sealed(play("- { name: a, file: { path: /x, follow: lk-vault-state } }")));
    const told = await latchkey(["validate", "site.yml", "-i", "h1,", "--vault-password-file", "pw"]);
    expect(told.out).toMatch(/^site\.yml:4:\d+: .*\[V11\]\n/);
    expect(told.out).not.toMatch(SECRET);
    write("vars.yml", sealed('a: lk-vault-x\n"lk-vault-y" lk-vault-z\n'));
    write("site.yml", play("- ping:", "  vars_files: [vars.yml]\n"));
    const broken = await latchkey(["validate", "site.yml", "--vault-password-file", "pw"]);
    expect(broken.out).toMatch(/^vars\.yml:2:\d+: the YAML is wrong here; what is in a vault is not shown \[V01\]\n/);
    expect(broken.out).not.toMatch(SECRET);
  });

  it("name a value of !vault that is damaged, at the character", async () => {
    const value = tagged("x").replace(/([0-9a-f])\n( +)[0-9a-f]/, "$1\n$2g");
    write("site.yml", play("- ping:", `  vars:\n    a: ${value}\n`));
    const told = await latchkey(["validate", "site.yml"]);
    expect(told.out).toContain("site.yml:6:7: the vault is damaged: this is no hexadecimal digit [V01]");
  });
});

it("values that an inventory's program marks as vaulted or unsafe are what it says", async () => {
  const vars = { a: { __ansible_vault: sealed("1") }, b: [{ __ansible_unsafe: "{{ x }}" }], c: "{{ x }}" };
  const list = { _meta: { hostvars: { h1: vars } }, g: { hosts: ["h1"] } };
  chmodSync(write("list.sh", `#!/bin/sh\ncat <<'END'\n${JSON.stringify(list)}\nEND\n`), 0o700);
  const task = `- { name: a, assert: { that: ["a == '1'", "b == [c]", "(c | length) == 7", "password is search('test')"] } }
- { name: b, debug: { msg: "{{ password }}" } }`;
  const site = write("site.yml", play(task, "  vars: { password: \"{{ lookup('file', 'pw') }}\" }\n"));
  const args = ["-c", "local", "-i", "list.sh", "--vault-password-file", "pw", "--reporter", "plain"];
  const ran = await latchkey(["run", site, ...args]);
  expect(ran).toMatchObject({ code: 0, err: "" });
  expect(ran.out).toContain('"msg": "********"');
});

it("inventory shows the values of vaulted files, and those of !vault as they are", async () => {
  const value = sealed("x");
  write("hosts.yml", sealed("all: { hosts: { h1: { a: 1 } } }"));
  write("host_vars/h1.yml", `b: !vault |\n${value.replaceAll(/^(?=.)/gm, "  ")}`);
  const { out } = await latchkey(["inventory", "-i", "hosts.yml", "--host", "h1", "--vault-password-file", "pw"]);
  expect(JSON.parse(out)).toEqual({ a: 1, b: { __ansible_vault: value } });
});
