import { describe, expect, it } from "vitest";
import { runPlaybook } from "../../test/helpers/run-playbook.ts";

const play = (tasks: string): string =>
  `- hosts: all\n  gather_facts: false\n  vars: { of_play: 1 }\n  tasks:\n${tasks.replaceAll(/^/gm, "    ")}\n`;

const hosts = ["h1 own=1", "h2 own=2 other='{{ own }}0'"];

describe("hostvars", () => {
  it("of a host are its own variables, as a mapping that can be printed and filtered", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, set_fact: { fact: "{{ inventory_hostname }}" } }
- name: b
  debug:
    var: hostvars.h2
  register: shown
- name: c
  assert:
    that:
      - shown['hostvars.h2'].own == 2
      - hostvars.h2 | dict2items | selectattr('key', 'equalto', 'other') | map(attribute='value') | list == ['20']
      - hostvars.h2.fact == 'h2'
      - (hostvars | dict2items | length) == 2`),
      hosts,
    );
    expect(ran.exitCode).toBe(0);
  });

  it("hold neither what a play defines nor themselves, as in Ansible", async () => {
    const ran = await runPlaybook(
      play(`- name: a
  assert:
    that:
      - hostvars.h2.own is defined
      - hostvars.h2.inventory_hostname == 'h2'
      - hostvars.h2.group_names == ['g']
      - hostvars.h2.of_play is undefined
      - hostvars.h2.of_task is undefined
      - hostvars.h2.hostvars is undefined
      - hostvars.h2.ansible_play_hosts is undefined
  vars: { of_task: 1 }`),
      hosts,
    );
    expect(ran.exitCode).toBe(0);
  });
});

describe("debug", () => {
  it("says that a variable is not defined, and fails where an expression is wrong", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, debug: { var: hostvars.h1.nothing }, register: r }
- { name: b, assert: { that: "r['hostvars.h1.nothing'] == 'VARIABLE IS NOT DEFINED!'" } }
- { name: c, debug: { var: 1 / 0 } }`),
    );
    expect(ran.steps).toEqual(["h1 a ok", "h1 b ok", "h1 c failed"]);
  });
});
