import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, LAB_SCRIPT, type LabOptions, runAsRoot, startLab, systemdMissing } from "../lab/lab.ts";
import { describeLab } from "./describe-lab.ts";

describeLab("a lab", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ hosts: 3 });
  });
  afterAll(() => lab.stop());

  it("lets the system's ssh in, with strict host keys, as an account that may use sudo", async () => {
    for (const host of lab.hosts) {
      expect(await lab.ssh(host.name, "id -un; sudo -n id -u")).toEqual({
        code: 0,
        stdout: "debian\n0\n",
        stderr: "",
      });
    }
  });

  it("refuses a key that it does not know", async () => {
    const stranger = `${lab.dir}/stranger`;
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", stranger]);
    const refused = await lab.ssh("vm1", "true", { key: stranger });
    expect(refused).toMatchObject({ code: 255 });
    expect(refused.stderr).toContain("Permission denied");
  });

  it("gives every host files and accounts of its own", async () => {
    await lab.exec("vm2", ["useradd", "-m", "other"]);
    expect((await lab.exec("vm2", ["id", "-un", "other"])).stdout).toBe("other\n");
    expect((await lab.exec("vm3", ["id", "-un", "other"])).code).toBe(1);
    expect(readFileSync("/etc/passwd", "utf8")).not.toContain("/home/other:");
  });

  it("runs a command in a host with its arguments as they are", async () => {
    const odd = ["a b", "$(id)", "'", "*", ""];
    const { stdout } = await lab.exec("vm1", ["printf", "<%s>", ...odd]);
    expect(stdout).toBe(odd.map((each) => `<${each}>`).join(""));
  });

  it("hides the machine's own homes and keys", async () => {
    const homes = await lab.exec("vm1", ["ls", "-A", "/root", "/home"]);
    expect(homes.stdout).toBe("/home:\ndebian\n\n/root:\n");
  });

  describe("changed", () => {
    it("is empty after a mark", async () => {
      await lab.exec("vm2", ["sh", "-c", "echo x >/etc/before; rm -f /etc/motd"]);
      await lab.mark();
      expect(await lab.changed("vm2")).toEqual([]);
      expect(await lab.changed("vm2", { touched: true })).toEqual([]);
    });

    it("names each kind of difference, and nothing that is as before", async () => {
      await lab.exec("vm1", ["sh", "-c", "echo x >/etc/before; ln -s before /etc/link; echo 1 >/etc/number"]);
      await lab.mark();
      const script = [
        "rm /etc/before /etc/issue",
        "ln -sfn other /etc/link",
        "echo 2 >/etc/number",
        "chmod 600 /etc/group",
        "chown 1 /etc/shells",
        "printf '' >'/etc/odd name\nwith newline'",
        "cp -p /etc/login.defs /tmp/s && cat /tmp/s >/etc/login.defs && rm /tmp/s",
        "rm -r /etc/skel && mkdir /etc/skel",
      ];
      await lab.exec("vm1", ["sh", "-ec", script.join("\n")]);
      const changed = await lab.changed("vm1");
      expect(changed.filter((line) => !line.includes("/etc/skel"))).toEqual([
        "deleted /etc/before",
        "changed /etc/group",
        "deleted /etc/issue",
        "changed /etc/link",
        "changed /etc/number",
        "added /etc/odd name\\nwith newline",
        "changed /etc/shells",
      ]);
      expect(changed).toContain("deleted /etc/skel/.profile");
      expect(await lab.changed("vm1", { touched: true })).toContain("touched /etc/login.defs");
    });

    it("is empty again when everything is put back", async () => {
      await lab.mark();
      const script = "cp -a /etc/hosts /etc/h && echo >>/etc/hosts && mv /etc/h /etc/hosts; : >/tmp/x; rm /tmp/x";
      await lab.exec("vm3", ["sh", "-ec", script]);
      expect(await lab.changed("vm3")).toEqual([]);
    });
  });
});

describeLab("the end of a lab", () => {
  const systemd = { init: "systemd" } as const;
  // Where it is not permitted, systemd.test.ts says so.
  const withSystemd = systemdMissing() === undefined;

  const kinds: readonly Partial<LabOptions>[] = [{}, { mode: "chroots" }, ...(withSystemd ? [systemd] : [])];
  it.each(kinds)("leaves nothing behind (%j)", async (kind) => {
    const lab = await startLab({ hosts: 2, ...kind });
    const sleeping = lab.ssh("vm1", "sleep 1000");
    await lab.ssh("vm2", "nohup sleep 1000 >/dev/null 2>&1 &");
    expect(await traces(lab.dir)).not.toEqual([]);
    await lab.stop();
    expect((await sleeping).code).not.toBe(0);
    expect(await traces(lab.dir)).toEqual([]);
    expect(existsSync(lab.dir)).toBe(false);
    await lab.stop();
  });

  const moments = ["inventory.ini", "fs/hosts/5/linked", "fs/hosts/3", "lab.env", "fs/seed"].map((each) => [
    each,
    "sshd",
  ]);
  it.each([...moments, ...(withSystemd ? [["fs/hosts/3/run/systemd", "systemd"]] : [])])(
    "leaves nothing behind when it was killed while starting (at %s, with %s)",
    async (moment, init) => {
      const dir = join(mkdtempSync(join(tmpdir(), "latchkey-lab-")), "lab");
      const script = `
        sh "$1" up "$2" 5 --init "$4" >/dev/null 2>&1 & up=$!
        until [ -e "$2/$3" ]; do kill -0 "$up" || exit; done
        kill -9 "$up"
        sh "$1" down "$2"`;
      const result = await runAsRoot("sh", ["-c", script, "sh", LAB_SCRIPT, dir, moment ?? "", init ?? ""]);
      expect(result).toMatchObject({ code: 0, stdout: "" });
      expect(await traces(dir)).toEqual([]);
      rmdirSync(dirname(dir));
    },
  );

  it("leaves the other lab alone", async () => {
    const [stays, goes] = await Promise.all([startLab({ hosts: 1 }), startLab({ hosts: 1 })]);
    try {
      await goes.stop();
      expect(await stays.ssh("vm1", "hostname")).toMatchObject({ code: 0, stdout: "vm1\n" });
    } finally {
      await stays.stop();
    }
  });

  it("E6: asks for a password where sudo needs one", async () => {
    const lab = await startLab({ hosts: 1, userSudo: "password" });
    try {
      expect((await lab.ssh("vm1", "sudo -n true")).stderr).toContain("a password is required");
      const given = await lab.exec("vm1", [
        "su",
        "debian",
        "-c",
        `printf '%s\\n' ${lab.becomePassword ?? ""} | sudo -S -p '' id -u`,
      ]);
      expect(given.stdout).toBe("0\n");
    } finally {
      await lab.stop();
    }
  });
});

/** Every process, mount, link and cgroup that names this lab or its files. */
async function traces(dir: string): Promise<readonly string[]> {
  const script = `
    cut -d ' ' -f 2 /proc/mounts | grep -F "$1"
    grep -lsF "upperdir=$1/" /proc/[0-9]*/mountinfo
    find /proc/[0-9]*/root -maxdepth 0 -lname "$1/*" 2>/dev/null
    [ ! -e "$1" ] || echo "$1"
    sum=$(printf %s "$1" | cksum)
    find /sys/fs/cgroup -maxdepth 2 -name "latchkey-lab-\${sum%% *}"
    sum=$(printf '%08x' "\${sum%% *}" | sed 's/../:&/g')
    ip -o link | grep "02:4c$sum" || :`;
  const { stdout } = await runAsRoot("sh", ["-c", script, "sh", dir]);
  return stdout.split("\n").filter((line) => line !== "");
}
