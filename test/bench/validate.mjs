/**
 * How long `latchkey validate` takes: a project of 200 files with 5,000 tasks (under 2 s is the aim), and one file of 25
 * (under 0.25 s), as time from start to exit and as time of the processor, without the shells that read commands. What is
 * shared must not be worked out again for each file: hosts, and shells that are started.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const usage = fileURLToPath(new URL("usage.mjs", import.meta.url));
const files = 200;
const tasksOfFile = 25;

const task = (index) =>
  [
    (n) => `    - name: Make directory ${n}
      ansible.builtin.file:
        path: "{{ base }}/d${n}"
        state: directory
        mode: "0755"
      when: ansible_facts['os_family'] == 'Debian' and base is defined
      tags: [files, d${n}]`,
    (n) => `    - name: Write file ${n}
      ansible.builtin.copy:
        dest: "{{ base }}/f${n}"
        content: |
          # {{ ansible_managed | default('managed') }}
          port {{ ports[${n % 3}] | default(8080) | int + ${n} }}
      become: true
      notify: Restart`,
    (n) => `    - name: Ask ${n}
      ansible.builtin.command: echo {{ item | quote }}
      loop: "{{ ports | map('string') | list }}"
      register: asked_${n}
      changed_when: false
      failed_when: asked_${n}.rc not in [0, 1]`,
    (n) => `    - name: Look at ${n}
      ansible.builtin.shell: |
        set -e
        grep -q {{ item.key | quote }} /etc/services || exit 0
      loop: "{{ names | dict2items }}"
      loop_control:
        label: "{{ item.key }}"
      changed_when: false`,
    (n) => `    - name: Say ${n}
      ansible.builtin.debug:
        msg: "{{ asked_${Math.max(2, n - 2)}.stdout | default('-') }} on {{ inventory_hostname }}"
      when:
        - base | length > 1
        - not (quiet | default(false))`,
  ][index % 5](index);

const playbook = () => `- name: Measured
  hosts: all
  vars:
    base: /srv/app
    ports: [80, 443, 8080]
    names: { a: 1, b: 2 }
  handlers:
    - name: Restart
      ansible.builtin.service: { name: app, state: restarted }
  tasks:
${Array.from({ length: tasksOfFile }, (_, index) => task(index)).join("\n")}
`;

const folder = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
mkdirSync(join(folder, "playbooks"));
for (let index = 0; index < files; index++) {
  writeFileSync(join(folder, `playbooks/p${String(index).padStart(3, "0")}.yml`), playbook());
}

const hosts = Array.from({ length: 5000 }, (_, index) => `h${index} ansible_host=10.0.${index >> 8}.${index & 255}\n`);
writeFileSync(join(folder, "hosts.ini"), `[web]\n${hosts.join("")}`);

const script = (number) => `- hosts: all
  gather_facts: false
  tasks:
    - name: Sort
      ansible.builtin.shell: |
        if [ -f /etc/x${number} ]; then sort < /etc/x${number} > /tmp/x${number}; fi
      changed_when: false
`;
mkdirSync(join(folder, "scripts"));
for (let index = 0; index < files; index++) writeFileSync(join(folder, `scripts/s${index}.yml`), script(index));

/** The best of five: what else the machine does is not what is measured. */
const measure = (what, args) => {
  const runs = Array.from({ length: 5 }, () => {
    const start = performance.now();
    const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", usage, main, "validate", ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, BENCH_USAGE: join(folder, "usage") },
    });
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
    return { ms: performance.now() - start, ...JSON.parse(readFileSync(join(folder, "usage"), "utf8")) };
  });
  const best = (name) => Math.round(Math.min(...runs.map((run) => run[name])));
  process.stdout.write(`${what}: ${best("ms")} ms, of the processor ${best("cpuMs")} ms, ${best("peakMb")} MB\n`);
};

try {
  measure("one file, 25 tasks", ["playbooks/p000.yml"]);
  measure("a folder of 200 files, 5000 tasks", ["playbooks"]);
  measure(
    "200 files by name",
    Array.from({ length: files }, (_, index) => `playbooks/p${String(index).padStart(3, "0")}.yml`),
  );
  measure("the folder against 5000 hosts", ["-i", "hosts.ini", "playbooks"]);
  measure("a folder of 200 files, each with a script", ["scripts"]);
} finally {
  rmSync(folder, { recursive: true });
}
