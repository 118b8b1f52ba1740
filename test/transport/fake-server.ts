import { generateKeyPairSync } from "node:crypto";
import { createServer, type AddressInfo, type Server as TcpServer, type Socket } from "node:net";
import ssh2, { type AuthContext, type Connection, type ServerChannel } from "ssh2";

/** An SSH server in this process that behaves as a test wants it: for what a real one does only by accident. */
export interface FakeServer {
  readonly port: number;
  /** How many TCP connections came. */
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
}

/** What a fake server does; everything that is left out works as usual, and nothing runs. */
export interface FakeBehaviour {
  readonly onSocket?: (socket: Socket, count: number) => "handled" | "go on";
  readonly onAuth?: (context: AuthContext) => void;
  readonly onExec?: (channel: ServerChannel, command: string, client: Connection) => void;
}

/** Starts one on a free port of 127.0.0.1. */
export const startFakeServer = async (behaviour: FakeBehaviour): Promise<FakeServer> => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const sockets = new Set<Socket>();
  let count = 0;
  const ssh = new ssh2.Server({ hostKeys: [privateKey.export({ type: "sec1", format: "pem" })] }, (client) => {
    client.on("error", () => {});
    client.on("authentication", (context) => (behaviour.onAuth ? behaviour.onAuth(context) : context.accept()));
    client.on("session", (accept) => {
      accept().on("exec", (acceptExec, _reject, info) => {
        const channel: ServerChannel = acceptExec();
        behaviour.onExec?.(channel, info.command, client);
      });
    });
  });
  const tcp: TcpServer = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    count += 1;
    if ((behaviour.onSocket?.(socket, count) ?? "go on") === "go on") ssh.injectSocket(socket);
  });
  await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
  const { port } = tcp.address() as AddressInfo;
  return {
    port,
    connections: () => count,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        tcp.close(() => resolve());
      }),
  };
};
