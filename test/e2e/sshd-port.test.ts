import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type CommandResult, type Lab, startLab } from "../lab/lab.ts";
import { bannerOf } from "./banner.ts";
import { describeLab } from "./describe-lab.ts";
import { latchkey, recapOf } from "./latchkey.ts";

/** A port more where sshd listens: added, confirmed over a new connection, and taken back by the host itself. */
describeLab("a port more for sshd", () => {
  let lab: Lab;
  const root = async (script: string): Promise<string> => (await lab.exec("vm1", ["sh", "-c", script])).stdout.trim();

  /** What says hello at a port of the host. */
  const banner = (port: number): Promise<string> => bannerOf(lab.hosts[0]?.address ?? "", port);

  const play = (task: string, vars = ""): Promise<CommandResult> => {
    const path = join(lab.dir, "port.yml");
    writeFileSync(path, `- hosts: all\n  gather_facts: false\n  become: true\n${vars}  tasks:\n${task}`);
    const environment = { XDG_STATE_HOME: join(lab.dir, "state") };
    return latchkey(["run", path, "-i", lab.inventory, "--diff"], environment);
  };
  const port = (options: string): string => `    - latchkey.access.sshd_port: { ${options} }\n`;
  const grantOf = (ticket: string): string =>
    `  vars:\n    latchkey_grant: { ticket: ${ticket}, owner: ops@example.com, expires: 4h }\n`;
  /** A step that a new connection has to carry. */
  const after = "    - ansible.builtin.ping: {}\n";

  beforeAll(async () => {
    lab = await startLab({ hosts: 1 });
  });
  beforeEach(() => lab.mark());
  afterAll(() => lab.stop());

  it("C6: answers on both ports, is left alone the second time, and is closed again", async () => {
    const first = await play(port("port: 2222") + after);
    expect(recapOf(first.stdout)).toMatchObject([{ ok: 2, changed: 1, failed: 0 }]);
    expect(first.stdout).toContain("+Port 2222");
    expect([await banner(22), await banner(2222)]).toEqual(["SSH-2.0-", "SSH-2.0-"]);
    expect(await lab.changed("vm1")).toContain("added /etc/ssh/sshd_config.d/00-latchkey-port.conf");
    expect(await root("ls -A /var/lib/latchkey 2>&1")).toContain("No such file");
    const second = await play(port("port: 2222"));
    expect(recapOf(second.stdout)).toMatchObject([{ ok: 1, changed: 0, failed: 0 }]);
    const removed = await play(port("port: 2222, state: absent"));
    expect(recapOf(removed.stdout)).toMatchObject([{ ok: 1, changed: 1, failed: 0 }]);
    expect([await banner(22), await banner(2222)]).toEqual(["SSH-2.0-", "nothing"]);
    expect(await lab.changed("vm1")).not.toContain("added /etc/ssh/sshd_config.d/00-latchkey-port.conf");
  });

  it("is taken back by the host where no new connection comes", async () => {
    // As long as it is to listen on another port, the host lets no new connection to port 22.
    await root(`mv /usr/sbin/sshd /usr/local/lib/sshd
      cat >/usr/sbin/sshd <<'END'
#!/bin/bash
case " $* " in
*" -t "* | *" -T "* | *" -R "*) ;;
*)
  if grep -qs 'Port 2222' /etc/ssh/sshd_config.d/*; then
    nft 'add table inet cut; add chain inet cut in { type filter hook input priority 0; };
      add rule inet cut in tcp dport 22 tcp flags & (syn | ack) == syn reject with tcp reset'
  else
    nft delete table inet cut
  fi 2>/dev/null
  ;;
esac
exec -a /usr/sbin/sshd /usr/local/lib/sshd "$@"
END
      chmod 755 /usr/sbin/sshd`);
    await lab.mark();
    const result = await play(port("port: 2222, confirm: 5"));
    expect(recapOf(result.stdout)).toMatchObject([{ ok: 0, failed: 1, unreachable: 0 }]);
    expect(result.stdout + result.stderr).toMatch(
      /no new connection came within 5 s .*has taken the change back by itself/,
    );
    expect(result.stdout + result.stderr).not.toContain("not been reached again");
    expect([await banner(22), await banner(2222)]).toEqual(["SSH-2.0-", "nothing"]);
    expect((await lab.changed("vm1")).filter((path) => !path.includes("/var/log/"))).toEqual([]);
    expect(await lab.ssh("vm1", "id -un")).toMatchObject({ code: 0 });
    await root("mv -f /usr/local/lib/sshd /usr/sbin/sshd; kill -HUP 1");
    await expect.poll(() => banner(22)).toBe("SSH-2.0-");
  });

  it("stays open for the grant that still needs it, and goes with the last one", async () => {
    const revoke = (ticket: string): Promise<CommandResult> =>
      latchkey(["revoke", "-i", lab.inventory, "--ticket", ticket], { XDG_STATE_HOME: join(lab.dir, "state") });
    for (const ticket of ["OPS-8", "OPS-9"])
      expect(await play(port("port: 2222"), grantOf(ticket))).toMatchObject({ code: 0 });
    expect(await revoke("OPS-8")).toMatchObject({ code: 0 });
    expect([await banner(22), await banner(2222)]).toEqual(["SSH-2.0-", "SSH-2.0-"]);
    expect(await revoke("OPS-9")).toMatchObject({ code: 0 });
    await expect.poll(() => banner(2222)).toBe("nothing");
    expect((await lab.changed("vm1")).filter((path) => !path.includes("/var/log/"))).toEqual([]);
  });

  it("is closed when its grant is taken back, with sshd's files byte for byte as they were", async () => {
    await root(
      "sed -i 's/^Include.*/Port 22/' /etc/ssh/sshd_config; printf 'Match User nobody\\nPermitTTY no' >>/etc/ssh/sshd_config",
    );
    await lab.mark();
    const sum = await root("sha1sum /etc/ssh/sshd_config; stat -c '%Y %a' /etc/ssh/sshd_config");
    const granted = await play(port("port: 2222") + after, grantOf("OPS-7"));
    expect(granted).toMatchObject({ code: 0 });
    expect([await banner(22), await banner(2222)]).toEqual(["SSH-2.0-", "SSH-2.0-"]);
    expect(await root("sha1sum /etc/ssh/sshd_config")).not.toContain(sum.slice(0, 40));
    const revoked = await latchkey(["revoke", "-i", lab.inventory, "--ticket", "OPS-7"], {
      XDG_STATE_HOME: join(lab.dir, "state"),
    });
    expect(revoked).toMatchObject({ code: 0 });
    await expect.poll(() => banner(2222)).toBe("nothing");
    expect(await banner(22)).toBe("SSH-2.0-");
    expect(await root("sha1sum /etc/ssh/sshd_config; stat -c '%Y %a' /etc/ssh/sshd_config")).toBe(sum);
    expect((await lab.changed("vm1")).filter((path) => !path.includes("/var/log/"))).toEqual([]);
  });
});
