import type { Duplex } from "node:stream";
import type { Client, ClientChannel, PseudoTtyOptions } from "ssh2";
import type { Failure } from "../../util/failure.ts";
import type { Result } from "../../util/result.ts";
import { err, ok } from "../../util/result.ts";
import { quote } from "../../shell/quote.ts";
import type { Channel, ChannelEnd } from "../channel.ts";
import type { StartOptions } from "../host-connection.ts";
import { onAbort } from "../on-abort.ts";
import type { ConnectionTarget } from "../transport.ts";
import { placeOf } from "./connect-failure.ts";

/** How long a process may take to close its streams after it ended, in milliseconds: children of it may hold them. */
const CLOSE_GRACE_MS = 500;
/** How long the end of a connection is waited for, in milliseconds. */
const END_LIMIT_MS = 500;

/** What limits a request for a channel, and what is said where there is none. */
interface Asked {
  readonly limitMs: number;
  readonly signal: AbortSignal;
  readonly explain: (reason: string) => Failure;
}

/** One TCP connection with its channels. */
export class SshClient {
  readonly #client: Client;
  readonly #target: ConnectionTarget;
  #firstError: Error | undefined;
  #isClosed = false;

  /** Listens from the first moment: an error that nobody listens to would end the process. */
  constructor(client: Client, target: ConnectionTarget) {
    this.#client = client;
    this.#target = target;
    client.on("error", (error) => (this.#firstError ??= error));
    client.on("close", () => (this.#isClosed = true));
  }

  /** What went wrong first; undefined when the other side closed without a word. */
  get firstError(): Error | undefined {
    return this.#firstError;
  }

  /** Starts a process by way of the login shell, which may be any: the words are quoted as all of them read them. */
  start(words: readonly string[], { pty, signal }: StartOptions): Promise<Result<Channel, Failure>> {
    const command = words.map((word) => (/^[A-Za-z0-9_/.-]+$/.test(word) ? word : quote(word))).join(" ");
    const limitMs = this.#target.connectTimeoutMs;
    return this.#ask(
      (onAnswer) => this.#client.exec(command, pty ? { pty: TERMINAL } : {}, onAnswer),
      (channel) => this.#channel(channel, pty),
      { limitMs, signal, explain: (reason) => this.#noChannel(reason) },
    );
  }

  /** Opens a stream from this host on to another (RFC 4254, 7.2). */
  forward(to: ConnectionTarget, limitMs: number, signal: AbortSignal): Promise<Result<Duplex, Failure>> {
    return this.#ask<Duplex>(
      (onAnswer) => this.#client.forwardOut("127.0.0.1", 0, to.address, to.port, onAnswer),
      (channel) => channel,
      { limitMs, signal, explain: (reason) => this.#noWayOn(to, reason) },
    );
  }

  /** Calls back once the connection has ended, or at once where it has. */
  onClose(callback: () => void): void {
    if (this.#isClosed) callback();
    else this.#client.once("close", callback);
  }

  #ask<T>(
    ask: (onAnswer: (error: Error | undefined, channel: ClientChannel) => void) => void,
    take: (channel: ClientChannel) => T,
    { limitMs, signal, explain }: Asked,
  ): Promise<Result<T, Failure>> {
    return new Promise((resolve) => {
      let isDecided = false;
      const finish = (result: Result<T, Failure>): void => {
        clearTimeout(timer);
        stopListening();
        isDecided = true;
        resolve(result);
      };
      const timer = setTimeout(() => finish(err(explain(`no answer within ${limitMs / 1000} s`))), limitMs);
      const stopListening = onAbort(signal, () => finish(err(this.#cancelled())));
      if (signal.aborted) return finish(err(this.#cancelled()));
      try {
        ask((error, channel) => {
          if (error !== undefined) finish(err(explain(error.message)));
          // Too late: nobody waits for it any more.
          else if (isDecided) channel.destroy();
          else finish(ok(take(channel)));
        });
      } catch (error) {
        finish(err(explain(error instanceof Error ? error.message : String(error))));
      }
    });
  }

  /** Ends the connection: every shell on the other side reads the end of its input. */
  end(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#client.destroy();
        resolve();
      }, END_LIMIT_MS);
      this.#client.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      this.#client.end();
    });
  }

  #channel(channel: ClientChannel, merged: boolean): Channel {
    return {
      stdin: channel,
      stdout: channel,
      stderr: channel.stderr,
      merged,
      closed: this.#closed(channel),
      signal: (name) => {
        if (!this.#isClosed) channel.signal(name);
      },
      destroy: () => void channel.destroy(),
    };
  }

  #closed(channel: ClientChannel): Promise<ChannelEnd> {
    return new Promise((resolve) => {
      let end: ChannelEnd = {};
      channel.once("exit", (status: number | null, signal?: string) => {
        end = status === null ? { signal: signal ?? "a signal" } : { exitStatus: status };
        setTimeout(() => resolve(end), CLOSE_GRACE_MS).unref();
      });
      channel.once("close", () => {
        const hasStatus = end.exitStatus !== undefined || end.signal !== undefined;
        resolve(hasStatus || !this.#isClosed ? end : { lost: this.#lost() });
      });
    });
  }

  #cancelled(): Failure {
    return { kind: "cancelled", message: `Cancelled for ${this.#target.user}@${this.#target.name}.` };
  }

  #lost(): Failure {
    const { user, name } = this.#target;
    const why = this.#firstError === undefined ? "the server closed it without a word" : this.#firstError.message;
    return {
      kind: "unreachable",
      message: `The connection to ${user}@${name} was lost: ${why}.`,
      hint: "The host may have been restarted, or its network is gone. What was running there is not known to have ended.",
    };
  }

  #noWayOn(to: ConnectionTarget, reason: string): Failure {
    if (this.#isClosed) return this.#lost();
    const said = reason.replace(/^\(SSH\) Channel open failure: ?/, "");
    return {
      kind: "unreachable",
      message: `No connection to ${placeOf(to)} through ${this.#target.name}: ${said === "" ? "it was refused" : said}.`,
      hint: "Check the address as the jump host sees it, a firewall between them, and that its sshd allows forwarding (AllowTcpForwarding, PermitOpen).",
    };
  }

  #noChannel(reason: string): Failure {
    if (this.#isClosed) return this.#lost();
    const { user, name } = this.#target;
    return {
      kind: "protocol",
      message: `${user}@${name} gave no channel for a shell: ${reason}.`,
      hint: "sshd may limit the sessions of a connection (MaxSessions), or force a command.",
    };
  }
}

/** A terminal that echoes nothing, for a password. */
const TERMINAL: PseudoTtyOptions = { term: "dumb", modes: { ECHO: 0 } };
