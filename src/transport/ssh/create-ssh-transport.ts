import { homedir } from "node:os";
import pLimit, { type LimitFunction } from "p-limit";
import type { Failure } from "../../util/failure.ts";
import type { Result } from "../../util/result.ts";
import { err, ok } from "../../util/result.ts";
import { HostConnection } from "../host-connection.ts";
import { onAbort } from "../on-abort.ts";
import type { Connection, ConnectionTarget, LoginTrial, Transport } from "../transport.ts";
import { type AttemptOutcome, type ConnectAttempt, connectOnce } from "./connect-once.ts";
import { type Credential, CredentialFinder } from "./credentials.ts";
import { checkHostKey, hasOtherTypes, hostKeyAlgorithms, knownKeyTypes } from "./host-key-check.ts";
import { JumpHosts } from "./jump-hosts.ts";
import { KnownHosts } from "./known-hosts.ts";
import { openProxyCommand } from "./proxy-command.ts";
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

/** How often a host is asked again that is to do some work. */
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
  const jumpHosts = new JumpHosts((host, signal) => logInTo(host, signal));
  const logInTo = async (target: ConnectionTarget, signal: AbortSignal): Promise<Result<SshClient, Failure>> => {
    const credentials = await finder.find(target);
    if (!credentials.ok) return credentials;
    const outcome = await logInWith(credentials.value, MOST_RETRIES, { target, signal });
    return outcome.is === "connected" ? ok(outcome.client) : err(outcome.failure);
  };
  const logInWith = async (
    credentials: readonly Credential[],
    mostRetries: number,
    { target, signal }: Pick<ConnectAttempt, "target" | "signal">,
  ): Promise<LoginOutcome> => {
    // Before it is this host's turn: a jump host needs a turn of its own.
    const jump = target.via?.kind === "jump" ? await jumpHosts.hold(target.via.host, signal) : undefined;
    if (jump?.ok === false) return { is: "failed", failure: jump.error, mayRetry: false, isRefusal: false };
    const files = await knownHosts.load(target.knownHostsFiles);
    const outcome = await logIn(handshakes, {
      target,
      signal,
      credentials,
      mostRetries,
      algorithms: hostKeyAlgorithms(knownKeyTypes(target, files)),
      judge: (key) => checkHostKey(key, target, files),
      otherTypes: (key) => hasOtherTypes(key, target, files),
      ...wayTo(target, jump?.value.client),
    });
    if (outcome.is === "connected") outcome.client.onClose(() => jump?.value.release());
    else jump?.value.release();
    return outcome;
  };
  return {
    connect: async (target, signal): Promise<Result<Connection, Failure>> => {
      const client = await logInTo(target, signal);
      return client.ok ? ok(hostConnection(client.value, target)) : client;
    },
    tryLogin: async (target, signal): Promise<LoginTrial> => {
      const key = await finder.findOne(target);
      if (!key.ok) return { is: "unproven", failure: key.error };
      const outcome = await logInWith([key.value], 0, { target, signal });
      if (outcome.is === "connected") return { is: "let-in", connection: hostConnection(outcome.client, target) };
      return { is: outcome.isRefusal ? "refused" : "unproven", failure: outcome.failure };
    },
  };
};

const wayTo = (target: ConnectionTarget, jump: SshClient | undefined): Pick<ConnectAttempt, "open"> => {
  const { via } = target;
  if (via?.kind === "command") {
    return { open: (limitMs, signal) => openProxyCommand(via.command, target, limitMs, signal) };
  }
  return jump === undefined ? {} : { open: (limitMs, signal) => jump.forward(target, limitMs, signal) };
};

type LoginOutcome = Exclude<AttemptOutcome, { readonly is: "other-key-type" }>;

interface Login extends Omit<ConnectAttempt, "timeoutMs"> {
  /** How often a server that let the connection fall is asked again. */
  readonly mostRetries: number;
  /** Why a key of a type that nobody knows is refused. */
  readonly otherTypes: (key: Buffer) => Failure;
}

/** Tries until it is decided, within the connect time-out; waiting for a turn does not count. */
const logIn = async (handshakes: LimitFunction, login: Login): Promise<LoginOutcome> => {
  let leftMs = login.target.connectTimeoutMs;
  let { algorithms } = login;
  for (let retries = 0; ; retries++) {
    const { outcome, tookMs } = await handshakes(async () => {
      const startedAt = performance.now();
      const result = await connectOnce({ ...login, algorithms, timeoutMs: Math.max(Math.ceil(leftMs), 1) });
      return { outcome: result, tookMs: performance.now() - startedAt };
    });
    leftMs -= tookMs;
    if (outcome.is === "connected") return outcome;
    if (outcome.is === "other-key-type") {
      // Known by other types of keys: it is asked for those once, as ssh asks for them first.
      const better = hostKeyAlgorithms(outcome.types);
      if (better === undefined || better[0] === algorithms?.[0]) {
        return { is: "failed", failure: login.otherTypes(outcome.key), mayRetry: false, isRefusal: false };
      }
      algorithms = better;
      continue;
    }
    const backoffMs = FIRST_BACKOFF_MS * 2 ** retries * (0.5 + Math.random());
    if (!outcome.mayRetry || retries === login.mostRetries || backoffMs >= leftMs) return outcome;
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
