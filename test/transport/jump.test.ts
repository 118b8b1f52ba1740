import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createSshTransport } from "../../src/transport/ssh/create-ssh-transport.ts";
import type { Connection, ConnectionTarget, Transport } from "../../src/transport/transport.ts";
import { processesWith, until } from "./processes.ts";
import { openCommand, patient, target } from "./programs.ts";
import { canRunSshd, freePort, makeKey, type Sshd, startSshd } from "./sshd.ts";

const HOOK_LIMIT_MS = 60_000;

describe.runIf(canRunSshd)("the way to a host that is not reached directly", () => {
  const directory = mkdtempSync(join(tmpdir(), "latchkey-jump-"));
  const connections: Connection[] = [];
  const { signal } = new AbortController();
  let key: string;
  let knownHosts: string;
  let bastion: Sshd;
  let inner: Sshd;
  let closed: Sshd;
  let transport: Transport;

  const host = ({ port }: Sshd, options: Partial<ConnectionTarget> = {}): ConnectionTarget =>
    target({
      kind: "ssh",
      port,
      user: userInfo().username,
      privateKeyFile: key,
      knownHostsFiles: [knownHosts],
      ...options,
    });
  const through = (...hops: readonly ConnectionTarget[]): Pick<ConnectionTarget, "via"> =>
    hops.reduce<Pick<ConnectionTarget, "via">>((via, hop) => ({ via: { kind: "jump", host: { ...hop, ...via } } }), {});
  const connect = async (to: ConnectionTarget): Promise<string> => {
    const connected = await transport.connect(to, signal);
    if (!connected.ok) return connected.error.message;
    connections.push(connected.value);
    const session = await connected.value.session({}, signal);
    if (!session.ok) return session.error.message;
    const result = await session.value.exec(openCommand("echo in"), patient());
    return result.ok ? String(result.value.stdout) : result.error.message;
  };
  const count = (text: string, word: string): number => text.split(word).length - 1;

  beforeAll(async () => {
    key = makeKey(directory, "key", ["-t", "ed25519", "-N", ""]);
    const line = execFileSync("ssh-keygen", ["-yf", key], { encoding: "utf8" }).trim();
    [bastion, inner, closed] = await Promise.all([
      startSshd([line]),
      startSshd([line]),
      startSshd([line], ["AllowTcpForwarding no"]),
    ]);
    knownHosts = join(directory, "known_hosts");
    writeFileSync(knownHosts, bastion.knownHosts + inner.knownHosts + closed.knownHosts);
    transport = createSshTransport({ handshakes: 1, homeDirectory: directory });
  }, HOOK_LIMIT_MS);
  afterEach(async () => {
    await Promise.all(connections.splice(0).map((connection) => connection.close()));
  });
  afterAll(async () => {
    await Promise.all([bastion.stop(), inner.stop(), closed.stop()]);
    rmSync(directory, { recursive: true, force: true });
  });

  it("is one connection to a jump host for all behind it, which ends with the last of them", async () => {
    const before = count(bastion.log(), "Accepted publickey");
    const names = ["a", "b", "c"];
    const said = await Promise.all(names.map((name) => connect(host(inner, { name, ...through(host(bastion)) }))));
    expect(said).toEqual(["in\n", "in\n", "in\n"]);
    expect(count(bastion.log(), "Accepted publickey")).toBe(before + 1);
    const ended = count(bastion.log(), "Disconnected from user");
    await Promise.all(connections.splice(0, 2).map((connection) => connection.close()));
    expect(count(bastion.log(), "Disconnected from user")).toBe(ended);
    await connections.pop()?.close();
    await until(() => count(bastion.log(), "Disconnected from user") > ended, "the jump host is left");
  });

  it("goes through several jump hosts", async () => {
    expect(await connect(host(inner, through(host(bastion, { name: "outer" }), host(inner, { name: "middle" }))))).toBe(
      "in\n",
    );
  });

  it("tells what is wrong with the jump host, and never asks one again that refused", async () => {
    const unknown = host(bastion, { name: "gate", knownHostsFiles: [] });
    expect(await connect(host(inner, through(unknown)))).toMatch(
      /^The jump host: The host key of gate \(\[127\.0\.0\.1\]:\d+\) is not known/,
    );
    const stranger = makeKey(directory, "stranger", ["-t", "ed25519", "-N", ""]);
    const refused = host(bastion, { name: "gate", user: "root", privateKeyFile: stranger });
    const before = count(bastion.log(), "Connection from");
    for (const name of ["a", "b"]) {
      const said = await connect(host(inner, { name, via: { kind: "jump", host: { ...refused, name } } }));
      expect(said).toContain("refused the login");
    }
    expect(count(bastion.log(), "Connection from")).toBe(before + 1);
  });

  it("tells why there is no way on from the jump host", async () => {
    const port = await freePort();
    const nobody = host(inner, { name: "web1", port, ...through(host(bastion, { name: "gate" })) });
    expect(await connect(nobody)).toBe(
      `No connection to ${nobody.user}@web1 (127.0.0.1:${port}) through gate: Connection refused.`,
    );
    expect(await connect(host(inner, through(host(closed, { name: "gate" }))))).toMatch(
      /through gate: (?:open failed|administratively prohibited)/i,
    );
  });

  it("is given up with the last who wanted it", async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const { port } = mute.address() as AddressInfo;
    const gate = host(bastion, { name: "gate", port, connectTimeoutMs: 60_000 });
    const [first, second] = [new AbortController(), new AbortController()];
    const connecting = [first, second].map((one) => transport.connect(host(inner, through(gate)), one.signal));
    await until(() => sockets.length === 1, "the jump host is asked");
    first.abort();
    expect(await connecting[0]).toMatchObject({ ok: false, error: { kind: "cancelled" } });
    expect(sockets[0]?.readyState).toBe("open");
    second.abort();
    expect(await connecting[1]).toMatchObject({ ok: false, error: { kind: "cancelled" } });
    sockets[0]?.resume();
    await until(() => sockets[0]?.readyState !== "open", "the connection is closed");
    mute.close();
    for (const socket of sockets) socket.destroy();
  });

  it("is what a command says and hears", async () => {
    const ssh = `ssh -F none -i ${key} -o UserKnownHostsFile=${knownHosts} -p ${bastion.port} -W 127.0.0.1:${inner.port}`;
    const command = `${ssh} ${userInfo().username}@127.0.0.1`;
    expect(await connect(host(inner, { via: { kind: "command", command } }))).toBe("in\n");
    await Promise.all(connections.splice(0).map((connection) => connection.close()));
    await until(() => processesWith(`-W 127.0.0.1:${inner.port}`).length === 0, "the command has ended");
  });

  it("ends where its command does, or says nothing in time", async () => {
    const failing = host(inner, { name: "web1", via: { kind: "command", command: "sh -c 'echo no way >&2; exit 3'" } });
    expect(await connect(failing)).toMatch(/web1 \(.*\) through its ProxyCommand: no way\.$/);
    const silent = host(inner, {
      via: { kind: "command", command: "tail -f /dev/null --pid=$$" },
      connectTimeoutMs: 200,
    });
    expect(await connect(silent)).toMatch(/through its ProxyCommand: nothing came through it within 0\.2 s\.$/);
    await until(() => processesWith("tail -f /dev/null --pid").length === 0, "the command has ended");
  });
});
