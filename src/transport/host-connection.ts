import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Failure } from "../util/failure.ts";
import type { Result } from "../util/result.ts";
import { err, ok } from "../util/result.ts";
import { withoutComments } from "../shell/shell-function.ts";
import { answerPrompt } from "./answer-prompt.ts";
import { becomeCommand } from "./become-command.ts";
import { explainBecomeEnd, explainPromptEnd } from "./become-failure.ts";
import { type Channel, type ChannelEnd, describeEnd } from "./channel.ts";
import { ShellSession } from "./session.ts";
import { stopStep } from "./stop-step.ts";
import type { Connection, Identity, Session } from "./transport.ts";

/** How a process is started. */
export interface StartOptions {
  readonly pty: boolean;
  readonly signal: AbortSignal;
}

/** What a connection needs from the way to its host. */
export interface HostConnectionParts {
  /** `deploy@web1`: the login, for messages. */
  readonly login: string;
  /** The words of the command that is a shell of the login user. */
  readonly shell: readonly string[];
  /** How long a shell may take to be there, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Starts a process of the login user; with a terminal where asked. */
  readonly start: (words: readonly string[], options: StartOptions) => Promise<Result<Channel, Failure>>;
  /** Ends the connection; waits a bounded time. */
  readonly end: () => Promise<void>;
}

let prelude: string | undefined;

/** One host with its live shells, one for each identity that was asked for. */
export class HostConnection implements Connection {
  readonly #parts: HostConnectionParts;
  readonly #slots = new Map<string, Slot>();
  readonly #closing = new AbortController();

  constructor(parts: HostConnectionParts) {
    this.#parts = parts;
  }

  /** The live shell of an identity. One that failed or was given up is opened anew. */
  session(identity: Identity, signal: AbortSignal): Promise<Result<Session, Failure>> {
    const key = identityKey(identity);
    const before = this.#slots.get(key);
    if (before !== undefined && !before.failed && before.session?.isOver !== true) return before.opening;
    const either = AbortSignal.any([signal, this.#closing.signal]);
    setMaxListeners(0, signal, either);
    const slot: Slot = { failed: false, opening: this.#openSession(identity, either) };
    this.#slots.set(key, slot);
    void slot.opening.then((result) => {
      if (result.ok) slot.session = result.value;
      else slot.failed = true;
    });
    return slot.opening;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    await Promise.all(
      slots.map(async ({ opening }) => {
        const session = await opening;
        if (session.ok) await session.value.close();
      }),
    );
    await this.#parts.end();
  }

  async #openSession(identity: Identity, signal: AbortSignal): Promise<Result<ShellSession, Failure>> {
    if (signal.aborted) return err({ kind: "cancelled", message: `Cancelled for ${this.#parts.login}.` });
    const channel = await this.#openShell(identity, signal);
    if (!channel.ok) return channel;
    const { login, connectTimeoutMs } = this.#parts;
    const { become } = identity;
    prelude ??= withoutComments(new URL("../shell/prelude.sh", import.meta.url));
    const session = new ShellSession({
      channel: channel.value,
      label: become === undefined ? login : `${login} as ${become.user}`,
      prelude,
      readyTimeoutMs: connectTimeoutMs,
      stop: (request) => stopStep(() => this.#openShell(identity, AbortSignal.timeout(connectTimeoutMs)), request),
      explainEarlyEnd: (end, output) =>
        become === undefined ? noLoginShell(login, end, output) : explainBecomeEnd(become, login, end, output),
    });
    return ok(session);
  }

  async #openShell({ become }: Identity, signal: AbortSignal): Promise<Result<Channel, Failure>> {
    const { login, start, shell, connectTimeoutMs } = this.#parts;
    if (become === undefined) return start(shell, { pty: false, signal });
    const command = becomeCommand(become, randomBytes(8).toString("hex"));
    const channel = await start(command.words, { pty: command.needsPty, signal });
    if (!channel.ok || command.marker === undefined) return channel;
    return answerPrompt({
      channel: channel.value,
      command,
      password: become.password,
      timeoutMs: connectTimeoutMs,
      signal,
      explain: (reason) => explainPromptEnd(become, login, reason),
    });
  }
}

/** One identity: its shell while it is opened, and afterwards. */
interface Slot {
  readonly opening: Promise<Result<ShellSession, Failure>>;
  failed: boolean;
  session?: ShellSession;
}

const identityKey = ({ become }: Identity): string =>
  become === undefined ? "" : JSON.stringify([become.method, become.user, become.exe, become.flags]);

const noLoginShell = (login: string, end: ChannelEnd, output: string): Failure => {
  if (end.lost !== undefined) return end.lost;
  return {
    kind: "protocol",
    message: `No shell for ${login}: ${describeEnd(end)}${output === "" ? "." : `; it said: ${output}`}`,
    hint: "The login works, but the account's login shell does not run /bin/sh (nologin, a forced command), or a start-up file such as .bashrc ends it.",
  };
};
