import { homedir, userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import type { PlainMap } from "../vars/value.ts";
import { type ConnectionDefaults, type ConnectionKeywords, connectionSettings } from "./connection.ts";

const settings = (vars: PlainMap, keywords: ConnectionKeywords = {}, defaults: ConnectionDefaults = {}) =>
  connectionSettings("web1", vars, keywords, defaults);

const target = (vars: PlainMap, keywords: ConnectionKeywords = {}, defaults: ConnectionDefaults = {}) => {
  const result = settings(vars, keywords, defaults);
  return result.ok ? result.value.target : result.error;
};

const become = (vars: PlainMap, keywords: ConnectionKeywords = {}, defaults: ConnectionDefaults = {}) => {
  const result = settings({ ansible_user: "debian", ...vars }, keywords, defaults);
  return result.ok ? result.value.become : result.error;
};

const me = userInfo().username;

describe("connectionSettings", () => {
  it("knows what to do when nothing is said", () => {
    expect(settings({})).toEqual({
      ok: true,
      value: {
        target: {
          name: "web1",
          kind: "ssh",
          address: "web1",
          port: 22,
          user: me,
          hostKeyPolicy: "strict",
          knownHostsFiles: [
            `${homedir()}/.ssh/known_hosts`,
            `${homedir()}/.ssh/known_hosts2`,
            "/etc/ssh/ssh_known_hosts",
            "/etc/ssh/ssh_known_hosts2",
          ],
          connectTimeoutMs: 10_000,
          idleTimeoutMs: 45_000,
        },
        retries: 0,
      },
    });
  });

  // The later of two names is what ansible-core 2.14 put on ssh's command line.
  it("obeys the variables, and of two names for one thing the ansible_ssh_ one", () => {
    expect(
      target({
        ansible_host: "10.0.0.1",
        ansible_ssh_host: "10.0.0.2",
        ansible_port: "2222",
        ansible_user: "a",
        ansible_ssh_user: "b",
        ansible_private_key_file: "~/k",
        ansible_password: 1234,
        ansible_private_key_passphrase: "pp",
        ansible_timeout: 5,
        ansible_ssh_timeout: "7",
      }),
    ).toMatchObject({
      address: "10.0.0.2",
      port: 2222,
      user: "b",
      privateKeyFile: `${homedir()}/k`,
      password: "1234",
      passphrase: "pp",
      connectTimeoutMs: 7000,
    });
  });

  it("prefers variables to keywords and keywords to the command line", () => {
    const defaults = {
      user: "cli",
      privateKeyFile: "cli.key",
      timeoutSeconds: 3,
      password: "cli",
      connection: "local",
    };
    const keywords = { remoteUser: "play", port: 23, connection: "ssh" };
    expect(target({}, {}, { ...defaults, connection: "ssh" })).toMatchObject({
      user: "cli",
      privateKeyFile: "cli.key",
      connectTimeoutMs: 3000,
      password: "cli",
    });
    expect(target({}, keywords, defaults)).toMatchObject({ kind: "ssh", user: "play", port: 23 });
    expect(target({ ansible_user: "var", ansible_port: 24 }, keywords, defaults)).toMatchObject({
      user: "var",
      port: 24,
    });
    expect(target({ ansible_connection: "local" }, keywords, defaults)).toMatchObject({ kind: "local", user: me });
  });

  it.each<[PlainMap, ConnectionDefaults, string]>([
    [{}, {}, "strict"],
    [{}, { hostKeyPolicy: "accept-new" }, "accept-new"],
    [{ ansible_host_key_checking: false }, { hostKeyPolicy: "strict" }, "off"],
    [{ ansible_ssh_host_key_checking: "no" }, {}, "off"],
    [{ ansible_host_key_checking: "yes" }, { hostKeyPolicy: "accept-new" }, "accept-new"],
    [{ ansible_ssh_common_args: "-o StrictHostKeyChecking=accept-new" }, {}, "accept-new"],
    [{ ansible_ssh_common_args: "-o StrictHostKeyChecking=yes", ansible_host_key_checking: false }, {}, "off"],
    [{ ansible_ssh_args: "-o StrictHostKeyChecking=yes", ansible_host_key_checking: false }, {}, "strict"],
    [{}, { sshCommonArgs: "-oStrictHostKeyChecking=no" }, "off"],
    [{ latchkey_host_key_policy: "strict", ansible_host_key_checking: false }, {}, "strict"],
  ])("checks host keys with %j and %j as %s", (vars, defaults, hostKeyPolicy) => {
    expect(target(vars, {}, defaults)).toMatchObject({ hostKeyPolicy });
  });

  it("reads the options of ssh that it obeys", () => {
    const args =
      "-C -o ControlMaster=auto -o 'UserKnownHostsFile=~/kh /tmp/kh2' -o GlobalKnownHostsFile=none -o ConnectTimeout=4 " +
      '-o ServerAliveInterval=5 -oServerAliveCountMax=2 -p 2200 -l ops -i "my key" -o IdentitiesOnly=yes -o "Port 99"';
    expect(target({ ansible_ssh_extra_args: args })).toMatchObject({
      knownHostsFiles: [`${homedir()}/kh`, "/tmp/kh2"],
      connectTimeoutMs: 4000,
      idleTimeoutMs: 10_000,
      port: 2200,
      user: "ops",
      privateKeyFile: "my key",
    });
    expect(target({ ansible_ssh_extra_args: args, ansible_user: "u", ansible_port: 1 })).toMatchObject({
      user: "u",
      port: 1,
    });
  });

  it.each<[PlainMap, string]>([
    [{ ansible_connection: "docker" }, 'ansible_connection "docker" is not supported here; expected one of local, ssh'],
    [{ ansible_port: "x" }, 'ansible_port "x" is not a port: expected a number from 1 to 65535'],
    [{ ansible_host: "-oProxyCommand=id" }, 'ansible_host: the address "-oProxyCommand=id" begins with "-"'],
    [{ ansible_user: "-l" }, 'ansible_user "-l" cannot be the name of a user'],
    [
      { ansible_ssh_common_args: "-J bastion:ssh" },
      'ansible_ssh_common_args: ProxyJump: "bastion:ssh" is no jump host: expected [USER@]HOST[:PORT] ("ssh" is not a port',
    ],
    [{ ansible_ssh_common_args: "-J a,@b" }, 'ProxyJump: "@b" is no jump host: expected [USER@]HOST[:PORT]'],
    [
      { ansible_host: "h", ansible_user: "u", ansible_ssh_common_args: "-J a,u@h" },
      "ProxyJump: the way to h through h leads back to itself",
    ],
    [{ ansible_user: "$(id)", ansible_ssh_args: "-o ProxyCommand='nc %h'" }, 'ProxyCommand: "$(id)" cannot be given'],
    [
      { ansible_ssh_extra_args: "-o ForwardAgent=yes" },
      "ansible_ssh_extra_args: the ssh option ForwardAgent=yes is not supported here",
    ],
    [{ ansible_ssh_extra_args: "bastion" }, 'ansible_ssh_extra_args: the ssh argument "bastion" is not supported here'],
    [{ ansible_ssh_extra_args: "-o" }, "ansible_ssh_extra_args: the ssh argument -o needs a value"],
    [{ ansible_ssh_extra_args: "'x" }, /cannot be split into words/.source],
    [{ ansible_ssh_timeout: "soon" }, 'ansible_timeout "soon" is not a whole number'],
    [{ ansible_host_key_checking: "perhaps" }, 'ansible_host_key_checking "perhaps" is neither true nor false'],
    [{ latchkey_host_key_policy: "lax" }, 'latchkey_host_key_policy "lax": expected one of accept-new, off, strict'],
    [{ ansible_become: true, ansible_become_method: "pbrun" }, /become_method "pbrun" is not supported here/.source],
    [{ ansible_become: true, ansible_become_user: "-s" }, 'become_user "-s" cannot be the name of a user'],
  ])("refuses %j by name", (vars, message) => {
    const result = settings(vars);
    expect(result.ok ? undefined : result.error).toContain(message);
  });
});

describe("become", () => {
  it("stays who logged in unless it is asked for", () => {
    expect(become({})).toBeUndefined();
    expect(become({ ansible_become: "no" }, { become: true })).toBeUndefined();
    expect(become({}, { become: false }, { become: true })).toBeUndefined();
  });

  it("becomes root by sudo when nothing else is said", () => {
    expect(become({}, {}, { become: true })).toEqual({ method: "sudo", user: "root" });
    expect(become({ ansible_become: "yes" })).toEqual({ method: "sudo", user: "root" });
  });

  it("prefers variables to keywords and keywords to the command line", () => {
    const defaults = { becomeUser: "c", becomeMethod: "su", becomePassword: "pc" };
    const keywords = { become: true, becomeUser: "k", becomeMethod: "doas", becomeFlags: "-n" };
    expect(become({}, { become: true }, defaults)).toEqual({ method: "su", user: "c", password: "pc" });
    expect(become({}, keywords, defaults)).toEqual({ method: "doas", user: "k", password: "pc", flags: "-n" });
    const vars = {
      ansible_become_user: "v",
      ansible_become_method: "sudo",
      ansible_become_password: "p1",
      ansible_become_pass: "p2",
      ansible_become_flags: "-H",
    };
    expect(become(vars, keywords, defaults)).toEqual({ method: "sudo", user: "v", password: "p2", flags: "-H" });
  });

  it("does not become who it is already", () => {
    expect(become({ ansible_become: true, ansible_become_user: "debian" })).toBeUndefined();
  });
});
