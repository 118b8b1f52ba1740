import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Connection as ServerConnection, ServerChannel } from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import { createSecret } from "../../src/transport/secret.ts";
import { createSshTransport } from "../../src/transport/ssh/create-ssh-transport.ts";
import type { Connection, ConnectionTarget } from "../../src/transport/transport.ts";
import { type FakeBehaviour, type FakeServer, startFakeServer } from "./fake-server.ts";
import { openCommand, patient, target } from "./programs.ts";

const signal = new AbortController().signal;
const servers: FakeServer[] = [];
const connections: Connection[] = [];

const serve = async (behaviour: FakeBehaviour): Promise<FakeServer> => {
  const server = await startFakeServer(behaviour);
  servers.push(server);
  return server;
};

const connect = async (server: FakeServer, options: Partial<ConnectionTarget> = {}) => {
  const connected = await createSshTransport({ handshakes: 5, homeDirectory: "/nonexistent" }).connect(
    target({
      name: "web1",
      kind: "ssh",
      user: "deploy",
      port: server.port,
      password: createSecret("pa55"),
      hostKeyPolicy: "off",
      ...options,
    }),
    signal,
  );
  if (connected.ok) connections.push(connected.value);
  return connected;
};

const run = async (connection: Connection, command: string) => {
  const session = await connection.session({}, signal);
  if (!session.ok) return session.error;
  const result = await session.value.exec(openCommand(command), patient());
  return result.ok ? result.value.stdout : result.error;
};

const connectAndRun = async (...args: Parameters<typeof connect>) => {
  const connected = await connect(...args);
  return connected.ok ? run(connected.value, "echo in") : connected.error;
};

/** A real shell behind a fake server. */
const shell = (channel: ServerChannel): void => {
  const child = spawn("sh", [], { stdio: ["pipe", "pipe", "pipe"] });
  channel.pipe(child.stdin);
  child.stdin.on("error", () => {});
  child.stdout.on("data", (chunk: Buffer) => channel.write(chunk));
  child.stderr.on("data", (chunk: Buffer) => channel.stderr.write(chunk));
  child.on("close", (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
};

/**
 * Sends RST. The socket's own method sends FIN first where it can, which is an orderly end; so looks one that
 * comes together with data.
 */
const reset = (socket: Socket): void => {
  const { _handle: handle } = socket as unknown as { _handle: { reset: (done: () => void) => void } | null };
  handle?.reset(() => socket.destroy());
};

/** Does something when a program has arrived. */
const onProgram = (channel: ServerChannel, act: () => void): void => {
  let text = "";
  channel.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (text.includes("lk_frame end")) act();
  });
};

afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

describe("a connection that breaks", () => {
  it("is a failure when the server resets it during a command", async () => {
    let socket: Socket | undefined;
    const server = await serve({
      onSocket: (one) => {
        socket = one;
        return "go on";
      },
      onExec: (channel) => onProgram(channel, () => setTimeout(() => socket && reset(socket), 50)),
    });
    expect(await connectAndRun(server)).toMatchObject({
      kind: "unreachable",
      message: expect.stringMatching(/^The connection to deploy@web1 was lost: .*ECONNRESET/),
    });
  });

  it("is a failure when the server closes the channel without an exit status", async () => {
    const server = await serve({ onExec: (channel) => onProgram(channel, () => channel.close()) });
    expect(await connectAndRun(server)).toMatchObject({
      kind: "protocol",
      message: expect.stringContaining("closed without an exit status"),
    });
  });

  it("is a failure when the server ends it in order, in the middle", async () => {
    const server = await serve({
      onExec: (channel, _command, client: ServerConnection) => onProgram(channel, () => client.end()),
    });
    expect(await connectAndRun(server)).toMatchObject({
      kind: "unreachable",
      message: expect.stringContaining("deploy@web1"),
    });
  });

  it("answers every queued program", async () => {
    let socket: Socket | undefined;
    const server = await serve({
      onSocket: (one) => {
        socket = one;
        return "go on";
      },
      onExec: (channel) => onProgram(channel, () => socket?.destroy()),
    });
    const connected = await connect(server);
    if (!connected.ok) throw new Error(connected.error.message);
    const answers = await Promise.all(["a", "b", "c"].map((text) => run(connected.value, `echo ${text}`)));
    expect(answers).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ kind: "unreachable" })));
  });

  it("is found dead when the server falls silent", async () => {
    const server = await serve({
      onSocket: (socket) => {
        setTimeout(() => socket.pause(), 300);
        return "go on";
      },
      onExec: () => {},
    });
    const started = Date.now();
    expect(await connectAndRun(server, { idleTimeoutMs: 600, connectTimeoutMs: 20_000 })).toMatchObject({
      kind: "unreachable",
      message: expect.stringContaining("Keepalive timeout"),
    });
    expect(Date.now() - started).toBeLessThan(5000);
  });
});

describe("output", () => {
  it("is whole where characters are cut at any byte", async () => {
    const server = await serve({
      onExec: (channel) => {
        const child = spawn("sh", [], { stdio: ["pipe", "pipe", "pipe"] });
        channel.pipe(child.stdin);
        child.stdout.on("data", (chunk: Buffer) => {
          for (const byte of chunk) channel.write(Buffer.from([byte]));
        });
        child.stderr.on("data", (chunk: Buffer) => {
          for (const byte of chunk) channel.stderr.write(Buffer.from([byte]));
        });
      },
    });
    const connected = await connect(server);
    if (!connected.ok) throw new Error(connected.error.message);
    expect(await run(connected.value, "printf 'añ€😀z'")).toBe("añ€😀z");
  });

  it("of a chatty login does not disturb", async () => {
    const server = await serve({
      onExec: (channel) => {
        channel.write("Last login: yesterday\r\n\u001b[31mwelcome\u001b[0m\u001e\u001e1234 ready 0 3\n1\n");
        channel.stderr.write("bash: warning: setlocale\n");
        channel.write("x".repeat(100_000));
        shell(channel);
      },
    });
    expect(await connectAndRun(server)).toBe("in\n");
  });
});

describe("logging in", () => {
  it("names what was shown and what the server takes", async () => {
    const server = await serve({ onAuth: (context) => context.reject(["publickey", "hostbased"]) });
    expect(await connectAndRun(server)).toMatchObject({
      kind: "auth",
      message:
        `deploy@web1 (127.0.0.1:${server.port}) refused the login. Shown: password. ` +
        "The server takes: publickey, hostbased.",
    });
  });

  it("answers the server's own question with the password", async () => {
    const seen: string[] = [];
    const server = await serve({
      onAuth: (context) => {
        seen.push(context.method);
        if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
        context.prompt([{ prompt: "Password: ", echo: false }], (answers) =>
          answers[0] === "pa55" ? context.accept() : context.reject(["keyboard-interactive"]),
        );
      },
      onExec: shell,
    });
    expect(await connectAndRun(server)).toBe("in\n");
    expect(seen).toEqual(["password", "keyboard-interactive"]);
  });

  it("shows a wrong password once", async () => {
    const seen: string[] = [];
    const server = await serve({
      onAuth: (context) => {
        seen.push(context.method);
        context.reject(["password", "keyboard-interactive"]);
      },
    });
    expect(await connectAndRun(server)).toMatchObject({ kind: "auth" });
    expect(seen).toEqual(["password"]);
  });

  it("C11: retries a server that drops the connection before the handshake", async () => {
    const server = await serve({
      onSocket: (socket, count) => {
        if (count > 2) return "go on";
        socket.destroy();
        return "handled";
      },
      onExec: shell,
    });
    expect(await connectAndRun(server, { connectTimeoutMs: 10_000 })).toBe("in\n");
    expect(server.connections()).toBe(3);
  });

  it("gives up after three retries and names the usual causes", async () => {
    const server = await serve({
      onSocket: (socket) => {
        socket.end("Not allowed at this time\r\n");
        return "handled";
      },
    });
    const failure = await connectAndRun(server, { connectTimeoutMs: 10_000 });
    expect(failure).toMatchObject({ kind: "unreachable", hint: expect.stringContaining("MaxStartups") });
    expect(server.connections()).toBe(4);
  });

  it("does not retry longer than the connect time-out", async () => {
    const server = await serve({
      onSocket: (socket) => {
        socket.destroy();
        return "handled";
      },
    });
    const started = Date.now();
    expect(await connectAndRun(server, { connectTimeoutMs: 300 })).toMatchObject({ kind: "unreachable" });
    expect(Date.now() - started).toBeLessThan(600);
  });

  it("gives a silent server up at the connect time-out", async () => {
    const server = await serve({ onSocket: () => "handled" });
    const started = Date.now();
    expect(await connectAndRun(server, { connectTimeoutMs: 400 })).toMatchObject({
      kind: "timeout",
      message: expect.stringMatching(/within the connect time-out of 0\.4 s: .* it has said nothing/),
    });
    expect(Date.now() - started).toBeLessThan(1500);
  });

  it("gives a server up that never decides about a login", async () => {
    const server = await serve({ onAuth: () => {} });
    expect(await connectAndRun(server, { connectTimeoutMs: 400 })).toMatchObject({
      kind: "timeout",
      message: expect.stringContaining("the login was not finished"),
    });
  });

  it("is no SSH server at all", async () => {
    const server = await serve({
      onSocket: (socket) => {
        socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
        return "handled";
      },
    });
    expect(await connectAndRun(server, { connectTimeoutMs: 300 })).toMatchObject({ kind: "unreachable" });
  });

  it("ends at once when it is cancelled", async () => {
    const server = await serve({ onSocket: () => "handled" });
    const abort = new AbortController();
    const transport = createSshTransport({ handshakes: 1 });
    const options = target({
      kind: "ssh",
      port: server.port,
      password: createSecret("x"),
      privateKeyFile: "/nonexistent",
    });
    const { privateKeyFile: _, ...plain } = options;
    const first = transport.connect(plain, abort.signal);
    const waiting = transport.connect(plain, abort.signal);
    setTimeout(() => abort.abort(), 100);
    const started = Date.now();
    expect(await first).toMatchObject({ ok: false, error: { kind: "cancelled" } });
    expect(await waiting).toMatchObject({ ok: false, error: { kind: "cancelled" } });
    expect(Date.now() - started).toBeLessThan(1000);
    expect(server.connections()).toBe(1);
  });
});
