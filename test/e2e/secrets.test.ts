import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seal } from "../../src/vault/cipher.ts";
import { renderEnvelope } from "../../src/vault/envelope.ts";
import { type CommandResult, type Lab, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey } from "./latchkey.ts";
import { onTerminal } from "./on-terminal.ts";
import { ProcessWatch } from "./process-watch.ts";

/** Each is a word of its own, so that one look for `lk-secret-` finds all of them. */
const SUDO_PASSWORD = "lk-secret-sudo'\"$x";
const LOGIN_PASSWORD = "lk-secret-login \\ y";
const PASSPHRASE = "lk-secret-passphrase";
const SECRET = /lk-secret-/;
/** In the arguments of a step on purpose: a watch that does not see it sees nothing. */
const SEEN = /lk-secret-|lk-seen/;

/** Every module that takes a secret, under no_log; those that fail as well. Each step takes a moment, to be watched. */
const TASKS = `
    - { name: copy, copy: { content: "lk-secret-copy\\n", dest: /root/kept/copy, mode: "0600" } }
    - { name: copy again, copy: { content: "lk-secret-copy\\nlk-secret-more\\n", dest: /root/kept/copy, mode: "0600" } }
    - { name: template, template: { src: secret.j2, dest: /root/kept/template } }
    - { name: line, lineinfile: { path: /root/kept/lines, create: true, line: "password=lk-secret-line" } }
    - { name: line again, lineinfile: { path: /root/kept/lines, regexp: ^password, line: "password=lk-secret-line2" } }
    - { name: block, blockinfile: { path: /root/kept/lines, block: lk-secret-block } }
    - { name: replace, replace: { path: /root/kept/lines, regexp: lk-secret-block, replace: lk-secret-replaced } }
    - { name: user, user: { name: lk-user, password: "$6$salt$lk-secret-hash" } }
    - { name: user again, user: { name: lk-user, password: "$6$salt$lk-secret-hash2" } }
    - { name: seen, command: { argv: [sh, -c, sleep 0.2, lk-seen] } }
    - { name: stdin, command: { cmd: sleep 0.05, stdin: lk-secret-stdin } }
    - { name: output, shell: "cat; cat >&2; sleep 0.05", args: { stdin: lk-secret-output }, register: output }
    - { name: reuse, shell: "cat; sleep 0.05; exit 3", args: { stdin: "{{ output.stdout }}" } }
    - { name: slurp, slurp: { src: /root/kept/copy }, register: slurped }
    - { name: fact, set_fact: { fact: "{{ slurped.content | b64decode }}" } }
    - { name: loop, debug: { msg: "{{ item }}" }, loop: ["{{ fact }}", lk-secret-item] }
    - { name: assert, assert: { that: fact == 'lk-secret-other', fail_msg: "not {{ fact }}" } }
    - { name: refused, copy: { content: lk-secret-refused, dest: /root/none/x } }
    - { name: judged, copy: { content: lk-secret-judged, dest: /root/kept/judged, validate: grep -q nothing %s } }
    - { name: attempts, command: { cmd: "false", stdin: lk-secret-attempts }, until: false, retries: 1, delay: 0 }
    - { name: undefined, copy: { content: "{{ fact }}{{ {}.none }}", dest: /root/kept/undefined } }
`;

describeLab("a secret", () => {
  let lab: Lab;
  let inventory: string;
  beforeAll(async () => {
    lab = await startLab({ hosts: 2 });
    for (const { name } of lab.hosts)
      expect(await lab.exec(name, ["sh", "-ec", accounts()])).toMatchObject({ code: 0 });
    const key = join(lab.dir, "locked");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", PASSPHRASE, "-f", key]);
    const publicKey = readFileSync(`${key}.pub`, "utf8");
    const authorize = `install -d -o lk-admin /home/lk-admin/.ssh; echo '${publicKey}' >/home/lk-admin/.ssh/authorized_keys`;
    for (const { name } of lab.hosts) await lab.exec(name, ["sh", "-ec", authorize]);
    inventory = join(lab.dir, "secret.ini");
    writeFileSync(
      inventory,
      readFileSync(lab.inventory, "utf8").replaceAll(/^ansible_(?:user|ssh_private).*\n/gm, "") +
        "ansible_user=lk-admin\n",
    );
    writeFileSync(join(lab.dir, "secret.j2"), "lk-secret-template {{ inventory_hostname }}\n");
  });
  afterAll(() => lab.stop());

  const playbook = (name: string, body: string): string => {
    const path = join(lab.dir, name);
    writeFileSync(path, body);
    return path;
  };

  describe.each(["plain", "jsonl"])("in a run with everything told (%s)", (reporter) => {
    let result: CommandResult;
    let seen: readonly string[];
    let temporary: readonly string[];
    beforeAll(async () => {
      const keywords = "  gather_facts: false\n  become: true\n  no_log: true\n  ignore_errors: true\n  diff: true\n";
      const path = playbook("told.yml", `- hosts: all\n${keywords}  tasks:\n${TASKS}`);
      const passwordFile = join(lab.dir, "password");
      writeFileSync(passwordFile, `${SUDO_PASSWORD}\n`, { mode: 0o600 });
      const variables = join(lab.dir, "variables.json");
      writeFileSync(variables, JSON.stringify({ ansible_ssh_private_key_passphrase: PASSPHRASE }));
      const temporaryFolder = join(lab.dir, "tmp");
      mkdirSync(temporaryFolder, { recursive: true });
      const watch = ProcessWatch.start(SEEN);
      const options = ["-i", inventory, "--private-key", join(lab.dir, "locked"), "-e", `@${variables}`];
      const more = ["--become-password-file", passwordFile, "-vvv", "--diff", "--reporter", reporter];
      result = await latchkey(["run", path, ...options, ...more], { TMPDIR: temporaryFolder });
      seen = await watch.stop();
      temporary = readdirSync(temporaryFolder);
    });

    it("was used", () => {
      expect(result.code).toBe(0);
      expect(result.stdout).toContain("the output has been hidden due to the fact that 'no_log: true'");
      expect(result.stdout).toMatch(/"?name"?.*undefined|TASK \[undefined\]/);
    });

    it("is not told", () => {
      expect(linesWith(result.stdout + result.stderr)).toEqual([]);
    });

    it("is in no process's arguments or environment, here or on a host", () => {
      expect(seen.filter((line) => SECRET.test(line))).toEqual([]);
      expect(seen.join()).toContain("lk-seen");
    });

    it("is in no temporary file of this machine, and in no other file of the hosts than those it was meant for", async () => {
      expect(temporary).toEqual([]);
      for (const { name } of lab.hosts) {
        const found = await lab.exec(name, [
          "grep",
          "-rlaF",
          "lk-secret-",
          "/etc",
          "/home",
          "/root",
          "/run",
          "/tmp",
          "/var",
        ]);
        const files = found.stdout.split("\n").filter((line) => line !== "");
        const meant = /^\/root\/kept\/(copy|template|lines)$|^\/etc\/shadow-?$/;
        expect(files.filter((file) => !meant.test(file))).toEqual([]);
        expect(files).toContain("/root/kept/copy");
      }
    });
  });

  it("that was typed at a prompt is not shown, and does what it is for", async () => {
    const path = playbook(
      "typed.yml",
      "- hosts: vm1\n  gather_facts: false\n  become: true\n  tasks:\n    - { name: who, shell: id -un; sleep 0.3 }\n",
    );
    const watch = ProcessWatch.start(SECRET);
    const run = onTerminal(["run", path, "-i", inventory, "-k", "-K", "-vvv", "--reporter", "plain"]);
    await run.said("SSH password: ");
    run.type(`${LOGIN_PASSWORD}\r`);
    await run.said("BECOME password[defaults to SSH password]: ");
    run.type(`${SUDO_PASSWORD}\r`);
    const { code, stdout } = await run.done;
    expect(linesWith(stdout)).toEqual([]);
    expect(stdout).toContain('"root"');
    expect(code).toBe(0);
    expect(await watch.stop()).toEqual([]);
  });

  it("of a vault reaches what it is meant for, and nothing else", async () => {
    writeFileSync(join(lab.dir, "vaulted.yml"), sealed("of_file: lk-secret-file\n"));
    writeFileSync(join(lab.dir, "vaulted.conf"), sealed("password = lk-secret-source\n"));
    writeFileSync(join(lab.dir, "vault-password"), "test-password\n", { mode: 0o600 });
    const path = playbook(
      "vaulted-play.yml",
      `
- hosts: all
  gather_facts: false
  become: true
  vars_files: [vaulted.yml]
  vars:
    ansible_become_password: !vault |
${sealed(SUDO_PASSWORD).replaceAll(/^/gm, "      ")}
    ansible_ssh_private_key_passphrase: !vault |
${sealed(PASSPHRASE).replaceAll(/^/gm, "      ")}
    of_value: !vault |
${sealed("lk-secret-value").replaceAll(/^/gm, "      ")}
  tasks:
    - { name: source, copy: { src: vaulted.conf, dest: /root/kept/vaulted } }
    - { name: values, copy: { content: "{{ of_file }} {{ of_value }}\\n", dest: /root/kept/vaulted-values } }
    - { name: printed, debug: { msg: "{{ of_value }} {{ hostvars }}" } }
    - { name: seen, command: { argv: [sh, -c, sleep 0.2, lk-seen] } }
    - { name: output, shell: "cat; cat >&2; sleep 0.05", args: { stdin: "{{ of_file }}" } }
    - { name: failed, assert: { that: of_value == of_file, fail_msg: "not {{ of_value }}" }, ignore_errors: true }
`,
    );
    const temporaryFolder = join(lab.dir, "tmp-vault");
    mkdirSync(temporaryFolder);
    const watch = ProcessWatch.start(SEEN);
    const options = [
      "-i",
      inventory,
      "--private-key",
      join(lab.dir, "locked"),
      "-vvv",
      "--diff",
      "--reporter",
      "jsonl",
    ];
    const vault = ["--vault-password-file", join(lab.dir, "vault-password")];
    const ran = await latchkey(["run", path, ...options, ...vault], { TMPDIR: temporaryFolder });
    const seen = await watch.stop();
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(linesWith(ran.stdout)).toEqual([]);
    expect(seen.filter((line) => SECRET.test(line))).toEqual([]);
    expect(seen.join()).toContain("lk-seen");
    expect(readdirSync(temporaryFolder)).toEqual([]);
    for (const { name } of lab.hosts) {
      const folders = ["/etc", "/home", "/root", "/run", "/tmp", "/var"];
      const found = await lab.exec(name, ["grep", "-rlaE", "lk-secret-(file|value|source)", ...folders]);
      expect(found.stdout.trim().split("\n").toSorted()).toEqual(["/root/kept/vaulted", "/root/kept/vaulted-values"]);
      const kept = await lab.exec(name, ["cat", "/root/kept/vaulted", "/root/kept/vaulted-values"]);
      expect(kept.stdout).toBe("password = lk-secret-source\nlk-secret-file lk-secret-value\n");
    }
  });

  it("of a variable is covered wherever it is printed, also before it was used, and for another host", async () => {
    const variables = join(lab.dir, "secret-vars.ini");
    const ini = readFileSync(inventory, "utf8");
    const own = ini
      .replace(/^vm1 .*$/m, "$& ansible_password='lk-secret-one' ansible_become_password=lk-secret-two")
      .replace(/^vm2 .*$/m, "$& ansible_ssh_pass='lk-secret-three' ansible_become_pass='lk-secret-four\"x'");
    writeFileSync(variables, own);
    const path = playbook(
      "printed.yml",
      `
- hosts: vm1
  gather_facts: false
  tasks:
    - { name: whole, debug: { var: hostvars } }
    - { name: text, debug: { msg: "{{ ansible_become_password }} {{ hostvars.vm2.ansible_become_pass }}" } }
    - { name: bytes, debug: { msg: "{{ hostvars.vm2.ansible_ssh_pass | b64encode }}" } }
    - { name: "name {{ ansible_password }}", debug: {} }
`,
    );
    for (const reporter of ["plain", "jsonl"]) {
      const { code, stdout, stderr } = await latchkey(["run", path, "-i", variables, "--reporter", reporter]);
      expect(code).toBe(0);
      expect(linesWith(stdout + stderr)).toEqual([]);
      expect(stdout).not.toContain(Buffer.from("lk-secret-three").toString("base64"));
      expect(stdout.split("********").length).toBeGreaterThan(7);
    }
  });
});

/** A text as ansible-vault would seal it. */
const sealed = (text: string): string => renderEnvelope(seal(Buffer.from(text), Buffer.from("test-password")));

/** The password is set by standard input, so that the preparation is nothing that the watch could see. */
const accounts = (): string => `
  mkdir /root/kept
  id lk-admin 2>/dev/null || useradd -m -s /bin/bash lk-admin
  echo 'lk-admin ALL=(ALL) ALL' >/etc/sudoers.d/lk-admin
  echo 'Defaults:lk-admin rootpw' >>/etc/sudoers.d/lk-admin
  chpasswd <<'END'
root:${SUDO_PASSWORD}
lk-admin:${LOGIN_PASSWORD}
END`;

const linesWith = (text: string): readonly string[] => text.split("\n").filter((line) => SECRET.test(line));
