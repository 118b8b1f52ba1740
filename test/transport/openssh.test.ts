import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createSecret } from "../../src/transport/secret.ts";
import { createSshTransport, type SshTransportOptions } from "../../src/transport/ssh/create-ssh-transport.ts";
import type { Connection, ConnectionTarget, Identity } from "../../src/transport/transport.ts";
import { processesWith, until } from "./processes.ts";
import { openCommand, patient, program, target } from "./programs.ts";
import { canRunSshd, freePort, makeKey, type Sshd, startSshd } from "./sshd.ts";

/** Making keys takes seconds where the machine is busy. */
const HOOK_LIMIT_MS = 60_000;

const signal = new AbortController().signal;
const directory = mkdtempSync(join(tmpdir(), "latchkey-ssh-"));
const user = userInfo().username;
const connections: Connection[] = [];
let sshd: Sshd;
let key: string;
let knownHosts: string;

const host = (options: Partial<ConnectionTarget> = {}): ConnectionTarget =>
  target({
    name: "web1",
    kind: "ssh",
    port: sshd.port,
    user,
    privateKeyFile: key,
    knownHostsFiles: [knownHosts],
    ...options,
  });

const connect = async (options: Partial<ConnectionTarget> = {}, settings: Partial<SshTransportOptions> = {}) => {
  const transport = createSshTransport({ handshakes: 10, homeDirectory: directory, ...settings });
  const connected = await transport.connect(host(options), signal);
  if (connected.ok) connections.push(connected.value);
  return connected;
};

/** Standard output of a command on a host; a failure as it is. */
const run = async (connection: Connection, command: string, identity: Identity = {}) => {
  const session = await connection.session(identity, signal);
  if (!session.ok) return session.error;
  const result = await session.value.exec(openCommand(command), patient());
  return result.ok ? result.value.stdout : result.error;
};

const connectAndRun = async (...args: Parameters<typeof connect>) => {
  const connected = await connect(...args);
  return connected.ok ? run(connected.value, "echo in") : connected.error;
};

const publicHalf = (path: string): string => readFileSync(`${path}.pub`, "utf8").trim();

describe.runIf(canRunSshd)("over a real OpenSSH server", () => {
  beforeAll(async () => {
    key = makeKey(directory, "key_ed25519", ["-t", "ed25519", "-N", ""]);
    makeKey(directory, "key_rsa", ["-t", "rsa", "-b", "2048", "-N", ""]);
    makeKey(directory, "key_rsa_pem", ["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", ""]);
    makeKey(directory, "key_ecdsa", ["-t", "ecdsa", "-N", ""]);
    makeKey(directory, "key_ecdsa_pem", ["-t", "ecdsa", "-m", "PEM", "-N", ""]);
    makeKey(directory, "key_pkcs8", ["-t", "rsa", "-b", "2048", "-m", "PKCS8", "-N", ""]);
    makeKey(directory, "key_locked", ["-t", "ed25519", "-N", "open sesame"]);
    makeKey(directory, "key_rsa_pem_locked", ["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "open sesame"]);
    makeKey(directory, "key_stranger", ["-t", "ed25519", "-N", ""]);
    const names = ["ed25519", "rsa", "rsa_pem", "ecdsa", "ecdsa_pem", "pkcs8", "locked", "rsa_pem_locked"];
    sshd = await startSshd(names.map((name) => publicHalf(join(directory, `key_${name}`))));
    knownHosts = join(directory, "known_hosts");
    writeFileSync(knownHosts, sshd.knownHosts);
  }, HOOK_LIMIT_MS);
  afterEach(async () => {
    await Promise.all(connections.splice(0).map((connection) => connection.close()));
  });
  afterAll(async () => {
    await sshd.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  describe("credentials", () => {
    it.each(["ed25519", "rsa", "rsa_pem", "ecdsa", "ecdsa_pem", "pkcs8"])("logs in with key_%s", async (name) => {
      expect(await connectAndRun({ privateKeyFile: join(directory, `key_${name}`) })).toBe("in\n");
    });

    it.each(["locked", "rsa_pem_locked"])("opens key_%s with its passphrase", async (name) => {
      const privateKeyFile = join(directory, `key_${name}`);
      expect(await connectAndRun({ privateKeyFile, passphrase: createSecret("open sesame") })).toBe("in\n");
      expect(await connectAndRun({ privateKeyFile, passphrase: createSecret("wrong") })).toMatchObject({
        kind: "auth",
        message: `The passphrase of the private key ${privateKeyFile} is wrong.`,
      });
      expect(await connectAndRun({ privateKeyFile })).toMatchObject({
        kind: "auth",
        message: `The private key ${privateKeyFile} is encrypted, and no passphrase was given.`,
      });
    });

    it("uses an agent, also for a key file that is encrypted", async () => {
      const agentSocket = join(directory, "agent");
      const agent = spawn("ssh-agent", ["-D", "-a", agentSocket], { stdio: "ignore" });
      try {
        const env = { ...process.env, SSH_AUTH_SOCK: agentSocket, SSH_ASKPASS_REQUIRE: "never" };
        const plain = join(directory, "key_plain_copy");
        copyFileSync(join(directory, "key_locked"), plain);
        chmodSync(plain, 0o600);
        execFileSync("ssh-keygen", ["-q", "-p", "-P", "open sesame", "-N", "", "-f", plain]);
        await until(() => {
          try {
            execFileSync("ssh-add", ["-q", plain], { env, stdio: "ignore" });
            return true;
          } catch {
            return false;
          }
        }, "ssh-agent answers");
        rmSync(plain);
        expect(await connectAndRun({ privateKeyFile: join(directory, "key_locked") }, { agentSocket })).toBe("in\n");
        const { privateKeyFile: _, ...withoutFile } = host();
        const transport = createSshTransport({ handshakes: 1, homeDirectory: directory, agentSocket });
        const connected = await transport.connect(withoutFile, signal);
        if (connected.ok) connections.push(connected.value);
        expect(connected.ok && (await run(connected.value, "echo ${SSH_AUTH_SOCK-none}"))).toBe("none\n");
      } finally {
        agent.kill();
      }
    });

    it("falls back to the usual files", async () => {
      const home = mkdtempSync(join(directory, "home-"));
      mkdirSync(join(home, ".ssh"));
      copyFileSync(join(directory, "key_rsa"), join(home, ".ssh", "id_rsa"));
      copyFileSync(join(directory, "key_stranger"), join(home, ".ssh", "id_ed25519"));
      const { privateKeyFile: _, ...withoutFile } = host();
      const connected = await createSshTransport({ handshakes: 1, homeDirectory: home }).connect(withoutFile, signal);
      if (connected.ok) connections.push(connected.value);
      expect(connected.ok && (await run(connected.value, "echo in"))).toBe("in\n");
    });

    it("names the user, the host and the keys when all are refused", async () => {
      const privateKeyFile = join(directory, "key_stranger");
      const failure = await connectAndRun({ privateKeyFile });
      expect(failure).toMatchObject({ kind: "auth" });
      expect(failure).toHaveProperty(
        "message",
        expect.stringContaining(`${user}@web1 (127.0.0.1:${sshd.port}) refused the login`),
      );
      expect(failure).toHaveProperty(
        "message",
        expect.stringMatching(/key_stranger \(ssh-ed25519 SHA256:\S+\)\. The server takes: publickey\./),
      );
    });

    it.each([
      ["a file that does not exist", "nowhere", "does not exist"],
      ["the public half", "key_ed25519.pub", "is a public key"],
      ["something else", "known_hosts", "is no private key that can be used"],
      ["a directory", ".", "cannot be read"],
    ])("refuses %s before it connects", async (_what, name, message) => {
      const privateKeyFile = join(directory, name);
      if (name === "known_hosts") chmodSync(privateKeyFile, 0o600);
      const failure = await connectAndRun({ privateKeyFile, port: 1 });
      expect(failure).toMatchObject({ kind: "auth", message: expect.stringContaining(message) });
    });

    it("refuses a key that others may read, as ssh does", async () => {
      const privateKeyFile = join(directory, "key_open");
      copyFileSync(key, privateKeyFile);
      chmodSync(privateKeyFile, 0o644);
      expect(await connectAndRun({ privateKeyFile })).toMatchObject({
        kind: "auth",
        message: expect.stringContaining("0644"),
      });
    });
  });

  describe("host keys", () => {
    const withKnownHosts = async (text: string, options: Partial<ConnectionTarget> = {}) => {
      const file = join(mkdtempSync(join(directory, "known-")), "known_hosts");
      writeFileSync(file, text);
      const answer = await connectAndRun({ knownHostsFiles: [file], ...options });
      return { answer, file, after: readFileSync(file, "utf8") };
    };
    const name = (): string => `[127.0.0.1]:${sshd.port}`;

    it("knows a host by a hashed name", async () => {
      const file = join(directory, "hashed");
      writeFileSync(file, sshd.knownHosts);
      execFileSync("ssh-keygen", ["-q", "-H", "-f", file], { stdio: "ignore" });
      const text = readFileSync(file, "utf8");
      expect(text).toMatch(/^\|1\|/);
      expect((await withKnownHosts(text)).answer).toBe("in\n");
    });

    it.each(["ecdsa", "rsa"] as const)("asks for the %s key where only that one is known", async (type) => {
      expect((await withKnownHosts(`${name()} ${sshd.hostKeys[type]}\n`)).answer).toBe("in\n");
    });

    it("asks again for the known type where the name is hashed", async () => {
      const file = join(directory, "hashed-rsa");
      writeFileSync(file, `${name()} ${sshd.hostKeys.rsa}\n`);
      execFileSync("ssh-keygen", ["-q", "-H", "-f", file], { stdio: "ignore" });
      expect((await withKnownHosts(readFileSync(file, "utf8"))).answer).toBe("in\n");
    });

    it("refuses an unknown host and shows its fingerprint", async () => {
      const { answer, after } = await withKnownHosts("");
      const shown = execFileSync("ssh-keygen", ["-lf", join(sshd.directory, "host_ed25519.pub")], {
        encoding: "utf8",
      }).split(" ")[1];
      expect(answer).toMatchObject({ kind: "host-key", message: expect.stringContaining(`ssh-ed25519 ${shown}`) });
      expect(after).toBe("");
    });

    it("writes a new key down with accept-new, and knows it from then on", async () => {
      const { answer, file, after } = await withKnownHosts("other ssh-ed25519 AAAA", { hostKeyPolicy: "accept-new" });
      expect(answer).toBe("in\n");
      expect(after).toBe(`other ssh-ed25519 AAAA\n${sshd.knownHosts}`);
      expect(await connectAndRun({ knownHostsFiles: [file] })).toBe("in\n");
      execFileSync("ssh-keygen", ["-F", name(), "-f", file]);
    });

    it("writes one line for hosts that come at the same time", async () => {
      const file = join(directory, "new", "known_hosts");
      const transport = createSshTransport({ handshakes: 5 });
      const connected = await Promise.all(
        [1, 2, 3].map(() => transport.connect(host({ knownHostsFiles: [file], hostKeyPolicy: "accept-new" }), signal)),
      );
      for (const one of connected) if (one.ok) connections.push(one.value);
      expect(connected.map((one) => one.ok)).toEqual([true, true, true]);
      expect(readFileSync(file, "utf8")).toBe(sshd.knownHosts);
    });

    it.each(["strict", "accept-new"] as const)("never goes on when the key has changed (%s)", async (hostKeyPolicy) => {
      const other = publicHalf(join(directory, "key_stranger")).split(" ").slice(0, 2).join(" ");
      const { answer, file, after } = await withKnownHosts(`# a comment\n${name()} ${other}\n`, { hostKeyPolicy });
      expect(answer).toMatchObject({
        kind: "host-key",
        hint: expect.stringContaining(`ssh-keygen -R '${name()}' -f '${file}'`),
      });
      expect(answer).toHaveProperty(
        "message",
        expect.stringMatching(
          /has changed: known is ssh-ed25519 SHA256:\S+ \(.*:2\), presented was ssh-ed25519 SHA256:/,
        ),
      );
      expect(after).toBe(`# a comment\n${name()} ${other}\n`);
    });

    it("refuses a host that is known by a type that it no longer has", async () => {
      const { answer } = await withKnownHosts(`${name()} ecdsa-sha2-nistp384 ${"A".repeat(40)}\n`, {
        hostKeyPolicy: "accept-new",
      });
      expect(answer).toMatchObject({
        kind: "host-key",
        message: expect.stringContaining("has changed: known is ecdsa-sha2-nistp384"),
      });
    });

    it("refuses a revoked key, also where it is known", async () => {
      const { answer } = await withKnownHosts(`${sshd.knownHosts}@revoked * ${sshd.hostKeys.ed25519}\n`);
      expect(answer).toMatchObject({ kind: "host-key", message: expect.stringMatching(/revoked at .*:2/) });
    });

    it("refuses a certificate authority by name", async () => {
      const { answer } = await withKnownHosts(`@cert-authority * ${sshd.hostKeys.rsa}\n`);
      expect(answer).toMatchObject({
        kind: "host-key",
        message: expect.stringContaining("certificate authorities are not supported"),
      });
    });

    it("asks nobody when the check is off", async () => {
      expect((await withKnownHosts("", { hostKeyPolicy: "off" })).answer).toBe("in\n");
    });

    it("knows a host at another port by the key of port 22", async () => {
      expect((await withKnownHosts(`127.0.0.1 ${sshd.hostKeys.ed25519}\n`)).answer).toBe("in\n");
    });
  });

  describe("sessions", () => {
    it("needs one connection for many programs and identities", async () => {
      const connected = await connect();
      if (!connected.ok) throw new Error(connected.error.message);
      const before = sshd.log().match(/Accepted publickey/g)?.length;
      const answers = await Promise.all([
        run(connected.value, "id -un"),
        run(connected.value, "id -un", { become: { method: "sudo", user: "nobody" } }),
        run(connected.value, "id -un; echo $HOME", { become: { method: "sudo", user: "root" } }),
        run(connected.value, "id -un", { become: { method: "su", user: "nobody", flags: "-s /bin/sh" } }),
      ]);
      expect(answers).toEqual([`${user}\n`, "nobody\n", "root\n/root\n", "nobody\n"]);
      expect(sshd.log().match(/Accepted publickey/g)?.length).toBe(before);
    });

    it("kills a step at its limit, over a second channel", async () => {
      const connected = await connect();
      if (!connected.ok) throw new Error(connected.error.message);
      const identity: Identity = { become: { method: "sudo", user: "nobody" } };
      const session = await connected.value.session(identity, signal);
      if (!session.ok) throw new Error(session.error.message);
      const nap = `300.${process.pid}7`;
      const result = await session.value.exec(openCommand(`trap '' TERM; sleep ${nap}`), patient({ timeoutMs: 200 }));
      expect(result).toMatchObject({ ok: false, error: { kind: "timeout" } });
      expect(processesWith(nap)).toEqual([]);
      expect(await run(connected.value, "echo alive", identity)).toBe("alive\n");
    });

    it("leaves no shell behind when it is closed", async () => {
      const connected = await connect();
      if (!connected.ok) throw new Error(connected.error.message);
      const shells = await Promise.all(
        [{}, { become: { method: "sudo" as const, user: "nobody" } }].map(async (identity) => {
          const session = await connected.value.session(identity, signal);
          const result = session.ok && (await session.value.exec(program('lk_i pid "$$"; lk_ok'), patient()));
          return `/proc/${String(result && result.ok && Number(result.value.fields["pid"]))}`;
        }),
      );
      expect(shells.map((shell) => existsSync(shell))).toEqual([true, true]);
      await connected.value.close();
      await until(() => !shells.some((shell) => existsSync(shell)), "the shells are gone");
    });

    it("leaves no process behind when it is closed in the middle", async () => {
      const connected = await connect();
      if (!connected.ok) throw new Error(connected.error.message);
      const nap = `300.${process.pid}8`;
      const running = run(connected.value, `sleep ${nap}`);
      await until(() => processesWith(`sleep ${nap}`).length > 0, "the step runs");
      await connected.value.close();
      expect(await running).toMatchObject({ kind: "cancelled" });
      expect(processesWith(nap)).toEqual([]);
    });

    it("says that the connection was lost", async () => {
      const connected = await connect();
      if (!connected.ok) throw new Error(connected.error.message);
      const failure = await run(connected.value, "kill -s KILL $(ps -o ppid= -p $(ps -o ppid= -p $PPID))");
      expect(failure).toMatchObject({ kind: "unreachable", message: expect.stringContaining(`${user}@web1`) });
    });

    it("carries output of any bytes and size", async () => {
      const connected = await connect();
      if (!connected.ok) throw new Error(connected.error.message);
      const session = await connected.value.session({}, signal);
      const result =
        session.ok &&
        (await session.value.exec(
          openCommand("head -c 3000000 /dev/zero | tr '\\0' a; printf '€\\377' >&2"),
          patient(),
        ));
      expect(result && result.ok && [result.value.stdout.length, result.value.stderr]).toEqual([3_000_000, "€\uFFFD"]);
    });

    it("carries a long program", async () => {
      const connected = await connect();
      if (!connected.ok) throw new Error(connected.error.message);
      const session = await connected.value.session({}, signal);
      const text = "x".repeat(5_000_000);
      const result =
        session.ok && (await session.value.exec(program(`v='${text}'; lk_i length "\${#v}"; lk_ok`), patient()));
      expect(result && result.ok && result.value.fields).toEqual({ length: 5_000_000 });
    });

    it("has no channel left when the server gives one only", async () => {
      const strict = await startSshd([publicHalf(key)], ["MaxSessions 1"]);
      try {
        const file = join(strict.directory, "known_hosts");
        writeFileSync(file, strict.knownHosts);
        const connected = await connect({ port: strict.port, knownHostsFiles: [file] });
        if (!connected.ok) throw new Error(connected.error.message);
        expect(await run(connected.value, "echo in")).toBe("in\n");
        expect(await run(connected.value, "echo in", { become: { method: "sudo", user: "root" } })).toMatchObject({
          kind: "protocol",
          hint: expect.stringContaining("MaxSessions"),
        });
        // Without a second channel nothing can be killed (sshd passes no signal on for root): it is not kept secret.
        const nap = `300.${process.pid}9`;
        const session = await connected.value.session({}, signal);
        const result =
          session.ok && (await session.value.exec(openCommand(`sleep ${nap}`), patient({ timeoutMs: 200 })));
        expect(result).toMatchObject({
          ok: false,
          error: { kind: "timeout", message: expect.stringContaining("may still run") },
        });
        for (const pid of processesWith(nap)) process.kill(pid);
      } finally {
        await strict.stop();
      }
    });
  });

  describe("trouble", () => {
    it("says that nothing listens", async () => {
      const failure = await connectAndRun({ port: await freePort() });
      expect(failure).toMatchObject({ kind: "unreachable", message: expect.stringContaining("connection refused") });
    });

    it("says that there is no such name", async () => {
      const failure = await connectAndRun({ address: "no-such-host.invalid" });
      expect(failure).toMatchObject({
        kind: "unreachable",
        message: expect.stringMatching(/no such name|name server/),
      });
    });

    it("I1: is refused by a login that is no shell", async () => {
      const strict = await startSshd([`command="echo not for you; exit 1" ${publicHalf(key)}`]);
      try {
        const file = join(strict.directory, "known_hosts");
        writeFileSync(file, strict.knownHosts);
        const failure = await connectAndRun({ port: strict.port, knownHostsFiles: [file] });
        expect(failure).toMatchObject({ kind: "protocol", message: expect.stringContaining("not for you") });
      } finally {
        await strict.stop();
      }
    });

    it("C11: gets all hosts in although the server drops connections under load", async () => {
      const busy = await startSshd([publicHalf(key)], ["MaxStartups 2:100:3"]);
      try {
        const file = join(busy.directory, "known_hosts");
        writeFileSync(file, busy.knownHosts);
        const transport = createSshTransport({ handshakes: 8 });
        const all = await Promise.all(
          Array.from({ length: 8 }, () =>
            transport.connect(host({ port: busy.port, knownHostsFiles: [file], connectTimeoutMs: 20_000 }), signal),
          ),
        );
        for (const one of all) if (one.ok) connections.push(one.value);
        expect(busy.log()).toMatch(/MaxStartups/);
        expect(all.map((one) => (one.ok ? "in" : one.error.message))).toEqual(Array.from({ length: 8 }, () => "in"));
      } finally {
        await busy.stop();
      }
    });
  });
});
