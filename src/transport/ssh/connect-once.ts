import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { NodeSSH, type Config } from "node-ssh";
import type { ServerHostKeyAlgorithm } from "ssh2";
import type { Failure } from "../../util/failure.ts";
import type { Result } from "../../util/result.ts";
import { type AuthRecord, createAuthHandler } from "./auth-plan.ts";
import { type ConnectStage, type ConnectTrouble, explainConnect, isRefusal, mayBeBusy } from "./connect-failure.ts";
import type { Credential } from "./credentials.ts";
import { hearGreeting } from "./greeting.ts";
import { signAtOnce } from "./sign-at-once.ts";
import type { HostKeyVerdict } from "./host-key-check.ts";
import { SshClient } from "./ssh-client.ts";
import { onAbort } from "../on-abort.ts";
import type { ConnectionTarget } from "../transport.ts";

/** One attempt to log in. */
export interface ConnectAttempt {
  readonly target: ConnectionTarget;
  readonly credentials: readonly Credential[];
  readonly timeoutMs: number;
  readonly algorithms: readonly ServerHostKeyAlgorithm[] | undefined;
  readonly judge: (key: Buffer) => HostKeyVerdict;
  readonly signal: AbortSignal;
  /** Opens the way to a host that is not reached directly; absent means TCP. */
  readonly open?: WayOpener;
}

/** Opens the stream of bytes that the connection is made on, within a time in milliseconds. */
export type WayOpener = (timeoutMs: number, signal: AbortSignal) => Promise<Result<Duplex, Failure>>;

/** How it went. */
export type AttemptOutcome =
  | { readonly is: "connected"; readonly client: SshClient }
  | { readonly is: "failed"; readonly failure: Failure; readonly mayRetry: boolean; readonly isRefusal: boolean }
  | { readonly is: "other-key-type"; readonly types: readonly string[]; readonly key: Buffer };

/** Connects, checks the host key and logs in. */
export const connectOnce = async (attempt: ConnectAttempt): Promise<AttemptOutcome> => {
  const { target, signal } = attempt;
  if (signal.aborted) return cancelled(target);
  const auth: AuthRecord = { tried: [], offered: [] };
  let stage: ConnectStage = "tcp";
  let banner = "";
  let refusal: AttemptOutcome | undefined;
  const startedAt = performance.now();
  const way = attempt.open === undefined ? undefined : await attempt.open(attempt.timeoutMs, signal);
  if (signal.aborted) {
    if (way?.ok === true) way.value.destroy();
    return cancelled(target);
  }
  if (way?.ok === false) return { is: "failed", failure: way.error, mayRetry: false, isRefusal: false };
  const socket = way?.value ?? new Socket();
  socket.on("error", () => {});
  const greeting = hearGreeting(socket);
  if (socket instanceof Socket && way === undefined) socket.connect({ host: target.address, port: target.port });
  const leftMs = Math.max(Math.ceil(attempt.timeoutMs - (performance.now() - startedAt)), 1);
  const ssh = new NodeSSH();
  const connecting = ssh.connect({
    ...clientConfig(attempt, leftMs),
    sock: socket,
    authHandler: createAuthHandler(target.user, attempt.credentials, auth),
    hostVerifier: (key: Buffer) => {
      refusal = refusalOf(attempt.judge(key), key);
      return refusal === undefined;
    },
  });
  const client = ssh.connection;
  if (client === null)
    throw new Error("Internal error: node-ssh made no connection", { cause: await settled(connecting) });
  // Before anything else: a connection without a listener for its errors ends the process.
  const sshClient = new SshClient(client, target);
  client.on("connect", () => (stage = "handshake"));
  client.on("handshake", () => (stage = "authentication"));
  client.on("banner", (text) => (banner = text));
  client.setNoDelay(true);
  signAtOnce(client);
  const stopListening = onAbort(signal, () => void client.destroy());
  const thrown = await settled(connecting);
  stopListening();
  if (thrown === undefined && !signal.aborted) return { is: "connected", client: sshClient };
  client.destroy();
  if (signal.aborted) return cancelled(target);
  if (refusal !== undefined) return refusal;
  const trouble: ConnectTrouble = {
    target,
    stage,
    error: sshClient.firstError,
    auth,
    greeting: greeting(),
    banner,
  };
  return {
    is: "failed",
    failure: explainConnect(trouble),
    mayRetry: mayBeBusy(trouble),
    isRefusal: isRefusal(trouble),
  };
};

const clientConfig = ({ target, algorithms }: ConnectAttempt, leftMs: number): Config => ({
  username: target.user,
  readyTimeout: leftMs,
  agentForward: false,
  // The third unanswered question ends the connection.
  keepaliveInterval: target.idleTimeoutMs > 0 ? Math.max(Math.ceil(target.idleTimeoutMs / 3), 100) : 0,
  keepaliveCountMax: 2,
  ...(algorithms && { algorithms: { serverHostKey: [...algorithms] } }),
});

const refusalOf = (verdict: HostKeyVerdict, key: Buffer): AttemptOutcome | undefined => {
  switch (verdict.is) {
    case "accepted":
      return undefined;
    case "refused":
      return { is: "failed", failure: verdict.failure, mayRetry: false, isRefusal: false };
    case "other-type":
      return { is: "other-key-type", types: verdict.types, key };
  }
};

const cancelled = (target: ConnectionTarget): AttemptOutcome => ({
  is: "failed",
  failure: { kind: "cancelled", message: `The connection to ${target.user}@${target.name} was cancelled.` },
  mayRetry: false,
  isRefusal: false,
});

/** What a promise was rejected with; undefined when it was not. */
const settled = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error ?? new Error("no reason given"),
  );
