import { describe, expect, it } from "vitest";
import { runPlaybook } from "../../test/helpers/run-playbook.ts";

const play = (tasks: string, keywords = ""): string =>
  `- hosts: all\n  gather_facts: false\n${keywords}  tasks:\n${tasks.replaceAll(/^/gm, "    ")}\n`;

describe("conditions, loops and attempts", () => {
  it("skips what its condition excludes, and keeps the result of a skipped task", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "true", when: false, register: r }
- { name: b, debug: { msg: x }, when: [r is skipped, r.skipped] }`),
    );
    expect(ran.steps).toEqual(["h1 a skipped", "h1 b ok"]);
    expect(ran.stats).toEqual({ h1: "1 0 0 0 1 0 0" });
  });

  it("runs a loop item by item, and gives each result and a summary", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "echo {{ item }}", loop: [x, y], register: r, changed_when: item == 'y' }
- name: b
  assert:
    that:
      - r.results | map(attribute='stdout') | list == ['x', 'y']
      - r.results[0] is not changed
      - r.changed
      - r.results[1].item == 'y'
      - r.msg == 'All items completed'
      - not r.skipped`),
    );
    expect(ran.steps).toEqual(["h1 a changed", "h1 b ok"]);
    expect(ran.events.filter((event) => event.type === "step.item").map((event) => event.outcome)).toEqual([
      "ok",
      "changed",
    ]);
  });

  it("an item that fails fails the task after the others ran", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "{{ item }}", loop: ["false", "true"], register: r, ignore_errors: true }
- { name: b, assert: { that: [r is failed, r.results | length == 2, "r.results[1] is changed"] } }`),
    );
    expect(ran.steps).toEqual(["h1 a failed", "h1 b ok"]);
    expect(ran.stats).toEqual({ h1: "2 1 0 0 0 0 1" });
  });

  it("ignores the failures of a loop where each that failed is to be ignored", async () => {
    const loop = (ignore: string): string =>
      play(`- { name: a, command: "{{ item }}", loop: ["false", "true"], ignore_errors: "${ignore}", register: r }
- { name: b, assert: { that: r is failed } }`);
    expect((await runPlaybook(loop("{{ item == 'false' }}"))).steps).toEqual(["h1 a failed", "h1 b ok"]);
    const failing = await runPlaybook(loop("{{ item == 'true' }}"));
    expect(failing.steps).toEqual(["h1 a failed"]);
    const items = failing.events.flatMap((event) => (event.type === "step.item" ? event.ignored : []));
    expect(items).toEqual([false, false]);
  });

  it("a loop of an undefined list is skipped where the condition is false without it", async () => {
    const ran = await runPlaybook(play(`- { name: a, debug: {}, loop: "{{ ansible_nothing }}", when: false }`));
    expect(ran.steps).toEqual(["h1 a skipped"]);
  });

  it("ends the loop where break_when holds, and names the item as it is told", async () => {
    const ran = await runPlaybook(
      play(`- name: a
  debug: { msg: "{{ i }} {{ n }} {{ ansible_loop.last }} {{ 'allitems' in ansible_loop }}" }
  loop: [x, y, z]
  register: r
  loop_control: { loop_var: i, index_var: n, label: "no {{ n }}", extended: true, extended_allitems: false, break_when: n == 1 }
- name: b
  assert:
    that:
      - r.results | map(attribute='msg') | list == ['x 0 False False', 'y 1 False False']
      - r.results | map(attribute='ansible_loop.index') | list == [1, 2]`),
    );
    expect(ran.exitCode).toBe(0);
    expect(ran.events.filter((event) => event.type === "step.item").map((event) => event.label)).toEqual([
      "no 0",
      "no 1",
    ]);
  });

  it("a task that takes longer than its timeout is timedout", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: sleep 20, timeout: 1, register: r, ignore_errors: true }
- { name: b, assert: { that: [r is failed, r is timedout, r.timedout.period == 1] } }`),
    );
    expect(ran.steps).toEqual(["h1 a failed", "h1 b ok"]);
  });

  it("a condition that cannot be evaluated does not hide what the task did", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "true", register: r, failed_when: r.nothing, ignore_errors: true }
- { name: b, assert: { that: [r is failed, r is changed, r.rc == 0, "'nothing' in r.msg"] } }`),
    );
    expect(ran.steps).toEqual(["h1 a failed", "h1 b ok"]);
  });

  it("tries until the condition holds", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, shell: "echo x >> f; wc -l < f", args: { chdir: "{{ playbook_dir }}" }, register: r, until: r.stdout == '3', delay: 0, retries: 5 }
- { name: b, assert: { that: r.attempts == 3 } }`),
    );
    expect(ran.steps).toEqual(["h1 a changed", "h1 b ok"]);
    expect(ran.events.filter((event) => event.type === "step.retry").map((event) => event.left)).toEqual([5, 4]);
  });

  it("fails when the attempts are used up", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "false", until: false, delay: 0, retries: 2, register: r, ignore_errors: true }
- { name: b, assert: { that: [r is failed, r.attempts == 2] } }`),
    );
    expect(ran.steps).toEqual(["h1 a failed", "h1 b ok"]);
    expect(ran.events.filter((event) => event.type === "step.retry").map((event) => event.left)).toEqual([2, 1]);
  });

  it("failed_when and changed_when decide", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "false", register: r, failed_when: r.rc > 1, changed_when: false }
- { name: b, command: "true", failed_when: true }`),
    );
    expect(ran.steps).toEqual(["h1 a ok", "h1 b failed"]);
  });
});

describe("tasks that are sent together", () => {
  const paths = "file: { path: '{{ playbook_dir }}/";
  const made = (name: string): string =>
    `- { name: ${name}, stat: { path: "{{ playbook_dir }}/${name}" }, register: r_${name} }`;

  it("run in their order, and what stands behind a failure does not run", async () => {
    const ran = await runPlaybook(
      play(`- block:
    - { name: a, ${paths}a', state: touch } }
    - { name: b, ${paths}none', state: file } }
    - { name: c, ${paths}c', state: touch } }
  rescue:
    ${made("a")}
    ${made("c")}
- { name: end, assert: { that: [r_a.stat.exists, not r_c.stat.exists] } }`),
    );
    expect(ran.steps).toEqual(["h1 a changed", "h1 b failed", "h1 a ok", "h1 c ok", "h1 end ok"]);
  });

  it("run all the same behind a failure that is ignored", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, ${paths}none', state: file }, ignore_errors: true }
- { name: b, ${paths}b', state: touch } }
- { name: c, ${paths}c', state: touch } }
${made("b")}
${made("c")}
- { name: end, assert: { that: [r_b.stat.exists, r_c.stat.exists] } }`),
    );
    expect(ran.steps.slice(0, 3)).toEqual(["h1 a failed", "h1 b changed", "h1 c changed"]);
    expect(ran.exitCode).toBe(0);
  });

  it("see what those before them registered, also through variables", async () => {
    const ran = await runPlaybook(
      play(
        `- { name: a, stat: { path: / }, register: r }
- { name: b, copy: { content: "{{ seen }}", dest: "{{ playbook_dir }}/b" } }
- { name: c, ${paths}c', state: touch }, when: not r.stat.isdir }
- { name: d, slurp: { src: "{{ playbook_dir }}/b" }, register: s }
- { name: end, assert: { that: s.content | b64decode == 'is True' } }`,
        '  vars: { seen: "is {{ r.stat.isdir }}" }\n',
      ),
    );
    expect(ran.steps).toEqual(["h1 a ok", "h1 b changed", "h1 c skipped", "h1 d ok", "h1 end ok"]);
  });

  it("ask a host that cannot be reached once, not once more for the step", async () => {
    const ran = await runPlaybook(
      play(
        `- { name: a, stat: { path: / } }
- { name: b, stat: { path: / } }`,
        "  vars: { ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1, ansible_user: nobody }\n",
      ),
    );
    expect(ran.steps).toEqual(["h1 a unreachable"]);
    expect(ran.events.filter((event) => event.type === "host.connect")).toHaveLength(1);
  });

  it("wait where the controller decides how the one before ended", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, ${paths}a', state: touch }, failed_when: true, register: r }
- { name: b, ${paths}b', state: touch } }`).replace(
        "failed_when: true",
        "failed_when: r is changed, ignore_errors: true",
      ) +
        play(`${made("b")}
- { name: end, assert: { that: r_b.stat.exists } }`),
    );
    expect(ran.steps).toEqual(["h1 a failed", "h1 b changed", "h1 b ok", "h1 end ok"]);
  });
});

describe("blocks", () => {
  it("rescue takes over with the failure in hand, always runs, and the host counts as rescued", async () => {
    const ran = await runPlaybook(
      play(`- block:
    - { name: a, fail: { msg: nope } }
    - { name: never, debug: {} }
  rescue:
    - { name: b, assert: { that: [ansible_failed_result.msg == 'nope', ansible_failed_task.name == 'a'] } }
  always:
    - { name: c, debug: {} }
- { name: d, assert: { that: ansible_failed_task.name == 'a' } }`),
    );
    expect(ran.steps).toEqual(["h1 a failed", "h1 b ok", "h1 c ok", "h1 d ok"]);
    expect(ran.stats).toEqual({ h1: "3 0 0 0 0 1 0" });
    expect(ran.exitCode).toBe(0);
  });

  it("a rescue that fails leaves the host failed, after always", async () => {
    const ran = await runPlaybook(
      play(`- block:
    - { name: a, fail: {} }
  rescue:
    - { name: b, fail: {} }
  always:
    - { name: c, debug: {} }
- { name: never, debug: {} }`),
    );
    expect(ran.steps).toEqual(["h1 a failed", "h1 b failed", "h1 c ok"]);
    expect(ran.exitCode).toBe(2);
  });

  it("conditions of a block hold for each of its tasks", async () => {
    const ran = await runPlaybook(
      play(`- when: inventory_hostname == 'h2'
  block:
    - { name: a, debug: {} }`),
      ["h1", "h2"],
    );
    expect(ran.steps.toSorted()).toEqual(["h1 a skipped", "h2 a ok"]);
  });
});

describe("handlers", () => {
  const handlers = `
  handlers:
    - { name: one, command: "true" }
    - { name: two, debug: {}, listen: topic }
    - { name: three, debug: {} }
`;

  it("run once, in the order of their definition, at the end of the section", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "true", notify: [three, one] }
- { name: b, command: "true", notify: [one, topic] }
- { name: c, debug: {}, notify: never }`).replace("notify: never", "changed_when: false, notify: one") + handlers,
    );
    expect(ran.steps).toEqual([
      "h1 a changed",
      "h1 b changed",
      "h1 c ok",
      "h1 one changed",
      "h1 two ok",
      "h1 three ok",
    ]);
  });

  it("run in the same pass where an earlier handler calls a later one, and again where it calls one before itself", async () => {
    const ran = await runPlaybook(
      `${play('- { name: a, command: "true", notify: [two, four] }')}  handlers:
    - { name: one, command: "true" }
    - { name: two, command: "true", notify: three }
    - { name: three, command: "true", notify: one }
    - { name: four, command: "true" }
`,
    );
    expect(ran.steps.slice(1)).toEqual(["two", "three", "four", "one"].map((name) => `h1 ${name} changed`));
  });

  it("of two with one name, the first is meant", async () => {
    const ran = await runPlaybook(
      `${play('- { name: a, command: "true", notify: one }')}  handlers:
    - { name: one, command: "true" }
    - { name: one, debug: {} }
`,
    );
    expect(ran.steps).toEqual(["h1 a changed", "h1 one changed"]);
  });

  it("are called with each item's name", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "true", loop: [one, three], notify: "{{ item }}", changed_when: item == 'one' }`) +
        handlers,
    );
    expect(ran.steps).toEqual(["h1 a changed", "h1 one changed", "h1 three ok"]);
  });

  it("are not called by a task that fails, even where that is ignored", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "false", ignore_errors: true, notify: one }
- { name: b, command: "false", failed_when: false, notify: three }`) + handlers,
    );
    expect(ran.steps).toEqual(["h1 a failed", "h1 b changed", "h1 three ok"]);
  });

  it("run where meta flushes them", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "true", notify: one }
- meta: flush_handlers
- { name: b, debug: {} }`) + handlers,
    );
    expect(ran.steps).toEqual(["h1 a changed", "h1 one changed", "h1 b ok"]);
  });

  it("do not run on a host that failed, unless they are forced", async () => {
    const playbook =
      play(`- { name: a, command: "true", notify: one }
- { name: b, fail: {} }`) + handlers;
    expect((await runPlaybook(playbook)).steps).toEqual(["h1 a changed", "h1 b failed"]);
    const forced = await runPlaybook(playbook, ["h1"], { forceHandlers: true });
    expect(forced.steps).toEqual(["h1 a changed", "h1 b failed", "h1 one changed"]);
  });
});

describe("hosts together", () => {
  it("run_once runs on the first host, and its result counts for all", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "echo {{ inventory_hostname }}", run_once: true, register: r }
- { name: b, assert: { that: r.stdout == 'h1' } }`),
      ["h1", "h2", "h3"],
    );
    expect(ran.steps).toEqual(["h1 a changed", "h1 b ok", "h2 b ok", "h3 b ok"]);
  });

  it("facts of run_once are there for all", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, set_fact: { x: "{{ inventory_hostname }}" }, run_once: true }
- { name: b, set_fact: { y: "{{ item }}" }, loop: [1, 2], run_once: true }
- { name: c, assert: { that: [x == 'h1', y == 2] } }`),
      ["h1", "h2"],
    );
    expect(ran.steps.slice(-2).toSorted()).toEqual(["h1 c ok", "h2 c ok"]);
  });

  it("meta: end_play asks the first host, and ends the play for all its batches", async () => {
    const ending = (host: string): string =>
      play(
        `- { name: a, debug: {} }
- { meta: end_play, when: inventory_hostname == '${host}' }
- { name: b, debug: {} }`,
        "  serial: 2\n",
      );
    const first = await runPlaybook(ending("h1"), ["h1", "h2", "h3"]);
    expect(first.steps.toSorted()).toEqual(["h1 a ok", "h2 a ok"]);
    const second = await runPlaybook(ending("h2"), ["h1", "h2"]);
    expect(second.steps.filter((step) => step.includes(" b ")).toSorted()).toEqual(["h1 b ok", "h2 b ok"]);
  });

  it("meta: end_batch ends its batch only", async () => {
    const ran = await runPlaybook(
      play(`- { meta: end_batch, when: inventory_hostname == 'h1' }\n- { name: b, debug: {} }`, "  serial: 1\n"),
      ["h1", "h2"],
    );
    expect(ran.steps).toEqual(["h2 b ok"]);
  });

  it("meta: clear_host_errors lets failed hosts into the plays to come", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, fail: {}, when: inventory_hostname == 'h1' }
- meta: clear_host_errors
- { name: b, debug: {} }`) + play(`- { name: c, debug: {} }`),
      ["h1", "h2"],
    );
    expect(ran.steps.filter((step) => step.includes(" b "))).toEqual(["h2 b ok"]);
    expect(ran.steps.slice(-2).toSorted()).toEqual(["h1 c ok", "h2 c ok"]);
  });

  it("the hosts of the play are those of all batches, the others those of this one", async () => {
    const ran = await runPlaybook(
      play(
        `- { name: a, fail: {}, when: inventory_hostname == 'h2' }
- name: b
  assert:
    that:
      - ansible_play_hosts_all == ['h1', 'h2', 'h3']
      - ansible_play_hosts == ['h1', 'h3']
      - ansible_play_batch == (['h3'] if inventory_hostname == 'h3' else ['h1'])
      - play_hosts == ansible_play_batch`,
        "  serial: 2\n",
      ),
      ["h1", "h2", "h3"],
    );
    expect(ran.steps.filter((step) => step.includes(" b "))).toEqual(["h1 b ok", "h3 b ok"]);
  });

  it("hostvars of others are there, since no host runs ahead", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, set_fact: { mine: "{{ inventory_hostname }}" } }
- { name: b, assert: { that: "hostvars['h2'].mine == 'h2'" } }`),
      ["h1", "h2"],
    );
    expect(ran.exitCode).toBe(0);
    expect(ran.steps.slice(0, 2).toSorted()).toEqual(["h1 a ok", "h2 a ok"]);
  });

  it("any_errors_fatal ends the play for all, after always", async () => {
    const ran = await runPlaybook(
      play(
        `- block:
    - { name: a, fail: {}, when: inventory_hostname == 'h2' }
    - { name: never, debug: {} }
  always:
    - { name: c, debug: {} }
- { name: never, debug: {} }`,
        "  any_errors_fatal: true\n",
      ),
      ["h1", "h2", "h3"],
    );
    expect(ran.steps.filter((step) => step.includes("never"))).toEqual([]);
    expect(ran.steps.filter((step) => step.includes(" c ")).toSorted()).toEqual(["h1 c ok", "h2 c ok", "h3 c ok"]);
    expect(ran.exitCode).toBe(2);
  });

  it("max_fail_percentage ends the play when more than that failed", async () => {
    const tasks = `- { name: a, fail: {}, when: "inventory_hostname in ['h1', 'h2']" }
- { name: b, debug: {} }`;
    const at50 = await runPlaybook(play(tasks, "  max_fail_percentage: 50\n"), ["h1", "h2", "h3", "h4"]);
    expect(at50.steps.filter((step) => step.includes(" b ")).toSorted()).toEqual(["h3 b ok", "h4 b ok"]);
    const at49 = await runPlaybook(play(tasks, "  max_fail_percentage: 49\n"), ["h1", "h2", "h3", "h4"]);
    expect(at49.steps.filter((step) => step.includes(" b "))).toEqual([]);
  });

  it("serial takes batches through the whole play, and stops when a batch is lost", async () => {
    const ran = await runPlaybook(
      play(
        `- { name: a, debug: {} }\n- { name: b, fail: {}, when: "inventory_hostname in ['h2', 'h3']" }`,
        "  serial: [1, 2]\n",
      ),
      ["h1", "h2", "h3", "h4"],
    );
    expect(ran.steps.filter((step) => step.startsWith("h4"))).toEqual([]);
    expect(ran.steps.slice(0, 2)).toEqual(["h1 a ok", "h1 b skipped"]);
  });

  it("a failed host keeps its place among the hosts and batches of later plays", async () => {
    const second = `- { name: b, debug: { msg: "{{ ansible_play_batch }} {{ ansible_play_hosts_all }}" } }`;
    const ran = await runPlaybook(
      play(`- { name: a, fail: {}, when: inventory_hostname == 'h1' }`) + play(second, "  serial: 2\n"),
      ["h1", "h2", "h3"],
    );
    const said = ran.events.flatMap((event) => (event.type === "step.end" ? (event.result["msg"] ?? []) : []));
    const all = "['h1', 'h2', 'h3']";
    expect(said.slice(-2)).toEqual([`['h2'] ${all}`, `['h3'] ${all}`]);
  });

  it("a failed host takes no part in later plays; the others go on", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, fail: {}, when: inventory_hostname == 'h1' }`) + play(`- { name: b, debug: {} }`),
      ["h1", "h2"],
    );
    expect(ran.steps.filter((step) => step.includes(" b "))).toEqual(["h2 b ok"]);
  });

  it("add_host and group_by make hosts and groups for the next play", async () => {
    const ran = await runPlaybook(
      `${play(`- { name: a, group_by: { key: "on_{{ inventory_hostname }}" } }
- { name: n, add_host: { name: new, groups: made, ansible_connection: local } }`)}- hosts: on_h2
  gather_facts: false
  tasks: [{ name: b, debug: {} }]
- hosts: made
  gather_facts: false
  tasks: [{ name: c, command: "true" }]
`
        .replace("hosts: on_h2", "hosts: \"{{ 'on_h2' }}\"")
        .replace("hosts: made", "hosts: \"{{ 'made' }}\""),
      ["h1", "h2"],
    );
    expect(ran.steps.slice(-2)).toEqual(["h2 b ok", "new c changed"]);
  });
});

describe("surroundings", () => {
  it("module_defaults of a block replace those of the play, module by module", async () => {
    const ran = await runPlaybook(
      play(
        `- { name: a, debug: }
- module_defaults: { ansible.builtin.debug: { verbosity: 0 } }
  block:
    - { name: b, debug: }
    - { name: c, fail: , ignore_errors: true }`,
        "  module_defaults: { debug: { msg: from the play }, fail: { msg: stays } }\n",
      ),
    );
    const said = ran.events.flatMap((event) => (event.type === "step.end" ? (event.result["msg"] ?? []) : []));
    expect(said).toEqual(["from the play", "Hello world!", "stays"]);
  });

  it("the environment has values as Python writes them", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, shell: "echo $A $B $C", environment: { A: true, B: 5, C: [x] }, register: r }
- { name: b, assert: { that: "r.stdout == \\"True 5 ['x']\\"" } }`),
    );
    expect(ran.exitCode).toBe(0);
  });

  it("set_fact takes names from templates", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, set_fact: { "x_{{ item }}": "{{ item }}", plain: 1 }, loop: [1, 2] }
- { name: b, assert: { that: [x_1 == 1, x_2 == 2, plain == 1] } }`),
    );
    expect(ran.exitCode).toBe(0);
  });

  it("set_fact can set null", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, set_fact: { x: , y: "{{ none }}" } }
- { name: b, assert: { that: [x is none, y is none] } }`),
    );
    expect(ran.exitCode).toBe(0);
  });
});

describe("values and secrets", () => {
  it("what was printed is there line by line", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, shell: 'echo x; echo y; printf z >&2', register: r }
- { name: b, assert: { that: ["r.stdout_lines == ['x', 'y']", "r.stderr_lines == ['z']"] } }
- { name: c, shell: "true", register: r }
- { name: d, assert: { that: ["r.stdout_lines == [] and r.stderr_lines == []"] } }`),
    );
    expect(ran.exitCode).toBe(0);
  });

  it("a text from a host is never a template", async () => {
    const ran = await runPlaybook(
      play(`- name: a
  command: "echo '{{ '{{' }} 1 + 1 {{ '}}' }}'"
  register: r
- { name: b, set_fact: { x: "{{ r.stdout }}" } }
- { name: c, assert: { that: ["x == '{' ~ '{ 1 + 1 }' ~ '}'"] } }`),
    );
    expect(ran.exitCode).toBe(0);
  });

  it("no_log hides results, items and messages from every event", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "echo s3cr3t", no_log: true, register: r }
- { name: b, debug: { msg: "{{ item }}" }, loop: ["{{ r.stdout }}"], no_log: true }
- { name: c, fail: { msg: "{{ r.stdout }}" }, no_log: true }`),
    );
    expect(JSON.stringify(ran.events)).not.toContain("s3cr3t");
    expect(ran.steps).toEqual(["h1 a changed", "h1 b ok", "h1 c failed"]);
  });

  it("an expression that cannot be evaluated ends its host with the place, not the run", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, debug: { msg: "{{ ansible_nothing }}" }, when: inventory_hostname == 'h1' }`),
      ["h1", "h2"],
    );
    const failure = ran.events.find((event) => event.type === "step.end" && event.failure !== undefined);
    expect(failure).toMatchObject({ failure: { kind: "template" } });
    expect(JSON.stringify(failure)).toMatch(/ansible_nothing.*play\.yml:4:\d+/);
    expect(ran.stats["h2"]).toBe("0 0 0 0 1 0 0");
  });
});

describe("a dry run", () => {
  it("says that it would run what it cannot predict, and sees what earlier steps would have made", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "true" }
- { name: b, file: { path: "{{ playbook_dir }}/d", state: directory } }
- { name: c, copy: { content: x, dest: "{{ playbook_dir }}/d/f" } }
- { name: d, stat: { path: "{{ playbook_dir }}/d/f" }, register: s }
- { name: e, command: "true", check_mode: false }`),
      ["h1"],
      { check: true },
    );
    expect(ran.steps).toEqual(["h1 a skipped", "h1 b changed", "h1 c changed", "h1 d ok", "h1 e changed"]);
    const ends = ran.events.filter((event) => event.type === "step.end");
    expect(ends.map((event) => event.wouldRun)).toEqual([true, false, false, false, false]);
  });
});

describe("fail", () => {
  it("says what it is given, which may be a result", async () => {
    const ran = await runPlaybook(play("- { name: a, fail: { msg: { rc: 1, cmd: [x] } } }"));
    const end = ran.events.find((event) => event.type === "step.end");
    expect(end?.type === "step.end" && end.failure?.message).toBe('{"rc":1,"cmd":["x"]}');
  });
});

describe("--max-fail", () => {
  const fails = (tasks: string): string =>
    play(`- { name: a, command: "{{ 'false' if bad is defined else 'true' }}" }\n${tasks}`);
  const hosts = ["h1 bad=1", "h2 bad=1", "h3", "h4"];
  const run = (count: number, unit: "hosts" | "percent", keywords = "") =>
    runPlaybook(fails('- { name: b, command: "true" }').replace("  tasks:", `${keywords}  tasks:`), hosts, {
      maxFail: { count, unit },
    });
  const reason = (ran: Awaited<ReturnType<typeof run>>): readonly (string | undefined)[] =>
    ran.events.flatMap((event) => (event.type === "play.end" ? [event.stopped] : []));

  it("goes on while no more hosts failed", async () => {
    for (const [count, unit] of [
      [2, "hosts"],
      [50, "percent"],
    ] as const) {
      const ran = await run(count, unit);
      expect(ran.steps.toSorted().slice(4)).toEqual(
        ["h3 a changed", "h3 b changed", "h4 a changed", "h4 b changed"].slice(2),
      );
      expect(reason(ran)).toEqual([undefined]);
    }
  });

  it.each(["", "  strategy: free\n", "  any_errors_fatal: false\n  serial: 4\n", "  max_fail_percentage: 90\n"])(
    "lets no host begin another task once more of them failed (%j)",
    async (keywords) => {
      const ran = await run(1, "hosts", keywords);
      expect(ran.steps.filter((step) => step.endsWith("a failed"))).toHaveLength(2);
      expect(reason(ran)).toEqual(["2 of 4 hosts failed or could not be reached, more than --max-fail 1"]);
    },
  );

  it("counts over all batches of a play", async () => {
    const ran = await runPlaybook(
      play("- { name: a, command: \"{{ 'false' if bad is defined else 'true' }}\" }", "  serial: 2\n"),
      ["h1 bad=1", "h3", "h2 bad=1", "h4", "h5", "h6"],
      { maxFail: { count: 20, unit: "percent" } },
    );
    expect(reason(ran)).toEqual([undefined, "2 of 6 hosts failed or could not be reached, more than --max-fail 20%"]);
    expect(ran.steps.filter((step) => /^h[56]/.test(step))).toEqual([]);
  });
});
