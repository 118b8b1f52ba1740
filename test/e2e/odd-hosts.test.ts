import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type CommandResult, type Lab, startLab } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey } from "./latchkey.ts";
import { tracesOf } from "./login-records.ts";
import { reloadSshd } from "./reload-sshd.ts";

/** Grants on hosts that are not as a new one is, where only a real login shows what comes of it: docs/odd-hosts.md. */
describeLab("an odd host", () => {
  let lab: Lab;
  let key: string;
  const environment = (): Record<string, string> => ({ XDG_STATE_HOME: join(lab.dir, "state") });
  const on = (command: string, ...options: string[]): Promise<CommandResult> =>
    latchkey([command, "-i", lab.inventory, ...options], environment());
  const grant = (...options: string[]): Promise<CommandResult> =>
    on("grant", "--ticket", "OPS-1", "--for", "4h", "--key", `${key}.pub`, ...options);
  const revoke = (): Promise<CommandResult> => on("revoke", "--ticket", "OPS-1");
  const root = async (script: string): Promise<string> => {
    const { code, stdout, stderr } = await lab.exec("vm1", ["sh", "-ec", script]);
    expect(code, `${script}: ${stderr}`).toBe(0);
    return stdout.trim();
  };
  const login = async (command = "id -un"): Promise<string> => {
    const { code, stdout } = await lab.ssh("vm1", command, { user: "support", key });
    return code === 0 ? stdout.trim() : "refused";
  };
  /** What `latchkey.access.login` says of a real login. */
  const tried = async (inventory = lab.inventory, ...options: string[]): Promise<string> => {
    const playbook = join(lab.dir, "login.yml");
    const task = `latchkey.access.login: { user: support, key_file: ${key} }`;
    writeFileSync(playbook, `- hosts: all\n  gather_facts: false\n  tasks:\n    - ${task}\n`);
    return (await latchkey(["run", playbook, "-i", inventory, ...options])).stdout;
  };
  /** The host under several names. */
  const inventoryOf = (names: readonly string[]): string => {
    const path = join(lab.dir, "names.ini");
    const ssh = `ansible_ssh_private_key_file=${lab.key} ansible_ssh_common_args='-o UserKnownHostsFile=${lab.knownHosts}'`;
    const at = `ansible_host=${lab.hosts[0]?.address} ansible_user=debian`;
    writeFileSync(path, names.map((name) => `${name} ${at} ${ssh}\n`).join(""));
    return path;
  };
  const traces = async (): Promise<readonly string[]> => tracesOf(await lab.changed("vm1"));
  /** Makes the host odd, which is then no change of a grant. */
  const odd = async (script: string): Promise<void> => {
    await root(script);
    await lab.mark();
  };

  beforeAll(async () => {
    lab = await startLab({ hosts: 1 });
    key = join(lab.dir, "support");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "support", "-f", key]);
  });
  afterAll(() => lab.stop());
  afterEach(async () => {
    if ((await root("ls /var/lib/latchkey 2>/dev/null || :")) !== "") await revoke();
  });

  it("A4, D6: refuses a name that somebody else's home, group or account has, and takes none of theirs away", async () => {
    await odd(`
      mkdir -p /home/homed/.ssh; echo stale >/home/homed/.ssh/authorized_keys
      groupadd grouped; gpasswd -a debian grouped; echo '%grouped ALL=(ALL) /bin/true' >/etc/sudoers.d/grouped
      useradd -m -c theirs taken`);
    const inventory = inventoryOf(["homed", "grouped", "taken"]);
    const user = ["-e", "support_user={{ inventory_hostname }}"];
    const keys = ["-e", JSON.stringify({ support_keys: [readFileSync(`${key}.pub`, "utf8").trim()] })];
    const granted = await latchkey(["run", "playbooks/grant.yml", "-i", inventory, ...user, ...keys]);
    expect(granted.stdout.match(/exists here that this playbook did not make/g)).toHaveLength(3);
    await latchkey(["run", "playbooks/revoke.yml", "-i", inventory, ...user]);
    expect(await traces()).toEqual([]);
    await root("rm -r /home/homed; groupdel grouped; rm /etc/sudoers.d/grouped; userdel -r taken");
  });

  it("D1, D2, D3, D8, D11: makes an account of its own, whatever the host's habits", async () => {
    await odd(`
      usermod -p '*' debian; echo 'UsePAM no' >/etc/ssh/sshd_config.d/00-odd.conf
      mkdir -p /etc/skel/.ssh; cp /home/debian/.ssh/authorized_keys /etc/skel/.ssh; echo 'exit 3' >/etc/skel/.profile
      sed -i 's/^PASS_MAX_DAYS.*/PASS_MAX_DAYS 1/' /etc/login.defs
      useradd -D -f 0
      ${reloadSshd}`);
    expect(await grant("-e", "support_shell=/bin/zsh-is-not-here")).toMatchObject({ code: 0 });
    expect(await login("sudo -n id -u; echo $0")).toBe("0\nsh");
    expect(await root("ls -A /home/support; cat /home/support/.ssh/authorized_keys | wc -l")).toBe(".ssh\n1");
    const uid = Number(await root("id -u support"));
    expect(uid).toBeGreaterThanOrEqual(60_706);
    expect(uid).toBeLessThanOrEqual(61_183);
    expect(await root("id -g support")).toBe(String(uid));
    expect(await root("getent shadow support | cut -d: -f5")).toBe("99999");
    await root("useradd next; [ $(id -u next) -lt 60000 ]; userdel next");
    expect(await revoke()).toMatchObject({ code: 0 });
    await root(`
      usermod -p '!' debian; rm -r /etc/ssh/sshd_config.d/00-odd.conf /etc/skel/.ssh /etc/skel/.profile
      useradd -D -f -1; sed -i 's/^PASS_MAX_DAYS.*/PASS_MAX_DAYS 99999/' /etc/login.defs
      ${reloadSshd}`);
  });

  it("C1: puts the keys where sshd reads them when told so", async () => {
    await odd(`
      mkdir -m 755 /etc/ssh/keys; cp /home/debian/.ssh/authorized_keys /etc/ssh/keys/debian; chmod 644 /etc/ssh/keys/debian
      echo 'AuthorizedKeysFile /etc/ssh/keys/%u' >/etc/ssh/sshd_config.d/00-odd.conf; ${reloadSshd}`);
    expect(await grant("-e", "support_key_file=/etc/ssh/keys/support")).toMatchObject({ code: 0 });
    expect(await login()).toBe("support");
    expect(await revoke()).toMatchObject({ code: 0 });
    expect(await login()).toBe("refused");
    expect(await traces()).toEqual([]);
    await root(`rm -r /etc/ssh/keys /etc/ssh/sshd_config.d/00-odd.conf; ${reloadSshd}`);
  });

  it("C9, D4, D12: repeats what sshd, PAM and the limits of the host say to a login", async () => {
    await odd("cp /etc/pam.d/sshd /root/sshd; cp /etc/security/access.conf /root/access");
    expect(await grant()).toMatchObject({ code: 0 });
    await root("echo 'support hard maxlogins 0' >/etc/security/limits.d/odd.conf");
    expect(await tried()).toMatch(/no command runs there: .*too many logins for 'support'/);
    await root(`rm /etc/security/limits.d/odd.conf
      printf 'Match User support\\nForceCommand echo no\\n' >/etc/ssh/sshd_config.d/00-odd.conf; ${reloadSshd}`);
    expect(await tried()).toContain("support is let in, but no command runs there");
    await root(`rm /etc/ssh/sshd_config.d/00-odd.conf; ${reloadSshd}
      sed -i '1i account required pam_access.so' /etc/pam.d/sshd; echo '- : support : ALL' >>/etc/security/access.conf`);
    expect(await tried()).toMatch(/refused the login/);
    expect(await revoke()).toMatchObject({ code: 0 });
    await root("mv /root/sshd /etc/pam.d/sshd; mv /root/access /etc/security/access.conf");
  });

  it("B7: loses no line where many write one file at once, and lets one grant work at a time", async () => {
    // The last versions of the account files are other ones than these.
    await odd("groupadd x; groupdel x; useradd x; userdel x");
    const names = Array.from({ length: 8 }, (_, index) => `w${index}`);
    const inventory = inventoryOf(names);
    const playbook = join(lab.dir, "many.yml");
    const blob = "AAAAC3NzaC1lZDI1NTE5AAAAIHRoZS1zdXBwb3J0LXRlYW0tcy1wdWJsaWMta2V5LTM";
    const line = `"ssh-ed25519 ${blob}{{ 'yz0123456789'[inventory_hostname[1] | int] }} {{ inventory_hostname }}"`;
    const task = `ansible.posix.authorized_key: { user: debian, path: /home/debian/.many, manage_dir: false, key: ${line} }`;
    writeFileSync(playbook, `- hosts: all\n  gather_facts: false\n  tasks:\n    - ${task}\n`);
    const many = await latchkey(["run", playbook, "-i", inventory, "-f", "8"]);
    expect(many, many.stdout).toMatchObject({ code: 0 });
    expect(await root("sed 's/.* //' /home/debian/.many | sort | tr '\\n' ' '; rm /home/debian/.many")).toBe(
      names.join(" "),
    );
    const both = await Promise.all(
      ["OPS-1", "OPS-2"].map((ticket) => on("grant", "--ticket", ticket, "--for", "4h", "--key", `${key}.pub`)),
    );
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const first = await root("ls -tr /var/lib/latchkey/grants/*/undo | head -n 1 | cut -d/ -f6");
    await on("revoke", "--grant", first);
    await on("revoke", "--ticket", "OPS-2");
    expect(await revoke()).toMatchObject({ code: 0 });
    expect(await traces()).toEqual([]);
  });

  it.runIf(existsSync("/usr/sbin/dropbear"))("C10: gives dropbear a key that it accepts", async () => {
    await odd("mkdir -p /etc/dropbear; mv $(command -v sshd) /root/sshd; dropbear -R -p 2222 >/dev/null 2>&1");
    const [host] = lab.hosts;
    const inventory = join(lab.dir, "dropbear.ini");
    writeFileSync(
      inventory,
      `vm1 ansible_host=${host?.address} ansible_port=2222 ansible_user=debian ansible_ssh_private_key_file=${lab.key}\n`,
    );
    const known = ["--host-keys", "off"];
    const granted = await latchkey(
      [
        "grant",
        "-i",
        inventory,
        ...known,
        "--ticket",
        "OPS-1",
        "--for",
        "4h",
        "--key",
        `${key}.pub`,
        "-e",
        "support_sources=203.0.113.7",
      ],
      environment(),
    );
    expect(granted, granted.stdout).toMatchObject({ code: 0 });
    expect(granted.stdout).toContain("not OpenSSH's sshd, so that keys get no options");
    expect(await root("cut -c 1-11 /home/support/.ssh/authorized_keys")).toBe("ssh-ed25519");
    expect(await tried(inventory, ...known)).toContain("ok: [vm1]");
    await latchkey(["revoke", "-i", inventory, ...known, "--ticket", "OPS-1"], environment());
    await root("pkill -x dropbear; mv /root/sshd /usr/sbin/sshd");
  });
});
