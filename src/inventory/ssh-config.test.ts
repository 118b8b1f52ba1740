import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connectionSettings } from "./connection.ts";
import { SshConfig } from "./ssh-config.ts";

describe("SshConfig", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "latchkey-ssh-config-"));
    mkdirSync(join(home, ".ssh", "more.d"), { recursive: true });
    vi.stubEnv("HOME", home);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });
  const write = (text: string, name = "config"): void => writeFileSync(join(home, ".ssh", name), text, { mode: 0o600 });
  const of = (host: string, user?: string) => {
    const found = new SshConfig().of({ host, user });
    return found.ok ? found.value : found.error;
  };

  it("takes the first value of each option, from every section that is about the host", () => {
    write(`
# a comment
Host web1 "web2"
  HostName 10.0.0.1
  Port=2222
Host web* !web3
  User admin
  Port 22
  IdentityFile ~/.ssh/a
Match host 10.0.0.* user admin
  IdentityFile ~/.ssh/b
  IdentitiesOnly yes
Host *
  User nobody
  ForwardAgent yes
  StrictHostKeyChecking accept-new
`);
    expect(of("web1")).toEqual({
      hostName: "10.0.0.1",
      port: 2222,
      user: "admin",
      identityFiles: ["~/.ssh/a", "~/.ssh/b"],
      identitiesOnly: true,
      hostKeyPolicy: "accept-new",
    });
    expect(of("web3")).toMatchObject({ user: "nobody", identityFiles: [] });
    expect(of("WEB9")).toMatchObject({ user: "admin", port: 22, identityFiles: ["~/.ssh/a"] });
  });

  it("reads included files in the place of the line, for the hosts of their section alone", () => {
    write("Host web1\n  Include more.d/*.conf\nHost *\n  Port 22\n");
    write("User first\nHost db1\n  Port 1\n", "more.d/1.conf");
    write("User second\nPort 2200\n", "more.d/2.conf");
    expect(of("web1")).toMatchObject({ user: "first", port: 2200 });
    expect(of("db1")).toEqual({ port: 22, identityFiles: [] });
    write("Include config\n");
    expect(of("web1")).toContain(`${home}/.ssh/config:1: files include each other more than 16 deep`);
  });

  it("knows the criteria of Match", () => {
    write(`Match originalhost web1 localuser ${userInfo().username} !user root
  Port 1
IdentityFile ~/.ssh/one
Match final all
  Port 3
  ProxyJump none
Match canonical
  User canonical
Match all
  Port 2
`);
    expect(of("web1", "admin")).toEqual({ port: 1, way: { kind: "none" }, identityFiles: ["~/.ssh/one"] });
    expect(of("web1", "root")).toMatchObject({ port: 2 });
    write("Match tagged a\n  Port 1\n");
    expect(of("web1")).toBe(`${home}/.ssh/config:1: Match tagged is not supported here`);
  });

  it("asks commands, once each, with what is known of the host", () => {
    write(`Match host web* exec "echo %h-%r >>${home}/asked; [ %h = web1 ]"
  Port 1
Match !exec false user root
  Port 2
`);
    const config = new SshConfig();
    const portOf = (host: string): unknown => {
      const found = config.of({ host, user: "root" });
      return found.ok ? found.value.port : found.error;
    };
    expect([portOf("web1"), portOf("web1"), portOf("web2"), portOf("db"), portOf("$(id)")]).toEqual([1, 1, 2, 2, 2]);
    expect(readFileSync(join(home, "asked"), "utf8")).toBe("web1-root\nweb2-root\n");
  });

  it("says what is wrong, and where", () => {
    write("Host *\n  Port ssh\n");
    expect(of("web1")).toBe(`${home}/.ssh/config:2: "ssh" is not a port: expected a number from 1 to 65535`);
    chmodSync(join(home, ".ssh", "config"), 0o666);
    expect(of("web1")).toContain("others may write it");
    expect(new SshConfig().of({ host: "a", user: undefined }, "/nowhere")).toEqual({
      ok: false,
      error: "/nowhere: there is no such file",
    });
  });

  it("is silent where nothing that is obeyed stands in it", () => {
    expect(new SshConfig().isSilent).toBe(true);
    write("Host *\n  SendEnv LANG\n  Include more.d/*\n");
    expect(new SshConfig().isSilent).toBe(true);
    write("User a\n", "more.d/a");
    expect(new SshConfig().isSilent).toBe(false);
  });

  it("gives way to variables, keywords and the command line, and says the way through jump hosts", () => {
    write(`Host web1
  HostName 10.0.0.1
  User configured
  Port 2222
  ProxyJump gate,admin@middle:2200
Host gate
  HostName gate.example.com
  IdentityFile ~/.ssh/%r-%n
  ProxyCommand nc -x %n %h %p
`);
    const settings = connectionSettings("web1", { ansible_user: "root" }, { port: 22 }, { sshConfig: new SshConfig() });
    const me = userInfo().username;
    expect(settings.ok && settings.value.target).toMatchObject({
      name: "web1",
      address: "10.0.0.1",
      user: "root",
      port: 22,
      via: {
        kind: "jump",
        host: {
          name: "middle",
          address: "middle",
          user: "admin",
          port: 2200,
          via: {
            kind: "jump",
            host: {
              name: "gate",
              address: "gate.example.com",
              user: me,
              port: 22,
              identityFiles: [`${home}/.ssh/${me}-gate`],
              via: { kind: "command", command: "nc -x gate gate.example.com 22" },
            },
          },
        },
      },
    });
    const direct = connectionSettings(
      "web1",
      { ansible_ssh_common_args: "-o ProxyJump=none" },
      {},
      { sshConfig: new SshConfig() },
    );
    expect(direct.ok && direct.value.target).toMatchObject({ user: "configured", port: 2222 });
    expect(direct.ok && direct.value.target.via).toBeUndefined();
    write("Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n");
    expect(connectionSettings("a", {}, {}, { sshConfig: new SshConfig() })).toEqual({
      ok: false,
      error: "ProxyJump: the way to b through a leads back to itself",
    });
  });
});
