import { describe, expect, it } from "vitest";
import { runPlaybook } from "../../test/helpers/run-playbook.ts";

const play = (tasks: string, keywords = ""): string =>
  `- hosts: all\n  gather_facts: false\n${keywords}  tasks:\n${tasks.replaceAll(/^/gm, "    ")}\n`;

describe("force_handlers", () => {
  it("runs them at the end of the section that failed, and none behind a handler that fails", async () => {
    const ran = await runPlaybook(
      `- hosts: all
  gather_facts: false
  force_handlers: true
  any_errors_fatal: false
  pre_tasks:
    - { name: p1, command: "true", notify: [ha, hb] }
    - { name: p2, command: "{{ 'false' if inventory_hostname == 'h1' else 'true' }}" }
  tasks:
    - { name: t1, debug: { var: groups.all } }
  handlers:
    - { name: ha, command: "{{ 'false' if inventory_hostname == 'h3' else 'true' }}" }
    - { name: hb, debug: {} }
`,
      ["h1", "h2", "h3"],
    );
    // As ansible-playbook does it.
    const handlers = ran.steps.slice(6);
    expect(handlers.slice(0, 3).toSorted()).toEqual(["h1 ha changed", "h2 ha changed", "h3 ha failed"]);
    expect(handlers.slice(3, 5).toSorted()).toEqual(["h1 hb ok", "h2 hb ok"]);
    expect(handlers.slice(5)).toEqual(["h2 t1 ok"]);
  });
});

describe("action and local_action", () => {
  it("call the module that stands behind them", async () => {
    const ran = await runPlaybook(
      play(
        `- { name: a, action: 'command echo "{{ x }} there" chdir=/tmp', register: r }
- { name: b, action: { module: assert, that: r.stdout == 'hi there' } }
- { name: c, action: { module: "assert that=true" } }
- { name: d, local_action: { module: command, cmd: "echo {{ ansible_connection }}" } }
- { name: e, action: debug, args: { msg: x } }`,
        "  vars: { x: hi }\n",
      ),
    );
    expect(ran.steps).toEqual(["h1 a changed", "h1 b ok", "h1 c ok", "h1 d changed", "h1 e ok"]);
  });
});

describe("delegate_facts", () => {
  it("gives facts to the host of delegate_to, and results to the task's own", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, set_fact: { x: 1 }, delegate_to: h2, delegate_facts: true, when: inventory_hostname == 'h1' }
- { name: b, command: "true", delegate_to: h2, delegate_facts: true, register: r, when: inventory_hostname == 'h1' }
- { name: c, set_fact: { z: "{{ item }}" }, delegate_to: "{{ item }}", delegate_facts: true, loop: [h1, h2], run_once: true }
- { name: d, assert: { that: [x is not defined, r is changed, hostvars.h2.x == 1, z == 'h1'] }, when: inventory_hostname == 'h1' }
- { name: e, assert: { that: [x == 1, r is skipped, z == 'h2'] }, when: inventory_hostname == 'h2' }`),
      ["h1", "h2"],
    );
    expect(ran.exitCode).toBe(0);
  });

  it("reaches the implicit localhost, too", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, set_fact: { x: 1 }, delegate_to: localhost, delegate_facts: true }
- { name: b, assert: { that: hostvars.localhost.x == 1 } }`),
    );
    expect(ran.steps).toEqual(["h1 a ok", "h1 b ok"]);
  });
});

describe("become_exe", () => {
  it("is the program of the method, with its words", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, shell: "echo .$HOME.", become: true, become_user: nobody, become_exe: env -i, become_flags: " ", register: r }
- { name: b, assert: { that: r.stdout == '..' } }`),
    );
    expect(ran.steps).toEqual(["h1 a changed", "h1 b ok"]);
  });
});

describe("fact_path", () => {
  it("is where a play looks for facts of the host's own", async () => {
    const facts = `- hosts: all
  gather_facts: false
  tasks:
    - { name: a, tempfile: { state: directory }, register: d }
    - { name: b, copy: { dest: "{{ d.path }}/x.fact", content: '{"y": 1}' } }
    - { name: c, set_fact: { folder: "{{ d.path }}" } }
`;
    const ran = await runPlaybook(`${facts}- hosts: all
  gather_subset: [min]
  fact_path: "{{ lookup('env', 'TMPDIR') | default('/tmp', true) }}"
  tasks:
    - { name: e, assert: { that: ansible_local is defined } }
    - { name: f, setup: { fact_path: "{{ folder }}", gather_subset: ["!all", local] } }
    - { name: g, assert: { that: ansible_local.x.y == 1 } }
    - { name: h, file: { path: "{{ folder }}", state: absent } }
`);
    expect(ran.exitCode).toBe(0);
  });
});
