import { describe, expect, it } from "vitest";
import { runPlaybook } from "../../test/helpers/run-playbook.ts";

const play = (tasks: string): string => `- hosts: all
  gather_facts: false
  vars: { ansible_async_dir: "{{ playbook_dir }}/jobs" }
  tasks:
${tasks.replaceAll(/^/gm, "    ")}
`;

describe("async", () => {
  it("waits for the job, and gives the result of its module", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, shell: "echo $X; echo er >&2; umask", environment: { X: hi }, async: 20, poll: 1, register: r }
- name: b
  assert:
    that:
      - r.stdout_lines[0] == 'hi'
      - r.stderr == 'er'
      - r.rc == 0
      - r.cmd == 'echo $X; echo er >&2; umask'
      - r.started == 1
      - r.finished
      - r is finished
      - r.results_file == playbook_dir ~ '/jobs/' ~ r.ansible_job_id
      - query('fileglob', playbook_dir ~ '/jobs/*/*') == []
- { name: c, shell: umask, register: s }
- { name: d, assert: { that: s.stdout == r.stdout_lines.1 } }
- { name: e, command: "false", async: 20, poll: 1, register: r, ignore_errors: true, failed_when: r.rc == 1 }
- { name: f, assert: { that: [r is failed, r.failed_when_result, r.ansible_job_id is defined] } }`),
    );
    expect(ran.steps).toEqual(["h1 a changed", "h1 b ok", "h1 c changed", "h1 d ok", "h1 e failed", "h1 f ok"]);
  });

  it("starts jobs and goes on, and async_status tells when they are over, also over another connection", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, shell: "echo {{ item }}; exit {{ item }}", async: 60, poll: 0, loop: [0, 3], register: jobs }
- { name: b, assert: { that: [jobs is changed, jobs.results.0 is started, jobs.results.0.finished == 0] } }
- { meta: reset_connection }
- name: c
  async_status: { jid: "{{ item.ansible_job_id }}" }
  loop: "{{ jobs.results }}"
  loop_control: { label: "{{ item.item }}" }
  register: r
  until: r is finished
  retries: 100
  delay: 0.1
  ignore_errors: true
- name: d
  assert:
    that:
      - r.results | map(attribute='stdout') | list == ['0', '3']
      - r.results | map(attribute='rc') | list == [0, 3]
      - r.results[1] is failed
      - r.results[1].cmd == 'echo 3; exit 3'
- { name: e, async_status: { jid: "{{ jobs.results[0].ansible_job_id }}", mode: cleanup }, register: c }
- { name: f, assert: { that: [c is not changed, c.erased == jobs.results.0.results_file] } }
- { name: g, async_status: { jid: "{{ jobs.results[0].ansible_job_id }}" } }`),
    );
    expect(ran.steps).toEqual([
      "h1 a changed",
      "h1 b ok",
      "h1 c failed",
      "h1 d ok",
      "h1 e ok",
      "h1 f ok",
      "h1 g failed",
    ]);
  });

  it("ends a job whose time is up", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: sleep 60, async: 1, poll: 1, register: r, ignore_errors: true }
- name: b
  assert:
    that:
      - r.msg == 'async task did not complete within the requested time - 1s'
      - r.async_result.finished == 0
- name: c
  async_status: { jid: "{{ r.async_result.ansible_job_id }}" }
  register: s
  until: s is finished
  retries: 100
  delay: 0.1
  failed_when: s.msg != 'Job reached maximum time limit of 1 seconds.'
- { name: d, shell: "[ -f '{{ s.results_file }}/late' ]" }`),
    );
    expect(ran.steps).toEqual(["h1 a failed", "h1 b ok", "h1 c ok", "h1 d changed"]);
  });

  it("is refused in a dry run, and none with 0 seconds", async () => {
    const ran = await runPlaybook(
      play(`- { name: a, command: "true", async: 5, check_mode: true, register: r, ignore_errors: true }
- { name: b, assert: { that: r.msg == 'check mode and async cannot be used on same task.' } }
- { name: e, command: "true", async: 0, poll: 0, register: r }
- { name: f, assert: { that: r.ansible_job_id is not defined } }`),
    );
    expect(ran.exitCode).toBe(0);
  });
});
