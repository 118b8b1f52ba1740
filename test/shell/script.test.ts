/**
 * Scripts for customers: what a shell does with one that is whole, one that was cut off, and one that is told contradictory
 * things. What steps do is shown by their modules' cases; here it is that a script does the same.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/cli.ts";
import { undoProgram } from "../../src/shell/grant.ts";
import { capturedIo } from "../helpers/captured-io.ts";
import { silentCase } from "./case-file.ts";
import { openWorkbench, shells, smallHost, ThrowawayHost, type Workbench } from "./throwaway-host.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPdeWK8xtKtvMxEKkIBmx/x/X4yCd1HjNqDaxFWO5uSj engineer@vendor";
// The throw-away roots have a /tmp of their own.
const folder = mkdtempSync("/var/tmp/latchkey-script-");

/** Runs `latchkey script` in the folder; gives what it said. */
const makeScript = async (...options: readonly string[]): Promise<{ code: number; out: string; err: string }> => {
  const { io, said } = capturedIo(folder);
  const grant = join(process.cwd(), "playbooks/grant.yml");
  const code = await runCli(["script", grant, "-e", JSON.stringify({ support_keys: [key] }), ...options], io);
  return { code, ...said };
};

beforeAll(async () => {
  const made = await makeScript("-o", "grant.sh");
  expect(made.err).toBe("");
  expect(made.code).toBe(0);
  mkdirSync(join(folder, "asking"));
  expect((await makeScript("-o", "asking/grant.sh", "--no-default-verb")).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a script that was cut off", () => {
  // Starting a shell costs more than reading the script: Python starts them faster than another shell, or Node.js.
  const tryAll = `import os, subprocess, sys
path, *shell = sys.argv[1:]
for length in map(int, sys.stdin):
    os.truncate(path, length)
    with open(path) as script:
        said = subprocess.run(shell + ["-s", "--", "status"], stdin=script, stdout=-1, stderr=-3).stdout.decode()
    if said:
        print(length, said)`;
  const sayings = async (file: string, shell: readonly string[], lengths: readonly number[]): Promise<string> => {
    const child = spawn("python3", ["-c", tryAll, file, ...shell], { stdio: ["pipe", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stdin.end(`${lengths.join("\n")}\n`);
    const [code] = await once(child, "close");
    expect(code).toBe(0);
    return said;
  };

  it.concurrent.each([
    ["dash", ["dash"]],
    ["bash", ["bash"]],
    ["busybox ash", ["busybox", "ash"]],
  ] as const)("does nothing in %s, wherever it was cut", async (name, shell) => {
    const text = readFileSync(join(folder, "grant.sh"));
    const copy = join(folder, `cut-${name.replace(" ", "-")}`);
    writeFileSync(copy, text);
    // Without the last line break it is whole.
    const last = Array.from({ length: 2048 }, (_, index) => text.length - 2 - index);
    const step = Math.floor((text.length - 2050) / 200);
    const before = text.length - 2050;
    // From the end to the beginning, since each is cut from what is left.
    const others = Array.from({ length: 200 }, (_, index) => before - index * step - Math.floor(Math.random() * step));
    expect(await sayings(copy, shell, [...last, ...others])).toBe("");
    writeFileSync(copy, text);
    expect(await sayings(copy, shell, [text.length])).toContain("ACCESS IS CLOSED");
  });
});

/** A playbook in the folder, and the script of it; the error output where there is none. */
const scriptOf = async (name: string, tasks: string, others = ""): Promise<string> => {
  const path = join(folder, `${name}.yml`);
  writeFileSync(path, `- hosts: all\n  become: true\n  vars: {support_user: support}\n${others}  tasks:\n${tasks}`);
  mkdirSync(join(folder, name));
  const { io, said } = capturedIo(folder);
  const code = await runCli(["script", path, "-o", `${name}/grant.sh`], io);
  return code === 0 ? "" : said.err;
};

describe("the command", () => {
  it.each([
    [[], "give -o FILE"],
    [["-o", "revoke.sh"], "the name of the script that only revokes"],
    [["-o", "x.sh", "--for", "tomorrow"], "neither a duration nor a time; expected a duration such as 90m"],
    [["-o", "none/x.sh"], "no such file or directory"],
    [["-o", "x.sh", "--sign", "none"], "--sign: ENOENT"],
    [["-o", "x.sh", "-e", "support_delete_env=1x"], "no name of a variable of the environment"],
    [["-o", "x.sh", "-i", "a,b,"], "a script is for one host"],
  ] as const)("says what is wrong with %j, and writes nothing", async (options, message) => {
    const { code, out, err } = await makeScript(...options);
    expect(err).toContain(message);
    expect(code).toBe(5);
    expect(out).toBe("");
    expect(existsSync(join(folder, "x.sh"))).toBe(false);
  });

  it("lists what a script would do in both languages, and signs it", async () => {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "signer")]);
    const made = await makeScript("-o", "asking/signed.sh", "--inspect", "--for", "90m", "--sign", "signer");
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toContain("account support for 1 h 30 min from the moment it is run");
    expect(made.out).toContain("1. Create the group\n");
    expect(made.out).toContain("1. 그룹 만들기\n");
    const sum = createHash("sha256").update(readFileSync("playbooks/grant.yml")).digest("hex");
    const script = readFileSync(join(folder, "asking/signed.sh"));
    expect(script.toString()).toContain(`# grant.yml sha256 ${sum}\n`);
    const own = createHash("sha256").update(script).digest("hex");
    expect(readFileSync(join(folder, "asking/signed.sh.sha256"), "utf8")).toBe(`${own}  signed.sh\n`);
    writeFileSync(join(folder, "allowed"), `vendor ${readFileSync(join(folder, "signer.pub"), "utf8")}`);
    const check = [
      "-Y",
      "verify",
      "-f",
      "allowed",
      "-I",
      "vendor",
      "-n",
      "latchkey-script",
      "-s",
      "asking/signed.sh.sig",
    ];
    expect(execFileSync("ssh-keygen", check, { cwd: folder, input: script }).toString()).toContain("Good");
    expect(() =>
      execFileSync("ssh-keygen", check, { cwd: folder, input: `${script.toString()} `, stdio: "pipe" }),
    ).toThrow();
  });
});

describe("what needs a controller", () => {
  it.each([
    [
      "delegate_to",
      "    - command: id\n      delegate_to: localhost\n      changed_when: false\n",
      '"delegate_to" runs a task on another host',
    ],
    [
      "become_user",
      "    - command: id\n      become_user: games\n      changed_when: false\n",
      '"become_user" is another account than root',
    ],
    ["pause", "    - pause: {seconds: 1}\n", 'the module "pause" works on the controller'],
    [
      "regexp",
      "    - lineinfile: {path: /etc/motd, regexp: '^a', line: b}\n",
      '"regexp" of lineinfile is worked out on the controller',
    ],
    [
      "replace",
      "    - replace: {path: /etc/motd, regexp: '^a', replace: b}\n",
      'the module "replace" works out what it writes on the controller',
    ],
    [
      "lookup",
      "    - copy: {dest: /etc/x, content: \"{{ lookup('env', 'TOKEN') }}\"}\n",
      "the environment's TOKEN may be a secret of the controller's, and a script carries none",
    ],
    [
      "pipe in a variable",
      "    - copy: {dest: /etc/x, content: \"{{ token }}\"}\n      vars: {token: \"{{ lookup('pipe', 'id') }}\"}\n",
      "what a command prints may be a secret",
    ],
    ["check_mode", "    - copy: {dest: /etc/x, content: x}\n      check_mode: true\n", '"check_mode" only says'],
    ["assertion that never holds", "    - assert: {that: support_user == 'x', fail_msg: it is no x}\n", "it is no x"],
    [
      "private key",
      "    - copy: {dest: /etc/x, content: '-----BEGIN OPENSSH PRIVATE KEY-----'}\n",
      "the task holds a private key, and a script carries no secret",
    ],
    [
      "password",
      "    - user: {name: a, password: '$6$abcdefgh$0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567'}\n",
      "the task sets a password, and a script carries no secret",
    ],
    [
      "result",
      '    - user: {name: a}\n      register: made\n    - debug: {msg: "{{ made.uid }}"}\n',
      'a script does not know "made.uid"',
    ],
    [
      "fact",
      '    - debug: {msg: "{{ ansible_facts.memtotal_mb }}"}\n',
      'a script does not know the fact "memtotal_mb"',
    ],
    [
      "loop",
      '    - command: ls\n      register: list\n      changed_when: false\n    - debug: {msg: "{{ item }}"}\n      loop: "{{ list.stdout_lines }}"\n',
      'a script does not know "list.stdout_lines"',
    ],
    [
      "mode",
      '    - command: id -u\n      register: id\n      changed_when: false\n    - file: {path: /etc/motd, mode: "{{ id.stdout }}"}\n',
      "mode",
    ],
  ])("is refused with its place: %s", async (name, tasks, message) => {
    const err = await scriptOf(`refused ${name}`, tasks);
    expect(err).toContain(message);
    expect(err).toMatch(/\.yml:\d+:\d+: .*\[V58\]/);
  });

  it("is refused where it is a password of the inventory", async () => {
    const inventory = join(folder, "secret.ini");
    writeFileSync(inventory, "vm ansible_become_password=correct-horse\n");
    const path = join(folder, "secret.yml");
    const task = 'copy: {dest: /etc/x, content: "{{ ansible_become_password }}"}';
    writeFileSync(path, `- hosts: all\n  become: true\n  vars: {support_user: a}\n  tasks:\n    - ${task}\n`);
    const { io, said } = capturedIo(folder);
    expect(await runCli(["script", path, "-i", inventory, "-o", "secret.sh"], io)).toBe(1);
    expect(said.err).toContain("the script would hold a password of the inventory");
    expect(said.err).not.toContain("correct-horse");
    expect(existsSync(join(folder, "secret.sh"))).toBe(false);
  });

  it("may stand in a task that this script never runs", async () => {
    const tasks =
      "    - command: id\n      delegate_to: localhost\n      when: cloud is defined\n      vars: {latchkey_undo: {keep: x}}\n";
    expect(await scriptOf("never", tasks)).toBe("");
  });
});

describe("a script", () => {
  let bench: Workbench;
  beforeAll(() => {
    const opened = openWorkbench();
    if ("reason" in opened) throw new Error(opened.reason);
    bench = opened;
  });
  afterAll(() => bench.close());

  /** Runs assertions in a throw-away root, where $script is the script and `run` pipes it into the shell. */
  const inRoot = async (shell: readonly string[], assertions: string, script = "grant.sh"): Promise<string> => {
    const given = `${smallHost}
      script='${folder}/${script}'
      run() { cat "$script" | "$@" >/root/said 2>&1 || { cat /root/said; return 1; }; }
      last() { tail -n 1 /root/said | grep -F -- "$1"; }
      shell='${shell.join(" ")}'
      ${assertions}`;
    const host = await ThrowawayHost.start(bench, "dash", { ...silentCase, file: "", name: "", given, then: "" });
    try {
      return host.read("/root/said");
    } finally {
      await host.kill();
    }
  };

  it.each(Object.entries(shells))(
    "opens, says so, changes nothing the second time, and closes, in %s",
    async (_, shell) => {
      const said = await inRoot(
        shell,
        `run $shell; last 'ACCESS IS OPEN for support until'
      getent passwd support | grep -F 'Vendor support account'
      grep -F 'restrict,pty,expiry-time=' /home/support/.ssh/authorized_keys
      [ "$(visudo -cf /etc/sudoers.d/zz-support | grep -c OK)" = 1 ]
      cp /var/lib/latchkey/grants/support/undo /root/undo
      find /etc /home /var/lib/latchkey -newer /root/undo >/root/before
      run $shell; last 'ACCESS IS OPEN for support until'
      ! grep done /root/said
      run $shell -s -- status; last 'ACCESS IS OPEN for support until'
      SUPPORTDEL=yes run $shell; last 'ACCESS IS CLOSED'
      ! getent passwd support; ! [ -e /home/support ]; ! [ -e /var/lib/latchkey ]; ! [ -e /etc/sudoers.d/zz-support ]
      SUPPORTDEL=yes run $shell; last 'ACCESS IS CLOSED'
      cp /root/undo /root/said`,
      );
      // What ends it is the same program that a grant over SSH leaves.
      expect(said).toBe(undoProgram("support"));
    },
  );

  it("does nothing where it is not clear what is wanted, and says which access there is", async () => {
    const said = await inRoot(
      ["dash"],
      `fails() { if run "$@"; then exit 1; fi; last 'ACCESS IS CLOSED'; cat /root/said >>/root/all; }
      SUPPORTDEL=no fails sh -
      SUPPORTDEL='yes; id' fails sh -
      SUPPORTDEL=yes fails sh -s -- grant
      fails sh -s -- open
      fails setpriv --reuid 65534 --clear-groups sh -
      script=${folder}/revoke.sh
      fails sh -s -- grant
      script=${folder}/asking/grant.sh
      fails sh -
      ! getent passwd support; ! [ -e /var/lib/latchkey ]
      cp /root/all /root/said`,
    );
    const nothing = said.split("\n").filter((line) => line.startsWith("Nothing was done: "));
    expect(nothing.map((line) => line.slice("Nothing was done: ".length))).toEqual([
      "SUPPORTDEL=yes closes access; what was given is something else",
      "SUPPORTDEL=yes closes access; what was given is something else",
      "the verb says grant, and SUPPORTDEL says revoke",
      'there is no verb "open": say grant, revoke or status',
      "only root can do this, and sudo does not run it here without a password: become root with  sudo -i  and run the same line again",
      "this script only closes access",
      "say what is to be done: sh -s -- grant, revoke or status",
    ]);
  });

  it("becomes root through sudo where that asks for nothing", async () => {
    const said = await inRoot(
      ["dash"],
      `useradd -m customer
      (umask 226 && echo 'customer ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/customer)
      run setpriv --reuid customer --regid customer --clear-groups sh -; last 'ACCESS IS OPEN for support'
      script=${folder}/revoke.sh
      run setpriv --reuid customer --regid customer --clear-groups env LATCHKEY_LANG=ko sh -
      ! getent passwd support`,
    );
    expect(said).toContain("접속이 닫혀 있습니다(ACCESS IS CLOSED)");
    expect(said).toContain("완료");
  });

  it("takes back what it did where a step fails, and says that access is closed", async () => {
    const said = await inRoot(
      ["dash"],
      `printf '#!/bin/sh\\nexit 1\\n' >/usr/local/sbin/visudo; chmod +x /usr/local/sbin/visudo
      if run sh -; then exit 1; fi
      last 'ACCESS IS CLOSED'; ! getent passwd support; ! [ -e /var/lib/latchkey ]`,
    );
    expect(said).toMatch(/FAILED {4}Allow/);
    expect(said).toContain("It failed, so what was done is taken back:");
  });

  it("leaves somebody else's account alone", async () => {
    const said = await inRoot(
      ["dash"],
      `useradd -m -c 'a colleague' support
      if run sh -; then exit 1; fi
      last 'ACCESS MAY BE OPEN: the account support is on this host, and no grant'
      cp /root/said /root/first
      if SUPPORTDEL=yes run sh -; then exit 1; fi
      last 'ACCESS MAY BE OPEN'; getent passwd support; ! [ -e /var/lib/latchkey ]
      cp /root/first /root/said`,
    );
    expect(said).toContain("exists here that this playbook did not make: choose another name");
  });

  it("is told apart from a grant that is cut off: one that was killed is taken back by the next", async () => {
    await inRoot(
      ["dash"],
      `run sh -; printf arming >/var/lib/latchkey/grants/support/state
      run sh -; last 'ACCESS IS OPEN for support'; [ "$(cat /var/lib/latchkey/grants/support/state)" = open ]
      mkdir -p /var/lib/latchkey/grants/.lock /var/lib/latchkey/grants/.new-support; echo 1 2 3 >/var/lib/latchkey/grants/.lock/holder
      SUPPORTDEL=yes run sh -; last 'ACCESS IS CLOSED'; ! [ -e /var/lib/latchkey ]`,
    );
  });

  it.each(Object.entries(shells))("has blocks, loops, handlers, results and conditions, in %s", async (name, shell) => {
    const tasks = `
    - name: Look
      command: cat /etc/hostname
      register: host_name
      changed_when: false
    - name: Fail, and go on
      command: /bin/false
      register: wrong
      changed_when: false
      ignore_errors: true
    - name: Try until it is there
      shell: echo x >>/root/tries; wc -l </root/tries
      register: tries
      until: tries.stdout | int >= 3
      delay: 0
      changed_when: false
    - block:
        - command: /bin/false
          changed_when: false
        - copy: {dest: /root/never, content: x}
      rescue:
        - copy: {dest: /root/rescued, content: "{{ host_name.stdout }}\\n{{ tries.stdout }} {{ wrong.rc }}\\n"}
          notify: tell
      always:
        - copy: {dest: "/root/always-{{ item }}", content: "it's {{ item }} $(id)"}
          loop: [a, b]
          register: copied
    - meta: flush_handlers
    - set_fact:
        both: "{{ host_name.stdout }}-{{ 'x' if wrong is failed else 'y' }}"
    - lineinfile: {path: /root/lines, line: "{{ both }}", create: true}
      when: copied is changed and host_name.stdout != ''
    - lineinfile: {path: /root/lines, line: "{{ both }}", create: true}
    - lineinfile: {path: /root/dropped, line: two, state: absent}
    - file: {path: /root/no, state: touch}
      when: wrong.rc == 0 or copied is not changed
    - stat: {path: /root/dropped}
      register: dropped
    - fail: {msg: "it is {{ dropped.stat.size }}"}
      when: dropped.stat.size != 9
    - group: {name: "g{{ dropped.stat.size }}"}
      when: ansible_facts.os_family == 'Debian' and ansible_distribution_version is version('1', '>=')
    - meta: end_play
      when: dropped.stat.exists
    - copy: {dest: /root/after-the-end, content: x}
`;
    const handlers = `  handlers:
    - name: tell
      copy: {dest: /root/told, content: told}
`;
    expect(await scriptOf(`all ${name}`, tasks, handlers)).toBe("");
    const said = await inRoot(
      shell,
      `printf 'one\\ntwo\\nthree' >/root/dropped; printf 'first' >/root/lines; echo 'vm $(x)' >/etc/hostname
      run ${shell.join(" ")}; grep -F 'Fail, and go on' /root/said
      [ "$(cat /root/rescued)" = "$(printf 'vm $(x)\\n3 1')" ]
      [ "$(cat /root/always-b)" = "it's b \\$(id)" ]; [ -f /root/always-a ]; [ "$(cat /root/told)" = told ]
      [ "$(cat /root/lines)" = "$(printf 'first\\nvm $(x)-x')" ]
      [ "$(cat /root/dropped)" = "$(printf 'one\\nthree')" ]
      getent group g9; ! [ -e /root/no ]; ! [ -e /root/never ]; ! [ -e /root/after-the-end ]
      cp /root/said /root/first
      SUPPORTDEL=yes run ${shell.join(" ")}
      ! [ -e /root/rescued ]; ! [ -e /root/always-a ]; ! getent group g9
      [ "$(cat /root/lines)" = first ]; [ "$(cat /root/dropped)" = "$(printf 'one\\ntwo\\nthree')" ]
      cp /root/first /root/said`,
      `all ${name}/grant.sh`,
    );
    expect(said).toContain("ignored   Fail, and go on");
  });
});
