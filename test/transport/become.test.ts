import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createSecret } from "../../src/transport/secret.ts";
import { createSshTransport } from "../../src/transport/ssh/create-ssh-transport.ts";
import type { Connection, ConnectionTarget, Identity } from "../../src/transport/transport.ts";
import { processesWith } from "./processes.ts";
import { openCommand, patient, program, target } from "./programs.ts";
import { canRunSshd, makeKey, type Sshd, startSshd } from "./sshd.ts";

const PASSWORD = "c0rrect horse'$(x)";
const signal = new AbortController().signal;
const directory = mkdtempSync(join(tmpdir(), "latchkey-become-"));
const connections: Connection[] = [];
let sshd: Sshd;
let key: string;

/** Accounts: `asks` needs a password for sudo, `free` does not, `none` may not, `tty` has to have a terminal. */
const PREPARE = [
  "for u in asks free none tty; do useradd -M -N -d /tmp -s /bin/sh -p '*' lk-$u; done",
  'printf \'%s\\n\' "lk-asks:$LK_PASSWORD" "root:$LK_PASSWORD" | chpasswd',
  "echo 'lk-asks ALL=(ALL) ALL\nlk-free ALL=(ALL) NOPASSWD: ALL\nlk-tty ALL=(ALL) NOPASSWD: ALL\nDefaults:lk-tty requiretty' >/etc/sudoers.d/lk",
  "chmod 440 /etc/sudoers.d/lk",
  "echo 'permit lk-asks\npermit nopass lk-free' >/etc/doas.conf",
  "for s in fish csh; do useradd -M -N -d /tmp -s /usr/bin/$s -p '*' lk-$s; done",
  "echo 'lk-fish ALL=(ALL) NOPASSWD: ALL\nlk-csh ALL=(ALL) NOPASSWD: ALL' >>/etc/sudoers.d/lk",
].join("\n");

const connect = async (user: string, options: Partial<ConnectionTarget> = {}): Promise<Connection> => {
  const connected = await createSshTransport({ handshakes: 5, homeDirectory: directory }).connect(
    target({
      name: "web1",
      kind: "ssh",
      user,
      port: sshd.port,
      privateKeyFile: key,
      knownHostsFiles: [join(sshd.directory, "known_hosts")],
      ...options,
    }),
    signal,
  );
  if (!connected.ok) throw new Error(connected.error.message);
  connections.push(connected.value);
  return connected.value;
};

const run = async (connection: Connection, identity: Identity, command = "id -un") => {
  const session = await connection.session(identity, signal);
  if (!session.ok) return session.error;
  const result = await session.value.exec(openCommand(command), patient());
  return result.ok ? result.value.stdout : result.error;
};

const sudo = (user: string, password?: string, flags?: string): Identity => ({
  become: {
    method: "sudo",
    user,
    ...(password !== undefined && { password: createSecret(password) }),
    ...(flags !== undefined && { flags }),
  },
});

describe.runIf(canRunSshd)("becoming another user over a real OpenSSH server", () => {
  beforeAll(async () => {
    process.env["LK_PASSWORD"] = PASSWORD;
    key = makeKey(directory, "key", ["-t", "ed25519", "-N", ""]);
    sshd = await startSshd([readFileSync(`${key}.pub`, "utf8").trim()], ["PasswordAuthentication yes"], PREPARE);
    writeFileSync(join(sshd.directory, "known_hosts"), sshd.knownHosts);
  }, 60_000);
  afterEach(async () => {
    await Promise.all(connections.splice(0).map((connection) => connection.close()));
  });
  afterAll(async () => {
    delete process.env["LK_PASSWORD"];
    await sshd.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("logs in by password", async () => {
    const { privateKeyFile: _, ...base } = target({ kind: "ssh", user: "lk-asks", port: sshd.port });
    const withPassword = {
      ...base,
      password: createSecret(PASSWORD),
      knownHostsFiles: [join(sshd.directory, "known_hosts")],
    };
    const transport = createSshTransport({ handshakes: 5, homeDirectory: directory });
    const connected = await transport.connect(withPassword, signal);
    if (!connected.ok) throw new Error(connected.error.message);
    connections.push(connected.value);
    expect(await run(connected.value, {})).toBe("lk-asks\n");
    const refused = await transport.connect({ ...withPassword, password: createSecret("no") }, signal);
    expect(refused).toMatchObject({
      ok: false,
      error: { kind: "auth", message: expect.stringContaining("Shown: password") },
    });
  });

  it("uses sudo with a password, and shows it nowhere", async () => {
    const connection = await connect("lk-asks");
    expect(await run(connection, sudo("root", PASSWORD))).toBe("root\n");
    expect(await run(connection, sudo("root", PASSWORD), "sleep 0.1; env; ps axww -o args")).not.toContain("c0rrect");
    expect(processesWith("c0rrect")).toEqual([]);
    // The password was not left for the shell to read.
    const session = await connection.session(sudo("root", PASSWORD), signal);
    expect(session.ok && (await session.value.exec(program("lk_ok"), patient()))).toMatchObject({ ok: true });
  });

  it("never gives a password away that sudo does not ask for", async () => {
    const connection = await connect("lk-free");
    expect(await run(connection, sudo("root", PASSWORD), "cat; id -un")).toBe("root\n");
  });

  it("says at once that the password is wrong", async () => {
    const connection = await connect("lk-asks");
    const started = Date.now();
    expect(await run(connection, sudo("root", "wrong"))).toMatchObject({
      kind: "sudo",
      message: "sudo to root for lk-asks@web1: the become password is wrong.",
    });
    expect(Date.now() - started).toBeLessThan(4500);
    // Another attempt, with the right one, is not held to the first.
    expect(await run(connection, sudo("root", PASSWORD))).toBe("root\n");
  });

  it.each([
    ["a password is needed", "lk-asks", sudo("root"), /a password is needed, and none was given/, /-K/],
    ["the user may not", "lk-none", sudo("root", "guess"), /wrong|not allowed/, /./],
    ["there is no such user", "lk-free", sudo("nobody-here"), /no such user/, /become_user/],
    ["a terminal is wanted", "lk-tty", sudo("root"), /wants a terminal/, /requiretty/],
    ["sudo is told nonsense", "lk-free", sudo("root", undefined, "--nonsense"), /it said: .*nonsense/, /./],
  ])("says that %s", async (_what, user, identity, message, hint) => {
    const failure = await run(await connect(user), identity);
    expect(failure).toMatchObject({
      kind: "sudo",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it("takes the flags of the playbook in place of its own", async () => {
    const connection = await connect("lk-free");
    expect(await run(connection, sudo("root", undefined, "-n -i"), "pwd")).toBe("/root\n");
    expect(await run(await connect("lk-asks"), sudo("root", PASSWORD, "-H -S -n"), "echo $HOME")).toBe("/root\n");
  });

  it("uses su with a password, by standard input", async () => {
    const connection = await connect("lk-asks");
    const su = (password?: string): Identity => ({
      become: { method: "su", user: "root", ...(password !== undefined && { password: createSecret(password) }) },
    });
    expect(await run(connection, su(PASSWORD))).toBe("root\n");
    expect(await run(await connect("lk-asks"), su("wrong"))).toMatchObject({
      kind: "sudo",
      message: expect.stringContaining("wrong"),
    });
    expect(await run(await connect("lk-asks"), su())).toMatchObject({
      kind: "sudo",
      message: "su to root for lk-asks@web1: a password is needed, and none was given.",
    });
  });

  describe.runIf(existsSync("/usr/bin/doas"))("doas", () => {
    const doas = (password?: string): Identity => ({
      become: { method: "doas", user: "root", ...(password !== undefined && { password: createSecret(password) }) },
    });

    it("gives a shell without a password where it is allowed", async () => {
      expect(await run(await connect("lk-free"), doas())).toBe("root\n");
    });

    it("is answered on a terminal where it asks", async () => {
      const connection = await connect("lk-asks");
      expect(await run(connection, doas(PASSWORD), "id -un; printf 'a\\tb\\r\\n€'")).toBe("root\na\tb\r\n€");
      expect(await run(connection, doas(PASSWORD), `printf '${"0123456789".repeat(2000)}'`)).toBe(
        "0123456789".repeat(2000),
      );
      const session = await connection.session(doas(PASSWORD), signal);
      const result = session.ok && (await session.value.exec(openCommand("echo to stderr >&2; exit 3"), patient()));
      expect(result).toMatchObject({ ok: true, value: { fields: { rc: 3 }, stdout: "to stderr\n" } });
    });

    it("says that the password is wrong, or missing", async () => {
      expect(await run(await connect("lk-asks"), doas("wrong"))).toMatchObject({
        kind: "sudo",
        message: expect.stringMatching(/password is (?:missing or )?wrong/),
      });
      expect(await run(await connect("lk-asks"), doas())).toMatchObject({
        kind: "sudo",
        message: expect.stringMatching(/password/),
      });
    });
  });

  it.each(["fish", "csh"].filter((shell) => existsSync(`/usr/bin/${shell}`)))(
    "I1: does not mind that the login shell is %s",
    async (shell) => {
      const connection = await connect(`lk-${shell}`);
      expect(await run(connection, {}, "id -un")).toBe(`lk-${shell}\n`);
      expect(await run(connection, sudo("root"))).toBe("root\n");
      expect(await run(connection, sudo("root", "not asked for"))).toBe("root\n");
      expect(await run(connection, sudo("no'such user"))).toMatchObject({
        kind: "sudo",
        message: expect.stringMatching(/no such user/),
      });
    },
  );

  it("kills a step that runs as root by way of sudo with a password", async () => {
    const connection = await connect("lk-asks");
    const session = await connection.session(sudo("root", PASSWORD), signal);
    if (!session.ok) throw new Error(session.error.message);
    const nap = `301.${process.pid}`;
    const result = await session.value.exec(openCommand(`sleep ${nap}`), patient({ timeoutMs: 200 }));
    expect(result).toMatchObject({ ok: false, error: { kind: "timeout" } });
    expect(processesWith(nap)).toEqual([]);
    expect(await run(connection, sudo("root", PASSWORD))).toBe("root\n");
  });
});
