import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createSecret } from "../../src/transport/secret.ts";
import { createSshTransport } from "../../src/transport/ssh/create-ssh-transport.ts";
import type { ConnectionTarget, LoginTrial } from "../../src/transport/transport.ts";
import { type FakeBehaviour, type FakeServer, startFakeServer } from "./fake-server.ts";
import { target } from "./programs.ts";
import { makeKey } from "./sshd.ts";

const directory = mkdtempSync(join(tmpdir(), "latchkey-trial-"));
const servers: FakeServer[] = [];
let key: string;

beforeAll(() => {
  key = makeKey(directory, "key", ["-t", "ed25519", "-N", ""]);
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));
afterEach(async () => void (await Promise.all(servers.splice(0).map((server) => server.stop()))));

/** Tries once; tells what came of it, and how many connections that took. */
const tryOnce = async (
  behaviour: FakeBehaviour,
  options: Partial<ConnectionTarget> = { privateKeyFile: key },
): Promise<readonly [LoginTrial["is"], number]> => {
  const server = await startFakeServer(behaviour);
  servers.push(server);
  const given = { name: "web1", kind: "ssh", user: "sup", port: server.port, hostKeyPolicy: "off" } as const;
  const transport = createSshTransport({ handshakes: 1, homeDirectory: directory });
  const trial = await transport.tryLogin(target({ ...given, ...options }), new AbortController().signal);
  if (trial.is === "let-in") await trial.connection.close();
  return [trial.is, server.connections()];
};

describe("a login that is tried", () => {
  it("C11: is let in, or refused by a server that saw the key, at one attempt", async () => {
    expect(await tryOnce({})).toEqual(["let-in", 1]);
    expect(await tryOnce({ onAuth: (context) => context.reject() })).toEqual(["refused", 1]);
  });

  it("C11: shows one key, and never a password", async () => {
    const shown: string[] = [];
    const onAuth: FakeBehaviour["onAuth"] = (context) => {
      shown.push(context.method);
      context.reject(["publickey", "password", "keyboard-interactive"]);
    };
    expect(await tryOnce({ onAuth }, { privateKeyFile: key, password: createSecret("pa55") })).toEqual(["refused", 1]);
    expect(shown).toEqual(["publickey"]);
  });

  it("C11: proves nothing where the connection is lost before the server answers, and is not tried again", async () => {
    let socket: Socket | undefined;
    const onSocket: FakeBehaviour["onSocket"] = (one) => {
      socket = one;
      return "go on";
    };
    expect(await tryOnce({ onSocket, onAuth: () => socket?.destroy() })).toEqual(["unproven", 1]);
    const hangsUp: FakeBehaviour = {
      onSocket: (one) => {
        one.end();
        return "handled";
      },
    };
    expect(await tryOnce(hangsUp)).toEqual(["unproven", 1]);
  });

  it("proves nothing without a key, and asks nobody", async () => {
    expect(await tryOnce({}, { privateKeyFile: join(directory, "none") })).toEqual(["unproven", 0]);
    // There is no agent either.
    expect(await tryOnce({}, {})).toEqual(["unproven", 0]);
  });
});
