import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey } from "./latchkey.ts";
import { onTerminal } from "./on-terminal.ts";

/** Comes into being where a value is run instead of kept. */
const PWNED = "/tmp/lk-pwned";

const VALUES: Readonly<Record<string, string>> = {
  quotes: `it's "quoted" \\ back`,
  commands: `$(touch ${PWNED}) \`touch ${PWNED}\` $((1+1)) $HOME`,
  operators: `; touch ${PWNED}; # & | > ${PWNED} < /etc/passwd && touch ${PWNED}`,
  lines: "one\ntwo\n\n\tthree\n",
  cr: "a\r\nb\r",
  template: `{{ 7 * 7 }} {% for x in [1] %} {# c #} {{ lookup('pipe', 'touch ${PWNED}') }}`,
  escapes: "\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b31m \u202ertl \b\u007f",
  dashes: "-rf --help -n",
  unicode: "한국어 ünïcödé 😀 e\u0301 \u2028 x",
  globs: "* ? [a-z] ~ ~root !! {a,b}",
  percent: "%s %n %d %% \\0101",
  end: "EOF\n'EOF'\nLK\n",
  frame: "\u001e0123456789abcdef end 3 1\n0\n",
  pattern: "a/b&c\\1|#@.*[",
  backslash: "ends with a backslash\\",
  braces: "{{ 7 * 7 }}{% if x %}",
  empty: "",
  blank: "  both sides  ",
  long: `x'"$y`.repeat(4000),
};
const NAMES = Object.keys(VALUES);
/** Those that a file's name can hold, and in which no `$NAME` stands: `path` means a variable of the host by it. */
const NAMEABLE = NAMES.filter((name) => /^[^/$]{1,80}$/s.test(VALUES[name] ?? ""));

const LOOP = `loop: "{{ vals }}", loop_control: { label: "{{ item.n }}" }`;
const CONTENT = `
    - { name: copy, copy: { content: "{{ item.v }}", dest: "/root/v/copy.{{ item.n }}" }, ${LOOP} }
    - { name: template, template: { src: value.j2, dest: "/root/v/template.{{ item.n }}" }, ${LOOP} }
    - { name: argv, command: { argv: [printf, "%s.", "{{ item.v }}"], expand_argument_vars: false }, ${LOOP}, register: argv }
    - { name: stdin, command: { cmd: sh -c 'cat; echo .', stdin: "{{ item.v }}", stdin_add_newline: false }, ${LOOP}, register: stdin }
    - { name: quoted, shell: "printf %s. {{ item.v | quote }}", ${LOOP}, register: quoted }
    - { name: environment, shell: 'printf %s. "$LK_VALUE"', environment: { LK_VALUE: "{{ item.v }}" }, ${LOOP}, register: environ }
    - { name: file, slurp: { src: "/root/v/copy.{{ item.n }}" }, ${LOOP}, register: slurped }
    - { name: fact, set_fact: { facts: "{{ (facts | default({})) | combine({item.n: item.v}) }}" }, ${LOOP} }
    - name: every way gives what was put in
      assert:
        quiet: true
        that:
          - argv.results[at].stdout == item.v ~ '.'
          - stdin.results[at].stdout == item.v ~ '.'
          - quoted.results[at].stdout == item.v ~ '.'
          - environ.results[at].stdout == item.v ~ '.'
          - slurped.results[at].content | b64decode == item.v
          - facts[item.n] == item.v
      loop: "{{ vals }}"
      loop_control: { label: "{{ item.n }}", index_var: at }
    - { name: and back, copy: { content: "{{ environ.results[at].stdout }}", dest: "/root/v/back.{{ item.n }}" }, loop: "{{ vals }}", loop_control: { label: "{{ item.n }}", index_var: at } }
`;

const PLACES = `
    - { name: file, copy: { content: "{{ item.n }}", dest: "/root/n/{{ item.v }}" }, ${LOOP} }
    - { name: directory, file: { path: "/root/d/{{ item.v }}", state: directory }, ${LOOP} }
    - { name: link, file: { path: "/root/l/{{ item.n }}", src: "{{ item.v }}", state: link, force: true }, ${LOOP} }
`;

const EDITS = `
    - { name: line, lineinfile: { path: "/root/e/line.{{ item.n }}", create: true, line: "{{ item.v }}" }, ${LOOP} }
    - { name: block, blockinfile: { path: "/root/e/block.{{ item.n }}", create: true, block: "{{ item.v }}" }, ${LOOP} }
    - { name: comment, user: { name: lk-known, comment: "{{ item.v }}" }, ${LOOP} }
    - { name: key, authorized_key: { user: lk-known, key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEdggoxRe5ZTKG5P2g0p3NrRuU0cEjzRzWe1r5Zr1aqk {{ item.v }}" }, ${LOOP} }
`;

/** What no account, group, file of sudo's or service may be called. */
const ILLEGAL = [
  "",
  "-x",
  "--help",
  "a:b",
  "a b",
  "a\nb",
  "a\n",
  "../x",
  "a/b",
  ".",
  "..",
  "a\tb",
  "x,y",
  "a\u001b[31m",
  `$(touch ${PWNED})`,
];

describeLab("hostile values", () => {
  let lab: Lab;
  const run = async (
    name: string,
    tasks: string,
    values: readonly string[] | Readonly<Record<string, string>>,
    ...options: string[]
  ) => {
    const path = write(name, tasks, values);
    return latchkey(["run", path, "-i", lab.inventory, ...options]);
  };
  /** The values come from a file that is no playbook: what stands in them is never a template. */
  const write = (name: string, tasks: string, values: readonly string[] | Readonly<Record<string, string>>): string => {
    const list = Object.entries(values).map(([n, v]: [string, string]) => ({ n, v }));
    const data = join(lab.dir, `${name}.json`);
    writeFileSync(data, JSON.stringify(list));
    const vars = `    vals: "{{ lookup('file', '${data}') | from_json }}"\n`;
    const path = join(lab.dir, `${name}.yml`);
    writeFileSync(path, `- hosts: all\n  gather_facts: false\n  become: true\n  vars:\n${vars}  tasks:\n${tasks}`);
    return path;
  };
  const only = (names: readonly string[]): Readonly<Record<string, string>> =>
    Object.fromEntries(names.map((name) => [name, VALUES[name] ?? ""]));
  const read = async (path: string): Promise<string> => (await lab.exec("vm1", ["cat", path])).stdout;

  beforeAll(async () => {
    lab = await startLab({ hosts: 1 });
    await lab.exec("vm1", ["sh", "-ec", "mkdir /root/v /root/n /root/d /root/l /root/e; useradd -m lk-known"]);
    writeFileSync(join(lab.dir, "value.j2"), "<{{ item.v }}>\n");
    await lab.mark();
  });
  afterAll(async () => {
    try {
      expect(existsSync(PWNED)).toBe(false);
      expect(await lab.exec("vm1", ["ls", PWNED])).toMatchObject({ code: 2 });
    } finally {
      await lab.stop();
    }
  });

  it("stay what they are through files, programs, variables and back", async () => {
    const { code, stdout } = await run("content", CONTENT, VALUES);
    expect(stdout).not.toMatch(/^(fatal|failed): /m);
    expect(code).toBe(0);
    for (const [name, value] of Object.entries(VALUES)) {
      expect(await read(`/root/v/copy.${name}`)).toBe(value);
      expect(await read(`/root/v/template.${name}`)).toBe(`<${value}>\n`);
      expect(await read(`/root/v/back.${name}`)).toBe(`${value}.`);
    }
  });

  it("name files, directories and the targets of links", async () => {
    const { code, stdout } = await run("places", PLACES, only(NAMEABLE));
    expect(stdout).not.toMatch(/^(fatal|failed): /m);
    expect(code).toBe(0);
    for (const name of NAMEABLE) {
      const value = VALUES[name] ?? "";
      expect(await read(`/root/n/${value}`)).toBe(name);
      expect(await lab.exec("vm1", ["test", "-d", `/root/d/${value}`])).toMatchObject({ code: 0 });
      const target = await lab.exec("vm1", ["readlink", "-n", `/root/l/${name}`]);
      expect(target.stdout).toBe(value);
    }
    const counted = await lab.exec("vm1", ["sh", "-c", "cd /root; find d n -mindepth 1 -exec echo x ';' | wc -l"]);
    expect(Number(counted.stdout)).toBe(2 * NAMEABLE.length);
  });

  it("are one line, or one block, or refused where a line cannot hold them", async () => {
    const { stdout } = await run("edits", EDITS.replaceAll("  - {", "  - { ignore_errors: true,"), VALUES);
    for (const name of NAMES) {
      const value = VALUES[name] ?? "";
      expect(await read(`/root/e/line.${name}`)).toBe(`${value}\n`);
      if (value !== "") expect(await read(`/root/e/block.${name}`)).toContain(value);
    }
    const passwd = await read("/etc/passwd");
    expect(
      passwd.split("\n").filter((line) => !/^[A-Za-z_][A-Za-z0-9_-]*:x:\d+:\d+:[^:]*:\/[^:]*:\/[^:]*$/.test(line)),
    ).toEqual([""]);
    const keys = (await read("/home/lk-known/.ssh/authorized_keys")).split("\n");
    expect(keys.filter((line) => !line.startsWith("ssh-ed25519 AAAA"))).toEqual([""]);
    // oxlint-disable-next-line no-control-regex -- what may not be there
    expect(keys.join("")).not.toMatch(/[\u0000-\u001f\u007f]/);
    for (const name of ["lines", "cr", "end", "frame"]) expect(stdout).toContain(`failed: [vm1] (item=${name})`);
  });

  it("are no names of accounts, groups, files of sudo's and services", async () => {
    const tasks = `
    - { name: user, user: { name: "{{ item.v }}" }, ${LOOP}, ignore_errors: true }
    - { name: group, group: { name: "{{ item.v }}" }, ${LOOP}, ignore_errors: true }
    - { name: sudoers, sudoers: { name: "{{ item.v }}", user: lk-known, commands: ALL }, ${LOOP}, ignore_errors: true, when: item.v is not match('-') }
    - { name: service, service: { name: "{{ item.v }}", state: started }, ${LOOP}, ignore_errors: true }
`;
    // A file of sudo's may begin with a dash: it is reached by its whole path.
    const dashed = ILLEGAL.filter((name) => name.startsWith("-"));
    await lab.mark();
    const { stdout } = await run("names", tasks, ILLEGAL);
    expect(stdout.match(/^failed: /gm)).toHaveLength(4 * ILLEGAL.length - dashed.length);
    expect((await lab.changed("vm1")).filter((line) => line.includes("/etc/"))).toEqual([]);
  });

  describe("on a terminal", () => {
    const TELL = `
    - { name: "task {{ item.v }}", debug: { msg: "{{ item.v }}" }, loop: "{{ vals }}", loop_control: { label: "{{ item.v }}" } }
    - { name: output, shell: "printf %s {{ vals[0].v | quote }}; printf %s {{ vals[0].v | quote }} >&2; exit 3", ignore_errors: true }
    - { name: module, fail: { msg: "{{ vals[0].v }}" }, ignore_errors: true }
    - { name: change, copy: { content: "{{ vals[0].v }}", dest: "/root/{{ vals[0].v }}" }, diff: true }
`;
    // oxlint-disable-next-line no-control-regex -- what may not be there: a line break and a tab are no danger
    const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

    it.each([
      ["as lines", []],
      ["as lines, with all there is to tell", ["-vvv"]],
      ["as events", ["--reporter", "jsonl"]],
    ])("steer nothing %s", async (_title, options) => {
      const { code, stdout, stderr } = await run("told", TELL, only(["escapes", "cr", "frame"]), "--diff", ...options);
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(STEERING);
      expect(stdout).toMatch(/\\x1b\[31mred|\\u001b\[31mred/);
    });

    it("steer nothing as a tree", async () => {
      const path = write("told", TELL, only(["escapes", "cr", "frame"]));
      const { code, stdout } = await onTerminal(["run", path, "-i", lab.inventory, "--diff"]).done;
      expect(code).toBe(0);
      // oxlint-disable-next-line no-control-regex -- what the tree itself sends: colours, cursor, clearing, line ends
      const shown = stdout.replaceAll(/\u001b\[(?:0|\d;\d\d|3\d|39|1|22|2|9\d)?m|\u001b\[\??\d*[hlAGJK]|\r/g, "");
      expect(shown).not.toMatch(STEERING);
      expect(shown).toContain("\\x1b[31mred");
      expect(shown).not.toContain("\u001b");
    });
  });
});
