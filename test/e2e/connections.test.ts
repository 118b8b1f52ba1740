import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Lab, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey, recapOf } from "./latchkey.ts";

/** Ten tasks: as the login user, as root and as a third account, in turns, with a loop, a file and a delegation. */
const PLAYBOOK = `
- hosts: all
  tasks:
    - { name: 1, command: id -un }
    - { name: 2, command: id -un, become: true }
    - { name: 3, copy: { content: x, dest: /root/x }, become: true }
    - { name: 4, command: id -un, become: true, become_user: nobody }
    - { name: 5, command: "echo {{ item }}", loop: [a, b, c] }
    - { name: 6, file: { path: /root/x, state: absent }, become: true }
    - { name: 7, command: hostname, delegate_to: vm1 }
    - { name: 8, shell: sleep 0.1, become: true }
- hosts: all
  gather_facts: false
  tasks:
    - { name: 9, ping: }
    - { name: 10, command: id -un, become: true }
`;

/** sshd's part of each session is killed by a job that this session started. */
const JOB = `
- hosts: all
  gather_facts: false
  tasks:
    - { shell: "pkill -KILL -f '^sshd.*@notty'; id -un", become: true, async: 60, poll: 1, register: job }
    - debug: { msg: "{{ job.stdout }}" }
`;

describeLab("a run on twenty hosts", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ hosts: 20 });
  });
  afterAll(() => lab.stop());

  it("makes one connection to each host, and leaves no process there", async () => {
    const playbook = join(lab.dir, "ten.yml");
    writeFileSync(playbook, PLAYBOOK);
    const { code, stdout, stderr } = await latchkey(["run", playbook, "-i", lab.inventory]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(recapOf(stdout).map(({ ok }) => ok)).toEqual(lab.hosts.map(() => 11));
    for (const { name } of lab.hosts) {
      const found = async (): Promise<string> => (await lab.exec(name, ["sh", "-c", COUNT])).stdout;
      await expect.poll(found).toBe("connections: 1\n");
    }
  });

  it("hears of a job again that cut its own connection off", async () => {
    const playbook = join(lab.dir, "job.yml");
    writeFileSync(playbook, JOB);
    const logins = async (): Promise<number> =>
      Number((await lab.exec("vm1", ["grep", "-c", "^Accepted ", "/var/log/auth.log"])).stdout);
    const before = await logins();
    const { code, stdout } = await latchkey(["run", playbook, "-i", lab.inventory, "-l", "vm1"]);
    expect(stdout).toContain('"msg": "root"');
    expect(code).toBe(0);
    // One for the run, and one to ask after the job.
    expect((await logins()) - before).toBe(2);
    const left = await lab.exec("vm1", ["sh", "-c", "ls -A /root/.ansible_async"]);
    expect(left.stdout).toBe("");
  });

  it("reaches hosts through another one that ssh's configuration knows, by one connection to that", async () => {
    const [jump] = lab.hosts;
    const config = join(lab.dir, "ssh_config");
    writeFileSync(
      config,
      `Host gate
  HostName ${jump?.address}
  User debian
  IdentityFile ${lab.key}
  UserKnownHostsFile ${lab.knownHosts}
`,
    );
    const args = `-F ${config} -J gate -o UserKnownHostsFile=${lab.knownHosts}`;
    const inventory = join(lab.dir, "jump.ini");
    writeFileSync(
      inventory,
      readFileSync(lab.inventory, "utf8").replace(/^ansible_ssh_common_args=.*$/m, `ansible_ssh_common_args='${args}'`),
    );
    const logins = async (): Promise<number> =>
      Number((await lab.exec("vm1", ["grep", "-c", "^Accepted ", "/var/log/auth.log"])).stdout);
    const before = await logins();
    const playbook = join(lab.dir, "from.yml");
    writeFileSync(playbook, '- hosts: all\n  tasks:\n    - shell: echo "from ${SSH_CONNECTION%% *}"\n');
    const { code, stdout } = await latchkey(["run", playbook, "-i", inventory, "-l", "all:!vm1", "-v"]);
    expect({ code, hosts: stdout.split(`"stdout": "from ${jump?.address}"`).length - 1 }).toEqual({
      code: 0,
      hosts: 19,
    });
    expect((await logins()) - before).toBe(1);
  });
});

/** How often somebody logged in; and every process that is not sshd's first one, this shell or its ps. */
const COUNT = `
  echo "connections: $(grep -c '^Accepted ' /var/log/auth.log)"
  ps -eo pid=,args= | grep -v -e 'sshd:.*\\[listener\\]' -e "^ *$$ " -e ' ps -eo ' -e ' grep -v ' || :`;
