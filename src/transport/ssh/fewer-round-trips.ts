import type { Client, ClientChannel, ParsedKey } from "ssh2";

/*
 * Two shortcuts that the protocol allows and ssh2 does not offer. They reach into parts of ssh2 that its types do not
 * show; where those are not as expected, nothing is changed and a login costs two round trips more.
 */

/**
 * Logs in with a signature at once, instead of asking first whether a key would do (RFC 4252, 7: the question is
 * optional). Only for keys at hand: one of an agent may have to be confirmed by a person.
 */
export const signAtOnce = (client: Client): void => {
  const { _protocol: protocol } = client as unknown as Internals;
  const ask = protocol?.authPK;
  if (protocol === undefined || typeof ask !== "function") return;
  protocol.authPK = function (user, key, algorithm, sign) {
    ask.call(this, user, key, algorithm, sign ?? (key.isPrivateKey() ? signer(key, algorithm) : undefined));
  };
};

const signer =
  (key: ParsedKey, algorithm: string | undefined): Sign =>
  (data, send) => {
    const signature: Buffer | Error = key.sign(data, HASHES.get(algorithm ?? ""));
    if (signature instanceof Error) throw signature;
    send(signature);
  };

const HASHES = new Map([
  ["rsa-sha2-256", "sha256"],
  ["rsa-sha2-512", "sha512"],
]);

/**
 * Starts commands and tells of each when its request is on its way, not when it was answered: what is written to the
 * channel then waits on the other side for the command (RFC 4254, 6.5).
 */
export class EarlyExec {
  readonly #client: Client;
  readonly #waiting: { readonly command: string; readonly onSent: (channel: ClientChannel) => void }[] = [];

  constructor(client: Client) {
    this.#client = client;
    const { _protocol: protocol, _chanMgr: manager } = client as unknown as Internals;
    const send = protocol?.exec;
    if (protocol === undefined || typeof send !== "function") return;
    const waiting = this.#waiting;
    protocol.exec = function (id, command, wantReply) {
      send.call(this, id, command, wantReply);
      const channel = Object.values(manager?._channels ?? {}).find((one) => one.outgoing?.id === id);
      const index = waiting.findIndex((one) => one.command === command);
      if (channel !== undefined && index !== -1) waiting.splice(index, 1)[0]?.onSent(channel);
    };
  }

  /** As `client.exec`; `onSent` comes before `onAnswer`, or never. */
  start(
    command: string,
    onSent: (channel: ClientChannel) => void,
    onAnswer: (error: Error | undefined, channel: ClientChannel) => void,
  ): void {
    const entry = { command, onSent };
    this.#waiting.push(entry);
    this.#client.exec(command, (error, channel) => {
      const index = this.#waiting.indexOf(entry);
      if (index !== -1) this.#waiting.splice(index, 1);
      onAnswer(error, channel);
    });
  }
}

type Sign = (data: Buffer, send: (signature: Buffer) => void) => void;
type Exec = (this: unknown, channel: number, command: string, wantReply: boolean) => void;

/** The parts of ssh2 1.17 that are used here. */
interface Internals {
  readonly _protocol?: {
    authPK: (this: unknown, user: string, key: ParsedKey, algorithm?: string, sign?: Sign) => void;
    exec: Exec;
  };
  readonly _chanMgr?: {
    readonly _channels: Record<string, ClientChannel & { readonly outgoing?: { readonly id: number } }>;
  };
}
