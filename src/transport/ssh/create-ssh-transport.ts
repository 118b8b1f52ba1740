import { homedir } from "node:os";
import pLimit, { type LimitFunction } from "p-limit";
import type { Failure } from "../../util/failure.ts";
import type { Result } from "../../util/result.ts";
import { err, ok } from "../../util/result.ts";
import { HostConnection } from "../host-connection.ts";
import { onAbort } from "../on-abort.ts";
import type { Connection, ConnectionTarget, Transport } from "../transport.ts";
import { type ConnectAttempt, connectOnce } from "./connect-once.ts";
import { CredentialFinder } from "./credentials.ts";
import { checkHostKey, hasOtherTypes, hostKeyAlgorithms, knownKeyTypes } from "./host-key-check.ts";
import { KnownHosts } from "./known-hosts.ts";
import type { SshClient } from "./ssh-client.ts";

/** Settings of the way over SSH. */
export interface SshTransportOptions {
  /** How many logins may be under way at once; sessions are not counted. */
  readonly handshakes: number;
  /** Where the usual keys are; absent means the user's own. */
  readonly homeDirectory?: string;
  /** The socket of an agent (SSH_AUTH_SOCK); absent means none. */
  readonly agentSocket?: string;
}

/** How often a server that let the connection fall is asked again. */
const MOST_RETRIES = 3;
const FIRST_BACKOFF_MS = 250;

/** The way to hosts over SSH: one connection a host, host keys always checked, agents never forwarded. */
export const createSshTransport = (options: SshTransportOptions): Transport => {
  const handshakes = pLimit(options.handshakes);
  const finder = new CredentialFinder({
    homeDirectory: options.homeDirectory ?? homedir(),
    ...(options.agentSocket !== undefined && { agentSocket: options.agentSocket }),
  });
  const knownHosts = new KnownHosts();
  return {
    connect: async (target, signal): Promise<Result<Connection, Failure>> => {
      const credentials = await finder.find(target);
      if (!credentials.ok) return credentials;
      const files = await knownHosts.load(target.knownHostsFiles);
      const client = await logIn(handshakes, {
        target,
        signal,
        credentials: credentials.value,
        algorithms: hostKeyAlgorithms(knownKeyTypes(target, files)),
        judge: (key) => checkHostKey(key, target, files),
        otherTypes: (key) => hasOtherTypes(key, target, files),
      });
      return client.ok ? ok(hostConnection(client.value, target)) : client;
    },
  };
};

interface Login extends Omit<ConnectAttempt, "timeoutMs"> {
  /** Why a key of a type that nobody knows is refused. */
  readonly otherTypes: (key: Buffer) => Failure;
}

/** Tries until it is decided, within the connect time-out; waiting for a turn does not count. */
const logIn = async (handshakes: LimitFunction, login: Login): Promise<Result<SshClient, Failure>> => {
  let leftMs = login.target.connectTimeoutMs;
  let { algorithms } = login;
  for (let retries = 0; ; retries++) {
    const { outcome, tookMs } = await handshakes(async () => {
      const startedAt = performance.now();
      const result = await connectOnce({ ...login, algorithms, timeoutMs: Math.max(Math.ceil(leftMs), 1) });
      return { outcome: result, tookMs: performance.now() - startedAt };
    });
    leftMs -= tookMs;
    if (outcome.is === "connected") return ok(outcome.client);
    if (outcome.is === "other-key-type") {
      // Known by other types of keys: it is asked for those once, as ssh asks for them first.
      const better = hostKeyAlgorithms(outcome.types);
      if (better === undefined || better[0] === algorithms?.[0]) return err(login.otherTypes(outcome.key));
      algorithms = better;
      continue;
    }
    const backoffMs = FIRST_BACKOFF_MS * 2 ** retries * (0.5 + Math.random());
    if (!outcome.mayRetry || retries === MOST_RETRIES || backoffMs >= leftMs) return err(outcome.failure);
    leftMs -= backoffMs;
    await pause(backoffMs, login.signal);
  }
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stopListening();
      resolve();
    };
    const timer = setTimeout(done, ms);
    const stopListening = onAbort(signal, done);
    if (signal.aborted) done();
  });

const hostConnection = (client: SshClient, target: ConnectionTarget): Connection =>
  new HostConnection({
    login: `${target.user}@${target.name}`,
    shell: ["/bin/sh"],
    connectTimeoutMs: target.connectTimeoutMs,
    start: (words, options) => client.start(words, options),
    end: () => client.end(),
  });
