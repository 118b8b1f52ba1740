import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CommandResult, type Lab, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey, recapOf } from "./latchkey.ts";

const LIMIT_SECONDS = 4;

/**
 * Accounts of vm1: `asks` needs a password for sudo, `needstty` a terminal, `nologin` has no shell; the start-up file of the
 * others prints, reads, becomes another shell, ends, or never ends.
 */
const ACCOUNTS = `
  for u in asks needstty nologin noisy reads execs exits hangs gone; do
    useradd -m -s /bin/bash -p '*' "$u"
    install -d -o "$u" "/home/$u/.ssh"
    cp /home/debian/.ssh/authorized_keys "/home/$u/.ssh"
    chown "$u" "/home/$u/.ssh/authorized_keys"
    echo "$u ALL=(ALL) NOPASSWD: ALL" >"/etc/sudoers.d/$u"
  done
  echo 'asks ALL=(ALL) ALL' >/etc/sudoers.d/asks
  echo 'asks:c0rrect horse' | chpasswd
  echo 'Defaults:needstty requiretty' >>/etc/sudoers.d/needstty
  usermod -s /usr/sbin/nologin nologin
  chage -E 1 gone
  echo 'echo HELLO; printf "\\033[31m"; echo error >&2; set -o allexport' >/home/noisy/.bashrc
  echo 'read -r line' >/home/reads/.bashrc
  echo 'exec /bin/sh' >/home/execs/.bashrc
  echo 'echo not today; exit 3' >/home/exits/.bashrc
  echo 'sleep 1007' >/home/hangs/.bashrc`;

/** How each wrong host is reached, and what is said of it: the cause, then the cure. */
const WRONG: Readonly<Record<string, { readonly vars: string; readonly cause: RegExp; readonly cure: RegExp }>> = {
  closed: { vars: "vm2 ansible_port=1", cause: /nothing listens there/, cure: /Check the port/ },
  silent: { vars: "@silent", cause: /within the connect time-out.*it has said nothing/, cure: /that it is sshd/ },
  web: { vars: "@web", cause: /within the connect time-out.*it said "HTTP\/1\.1 400/, cure: /that it is sshd/ },
  stranger: { vars: "vm1 KEY", cause: /refused the login\. Shown: key \S+ /, cure: /user name.*authorized_keys/ },
  nobody: { vars: "vm1 ansible_user=nobodyhere", cause: /nobodyhere@nobody .*refused/, cure: /Check the user name/ },
  gone: { vars: "vm1 ansible_user=gone", cause: /refused the login.*account has expired/, cure: /user name/ },
  changed: { vars: "vm3", cause: /host key of changed .*has changed: known is .*:\d+\)/, cure: /ssh-keygen -R/ },
  unknown: { vars: "vm2", cause: /host key of unknown .*is not known.*SHA256:/, cure: /--host-keys accept-new/ },
  keyless: { vars: "vm1 NOKEY", cause: /private key file \S+ does not exist/, cure: /--private-key/ },
  nologin: { vars: "vm1 ansible_user=nologin", cause: /login shell/, cure: /another user/ },
  exits: { vars: "vm1 ansible_user=exits", cause: /status 3; it said: not today/, cure: /start-up file/ },
  hangs: { vars: "vm1 ansible_user=hangs", cause: /No shell for hangs@hangs/, cure: /start-up files/ },
  asks: { vars: "vm1 ansible_user=asks", cause: /a password is needed, and none was given/, cure: /-K/ },
  mistaken: {
    vars: "vm1 ansible_user=asks ansible_become_password='f0rgotten mule'",
    cause: /the become password is wrong/,
    cure: /Give the right one/,
  },
  needstty: { vars: "vm1 ansible_user=needstty", cause: /it wants a terminal/, cure: /requiretty/ },
};

const RIGHT: Readonly<Record<string, string>> = {
  good: "vm1",
  answered: "vm1 ansible_user=asks ansible_become_password='c0rrect horse'",
  noisy: "vm1 ansible_user=noisy",
  reads: "vm1 ansible_user=reads",
  execs: "vm1 ansible_user=execs",
};

describeLab("hosts that are wrong in different ways", () => {
  let lab: Lab;
  let servers: readonly Server[] = [];
  let result: CommandResult;
  let seconds: number;
  beforeAll(async () => {
    lab = await startLab({ hosts: 3 });
    expect(await lab.exec("vm1", ["sh", "-ec", ACCOUNTS])).toMatchObject({ code: 0 });
    servers = [await listen(lab.controller, ""), await listen(lab.controller, "HTTP/1.1 400 Bad Request\r\n\r\n")];
    const inventory = join(lab.dir, "wrong.ini");
    writeFileSync(inventory, inventoryOf(lab, servers));
    const playbook = join(lab.dir, "who.yml");
    writeFileSync(
      playbook,
      "- hosts: all\n  gather_facts: false\n  become: true\n  tasks: [{name: who, command: id -un}]\n",
    );
    const started = performance.now();
    result = await latchkey(["run", playbook, "-i", inventory, "-T", String(LIMIT_SECONDS)]);
    seconds = (performance.now() - started) / 1000;
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await lab.stop();
  });

  it("does the others", () => {
    const right = recapOf(result.stdout).filter(({ ok, changed }) => ok === 1 && changed === 1);
    expect(right.map(({ host }) => host).toSorted()).toEqual(Object.keys(RIGHT).toSorted());
    expect(recapOf(result.stdout)).toHaveLength(Object.keys({ ...RIGHT, ...WRONG }).length);
  });

  it("ends with the code of an unreachable host, in a time that the connect time-out bounds", () => {
    expect(result.code).toBe(4);
    expect(seconds).toBeLessThan(LIMIT_SECONDS + 3);
  });

  it.each(Object.entries(WRONG))("names the cause and the cure of: %s", (host, { cause, cure }) => {
    const [told, hint] = failureOf(result.stdout, host);
    expect(told).toMatch(cause);
    expect(hint).toMatch(cure);
  });

  it("shows nothing of a password", () => {
    expect(result.stdout + result.stderr).not.toMatch(/c0rrect|f0rgotten/);
  });

  it("leaves no process on a host, not even that of a login shell that hangs", async () => {
    for (const { name } of lab.hosts) {
      const left = async (): Promise<string> => (await lab.exec(name, ["ps", "-eo", "pid=,args="])).stdout;
      await expect.poll(async () => processesOf(await left())).toEqual([]);
    }
  });
});

/** What runs on a host besides its sshd and the ps that asks. */
const processesOf = (listed: string): readonly string[] =>
  listed.split("\n").filter((line) => line.trim() !== "" && !/sshd:.*\[listener\]| ps -eo /.test(line));

/** The line that says that a host failed, and its hint. */
const failureOf = (stdout: string, host: string): readonly [string, string] => {
  const lines = stdout.split("\n");
  const at = lines.findIndex((line) => line.startsWith(`fatal: [${host}]: `));
  return [lines[at] ?? "", lines.slice(at + 1).find((line) => line.startsWith("    hint: ")) ?? ""];
};

/** A server that takes every connection, says one thing, and never answers. */
const listen = (address: string, greeting: string): Promise<Server> =>
  new Promise((resolve) => {
    const held = new Set<Socket>();
    const server = createServer((socket) => {
      held.add(socket);
      socket.on("error", () => {}).resume();
      socket.write(greeting);
    });
    server.listen(0, address, () => resolve(server));
  });

const inventoryOf = (lab: Lab, [silent, web]: readonly Server[]): string => {
  const addressOf = (name: string): string => lab.hosts.find((host) => host.name === name)?.address ?? "";
  const stranger = join(lab.dir, "stranger");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", stranger]);
  // vm2 is not known by the port of its sshd, and vm3 is known by another key.
  const known = join(lab.dir, "known_wrong");
  const other = readFileSync(`${stranger}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
  const lines = readFileSync(lab.knownHosts, "utf8").split("\n");
  const ours = lines.filter((line) => line.startsWith(`${addressOf("vm1")} `));
  writeFileSync(known, [...ours, `${addressOf("vm3")} ${other}`, ""].join("\n"));
  const listening = (server: Server | undefined): string => {
    const at = server?.address();
    return `ansible_host=${lab.controller} ansible_port=${typeof at === "object" ? at?.port : "none"}`;
  };
  const hostLine = (name: string, vars: string): string => {
    const reached = vars
      .replace(/^vm\d/, (host) => `ansible_host=${addressOf(host)}`)
      .replace("@silent", listening(silent))
      .replace("@web", listening(web))
      .replace(" NOKEY", ` ansible_ssh_private_key_file=${stranger}.none`)
      .replace(" KEY", ` ansible_ssh_private_key_file=${stranger}`);
    return `${name} ${reached}`;
  };
  const wrong = Object.entries(WRONG).map(([name, { vars }]) => hostLine(name, vars));
  const right = Object.entries(RIGHT).map(([name, vars]) => hostLine(name, vars));
  return [
    "[lab]",
    ...wrong,
    ...right,
    "[lab:vars]",
    "ansible_user=debian",
    `ansible_ssh_private_key_file=${lab.key}`,
    `ansible_ssh_common_args='-o UserKnownHostsFile=${known}'`,
    "",
  ].join("\n");
};
